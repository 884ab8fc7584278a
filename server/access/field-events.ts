import type { Selectable } from 'kysely';
import type { FieldEvent } from '../../core/field-event.ts';
import { logFieldEvents } from '../audit/entries.ts';
import type { Database, FieldEventTable } from '../db/schema.ts';

export type FieldEventRow = Selectable<FieldEventTable>;

interface FieldEventFilter {
  readonly site?: string | undefined;
  /** Its id within the site. */
  readonly device?: string | undefined;
  readonly kind?: string | undefined;
  /** Epoch ms; `to` is exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `at` and id of the last one shown. */
  readonly after?: readonly [number, string] | undefined;
  readonly limit: number;
}

/** The only place that knows how field events are stored. */
export interface FieldEventRepository {
  /** Resolves, once they are durable, with those that were not there yet. */
  add(events: readonly FieldEvent[], receivedAt: number): Promise<FieldEvent[]>;
  /** Newest first. */
  list(filter: FieldEventFilter): Promise<FieldEventRow[]>;
}

/** Parameters of one statement are limited: 7 columns of each row, and SQLite takes 32,766. */
const rowsAtOnce = 500;

export function fieldEventRepository(db: Database): FieldEventRepository {
  return {
    async add(events, receivedAt) {
      const byId = new Map(events.map((event) => [event.id, event]));
      const rows = [...byId.values()].map((event) => toRow(event, receivedAt));
      const added = new Set<string>();
      await db.transaction().execute(async (trx) => {
        for (let first = 0; first < rows.length; first += rowsAtOnce) {
          const inserted = await trx
            .insertInto('field_event')
            .values(rows.slice(first, first + rowsAtOnce))
            .onConflict((conflict) => conflict.column('id').doNothing())
            .returning('id')
            .execute();
          for (const { id } of inserted) added.add(id);
        }
        await logFieldEvents(
          trx,
          rows.filter(({ id }) => added.has(id)),
        );
      });
      return [...byId.values()].filter(({ id }) => added.has(id));
    },

    async list({ site, device, kind, from, to, after, limit }) {
      let query = db
        .selectFrom('field_event')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (site !== undefined) query = query.where('site', '=', site);
      if (device !== undefined) query = query.where('device', '=', device);
      if (kind !== undefined) query = query.where('kind', '=', kind);
      if (from !== undefined) query = query.where('at', '>=', from);
      if (to !== undefined) query = query.where('at', '<', to);
      if (after !== undefined) {
        const [at, id] = after;
        query = query.where((eb) =>
          eb.or([eb('at', '<', at), eb.and([eb('at', '=', at), eb('id', '<', id)])]),
        );
      }
      return query.execute();
    },
  };
}

function toRow(event: FieldEvent, receivedAt: number): FieldEventRow {
  const [site = '', device = ''] = event.source.split('/');
  return {
    id: event.id,
    site,
    device,
    at: Math.round(event.at),
    kind: event.kind,
    attributes: JSON.stringify(event.attributes),
    received_at: receivedAt,
  };
}
