import { sql, type Selectable } from 'kysely';
import { accessAttributes, attributeText } from '../../core/access-event.ts';
import { partAttribute, type FieldEvent } from '../../core/field-event.ts';
import { logFieldEvents } from '../audit/entries.ts';
import { before, type ListPlace } from '../db/list-place.ts';
import { inChunks } from '../db/rows.ts';
import type { Database, Executor } from '../db/schema.ts';
import type { FieldEventTable } from '../db/schema/access.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

export type FieldEventRow = Selectable<FieldEventTable>;

interface FieldEventFilter {
  readonly site?: SiteFilter | undefined;
  /** Its id within the site. */
  readonly device?: string | undefined;
  readonly room?: string | undefined;
  /** The part of the device. */
  readonly door?: string | undefined;
  readonly kind?: string | undefined;
  readonly card?: string | undefined;
  readonly person?: string | undefined;
  /** Epoch ms; `to` is exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Of the last one shown. */
  readonly after?: ListPlace | undefined;
  readonly limit: number;
}

/** From the events that are new: further ones, and what is to be written with them. */
type Judge = (added: readonly FieldEvent[]) => {
  readonly found: readonly FieldEvent[];
  write(trx: Executor): Promise<void>;
};

/** The only place that knows how field events are stored. */
export interface FieldEventRepository {
  /**
   * Resolves, once they are durable, with those that were not there yet, and with what they are found to mean.
   * `judge` runs in the transaction, which stores what it finds.
   */
  add(events: readonly FieldEvent[], receivedAt: number, judge?: Judge): Promise<FieldEvent[]>;
  /** Newest first. */
  list(filter: FieldEventFilter): Promise<FieldEventRow[]>;
  /** Those that arrived more than `lateAfterMs` after they happened and are not judged yet, oldest first. */
  late(limit: number): Promise<FieldEventRow[]>;
  /** They are judged. */
  judged(ids: readonly string[], db: Executor): Promise<void>;
}

/** A printed log has no more events: about a hundred pages. */
export const mostPrinted = 5_000;

/** An event that arrives so long after it happened is judged on its own (`judgement/late`), also after a restart. */
export const lateAfterMs = 47 * 3_600_000;

/** Parameters of one statement are limited: 11 columns of each row, and SQLite takes 32,766. */
const rowsAtOnce = 500;

/** @param roomOf the room of a device (`site/device`), as the configuration says now */
export function fieldEventRepository(
  db: Database,
  roomOf: (source: string) => string | undefined = () => undefined,
): FieldEventRepository {
  /** The ids of those that were not there yet. */
  async function insert(
    trx: Executor,
    events: readonly FieldEvent[],
    receivedAt: number,
  ): Promise<FieldEvent[]> {
    const byId = new Map(events.map((event) => [event.id, event]));
    const rows = [...byId.values()].map((event) => toRow(event, receivedAt, roomOf(event.source)));
    const added = new Set<string>();
    for (let first = 0; first < rows.length; first += rowsAtOnce) {
      const inserted = await trx
        .insertInto('field_event')
        .values(rows.slice(first, first + rowsAtOnce))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute();
      for (const { id } of inserted) added.add(id);
    }
    const fresh = rows.filter(({ id }) => added.has(id));
    const late = fresh.filter(({ at }) => at < receivedAt - lateAfterMs);
    await inChunks(late, (chunk) =>
      trx
        .insertInto('late_event')
        .values(chunk.map(({ id, at }) => ({ event: id, at })))
        .execute(),
    );
    await logFieldEvents(trx, fresh);
    return [...byId.values()].filter(({ id }) => added.has(id));
  }

  return {
    add: (events, receivedAt, judge) =>
      db.transaction().execute(async (trx) => {
        const added = await insert(trx, events, receivedAt);
        if (judge === undefined) return added;
        const judged = judge(added);
        const more = judged.found.length === 0 ? [] : await insert(trx, judged.found, receivedAt);
        await judged.write(trx);
        return [...added, ...more];
      }),

    async list({ site, from, to, after, limit, ...equal }) {
      let query = db
        .selectFrom('field_event')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      const { door: part, ...columns } = equal;
      // Several sites lead to no index of one: see ofSites.
      const [only, ...others] = site === undefined ? [] : [site].flat();
      const asked = { ...columns, part, site: others.length === 0 ? only : undefined };
      if (site !== undefined && asked.site === undefined) query = query.where(ofSites(site));
      const leading = leadingColumns(asked);
      for (const name of filterColumns) {
        const value = asked[name];
        if (value === undefined) continue;
        query = leading.has(name)
          ? query.where(name, '=', value)
          : query.where(sql<boolean>`${sql.ref(name)} || '' = ${value}`);
      }
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (after !== undefined) query = query.where(before(after));
      return query.execute();
    },

    late: (limit) =>
      db
        .selectFrom('late_event')
        .innerJoin('field_event', 'field_event.id', 'late_event.event')
        .selectAll('field_event')
        .orderBy('late_event.at')
        .orderBy('late_event.event')
        .limit(limit)
        .execute(),

    async judged(ids, executor) {
      await inChunks(ids, (chunk) =>
        executor
          .deleteFrom('late_event')
          .where('event', 'in', [...chunk])
          .execute(),
      );
    },
  };
}

const filterColumns = ['site', 'device', 'room', 'part', 'kind', 'card', 'person'] as const;
type FilterColumn = (typeof filterColumns)[number];

/** From what names the fewest events to what names the most: each is the beginning of an index that goes on with `at` and `id`. */
const leads: readonly (readonly FilterColumn[])[] = [
  ['card'],
  ['person'],
  ['site', 'device'],
  ['site', 'room'],
  ['site', 'kind'],
  ['kind'],
  ['site'],
];

/**
 * Whose index is used. The others are compared as expressions, which no index has: SQLite takes any two columns of an index for equally
 * rare, and read all events of a kind to find those of a card.
 */
function leadingColumns(
  asked: Readonly<Partial<Record<FilterColumn, string | undefined>>>,
): ReadonlySet<FilterColumn> {
  return new Set(leads.find((columns) => columns.every((name) => asked[name] !== undefined)) ?? []);
}

function toRow(event: FieldEvent, receivedAt: number, room: string | undefined): FieldEventRow {
  const [site = '', device = ''] = event.source.split('/');
  return {
    id: event.id,
    site,
    device,
    at: Math.round(event.at),
    kind: event.kind,
    attributes: JSON.stringify(event.attributes),
    received_at: receivedAt,
    room: room ?? null,
    part: attributeText(event.attributes[partAttribute]) ?? null,
    card: attributeText(event.attributes[accessAttributes.card]) ?? null,
    person: attributeText(event.attributes[accessAttributes.person]) ?? null,
  };
}
