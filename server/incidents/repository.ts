import { sql, type ExpressionBuilder } from 'kysely';
import type { Priority } from '../../config/schema/common.ts';
import { trialRule } from '../../config/schema/trial.ts';
import { wordsOf, type IncidentFilter } from '../../domain/incident-filter.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { writeAlarms } from '../alarms/repository.ts';
import type { Database, Schema } from '../db/schema.ts';
import { inChunks, withoutWritten } from '../db/rows.ts';
import {
  occurrenceId,
  type EventRow,
  type IncidentRecord,
  type IncidentRow,
  type LinkRow,
} from './record.ts';
import { writeNotifications } from '../notify/repository.ts';
import type { Batch } from './writer.ts';
import { ofSites } from '../db/of-sites.ts';

/** Position of the last item of a page in the list: life safety first (1), then by urgency, or the resolved ones by time. */
export type ListPlace =
  | readonly [lifeSafety: number, priority: Priority, dueAt: number, id: string]
  | readonly [resolvedOrDueAt: number, id: string];

export interface ListFilter extends IncidentFilter {
  readonly state?: 'open' | 'resolved' | undefined;
  /** `due`: of open ones, what is due next first. */
  readonly order?: 'urgency' | 'due' | undefined;
  /** Those that were not resolved yet at some time within, epoch ms. */
  readonly within?: { readonly from: number; readonly to: number } | undefined;
  readonly after?: ListPlace | undefined;
  readonly limit: number;
}

/** Place and time; `rooms` empty: the whole site. Epoch ms, [from, to). An incident lasts until its condition is over. */
export interface Touch {
  readonly site: string;
  readonly rooms: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface LinkedOccurrence {
  readonly link: LinkRow;
  readonly occurrence: OccurrenceRow;
}

export interface IncidentRepository {
  /** Alarms, incidents and timeline in one transaction. `again`: an attempt before failed, perhaps after it was written. */
  write(batch: Batch, details: { readonly again: boolean }): Promise<void>;
  /** Those that are not resolved, with their links. */
  live(): Promise<{ record: IncidentRecord; linked: LinkedOccurrence[] }[]>;
  find(id: string): Promise<IncidentRecord | undefined>;
  linked(incident: string): Promise<LinkedOccurrence[]>;
  events(incident: string): Promise<EventRow[]>;
  /** A note of the incident came with this key. */
  isNoted(incident: string, key: string): Promise<boolean>;
  lastEvent(): Promise<number>;
  /** By priority and then by when they are due; resolved ones latest first. */
  list(filter: ListFilter): Promise<IncidentRecord[]>;
  /** Deletes trials (config/schema/trial) that were resolved before then. */
  forgetTrials(before: number, except: ReadonlySet<string>): Promise<void>;
  /** Touched by at least one of them, each once. */
  touching(touches: readonly Touch[]): Promise<IncidentRow[]>;
}

/** In one query: SQLite nests an expression 1,000 deep at most. */
const touchesAtOnce = 100;

function touched(row: ExpressionBuilder<Schema, 'incident'>, { site, rooms, from, to }: Touch) {
  return row.and([
    row('site', '=', site),
    row('opened_at', '<', to),
    row.or([row('returned_at', 'is', null), row('returned_at', '>=', from)]),
    ...(rooms.length === 0 ? [] : [row.or([row('room', 'is', null), row('room', 'in', [...rooms])])]),
  ]);
}

/** As `fits` judges what is in memory; only ASCII letters match in either case on SQLite. */
function narrowed(row: ExpressionBuilder<Schema, 'incident'>, filter: IncidentFilter) {
  const { site, priorities, discipline, waiting, text } = filter;
  const awaited = row.or([
    row('unacknowledged', '>', 0),
    row.and([row('resolved_at', 'is', null), row('acknowledged_at', 'is', null)]),
  ]);
  return row.and([
    ...(site === undefined ? [] : [ofSites(site)]),
    ...(priorities === undefined ? [] : [row('priority', 'in', [...priorities])]),
    ...(discipline === undefined ? [] : [row('discipline', '=', discipline)]),
    ...(waiting === undefined ? [] : [waiting ? awaited : row.not(awaited)]),
    ...wordsOf(text).map((word) => sql<boolean>`${searchedText} like ${containing(word)} escape '\\'`),
  ]);
}

/** The columns of `searchedTexts`. */
const searchedText = sql`lower(title_id || ' ' || title_en || ' ' || name_id || ' ' || name_en || ' ' || rule || ' ' || coalesce(room, '') || ' ' || coalesce(worst_alarm, '') || ' ' || id)`;

export function searchedTexts(row: IncidentRow): (string | null)[] {
  return [row.title_id, row.title_en, row.name_id, row.name_en, row.rule, row.room, row.worst_alarm, row.id];
}

function containing(word: string): string {
  return `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** The only place that knows the SQL of incidents. */
export function createIncidentRepository(db: Database): IncidentRepository {
  async function withWorst(incidents: readonly IncidentRow[]): Promise<IncidentRecord[]> {
    const named = incidents.filter(({ worst_alarm: alarm }) => alarm !== null);
    const found = new Map<string, OccurrenceRow>();
    await inChunks(named, async (rows) => {
      const occurrences = await db
        .selectFrom('alarm_occurrence')
        .selectAll()
        .where('alarm', 'in', [...new Set(rows.map((row) => row.worst_alarm ?? ''))])
        .where('number', 'in', [...new Set(rows.map((row) => row.worst_occurrence ?? 0))])
        .execute();
      for (const row of occurrences) found.set(occurrenceId(row.alarm, row.number), row);
    });
    return incidents.map((incident) => ({
      incident,
      worst: found.get(occurrenceId(incident.worst_alarm ?? '', incident.worst_occurrence ?? 0)) ?? null,
    }));
  }

  async function linked(incident: string): Promise<LinkedOccurrence[]> {
    const [links, occurrences] = await Promise.all([
      db
        .selectFrom('incident_alarm')
        .selectAll()
        .where('incident', '=', incident)
        .orderBy('position')
        .orderBy('alarm')
        .execute(),
      db
        .selectFrom('alarm_occurrence')
        .innerJoin('incident_alarm', (join) =>
          join
            .onRef('incident_alarm.alarm', '=', 'alarm_occurrence.alarm')
            .onRef('incident_alarm.occurrence', '=', 'alarm_occurrence.number'),
        )
        .selectAll('alarm_occurrence')
        .where('incident_alarm.incident', '=', incident)
        .execute(),
    ]);
    const byId = new Map(occurrences.map((row) => [occurrenceId(row.alarm, row.number), row]));
    return links.flatMap((link) => {
      const occurrence = byId.get(occurrenceId(link.alarm, link.occurrence));
      return occurrence === undefined ? [] : [{ link, occurrence }];
    });
  }

  return {
    linked,
    write: (batch, { again }) => db.transaction().execute((trx) => writeBatch(trx, batch, again)),
    async live() {
      const rows = await db
        .selectFrom('incident')
        .selectAll()
        .where('resolved_at', 'is', null)
        .orderBy('id')
        .execute();
      const live = [];
      for (const record of await withWorst(rows))
        live.push({ record, linked: await linked(record.incident.id) });
      return live;
    },
    async find(id) {
      const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : (await withWorst([row]))[0];
    },
    events: (incident) =>
      db
        .selectFrom('incident_event')
        .selectAll()
        .where('incident', '=', incident)
        .orderBy('sequence')
        .execute(),
    async isNoted(incident, key) {
      const row = await db
        .selectFrom('incident_event')
        .select('sequence')
        .where('incident', '=', incident)
        .where('request', '=', key)
        .executeTakeFirst();
      return row !== undefined;
    },
    async lastEvent() {
      const row = await db
        .selectFrom('incident_event')
        .select(({ fn }) => fn.max('sequence').as('sequence'))
        .executeTakeFirst();
      return row?.sequence ?? 0;
    },
    async list({ state, after, limit, within, ...filter }) {
      let query = db
        .selectFrom('incident')
        .selectAll()
        .where('rule', '!=', trialRule)
        .where((row) => narrowed(row, filter))
        .limit(limit);
      if (state !== undefined) query = query.where('resolved_at', state === 'open' ? 'is' : 'is not', null);
      if (within !== undefined)
        query = query
          .where('opened_at', '<', within.to)
          .where((row) => row.or([row('resolved_at', 'is', null), row('resolved_at', '>=', within.from)]));
      if (state === 'resolved') {
        if (after?.length === 2)
          query = query.where(sql<boolean>`(resolved_at, id) < (${after[0]}, ${after[1]})`);
        return withWorst(await query.orderBy('resolved_at', 'desc').orderBy('id', 'desc').execute());
      }
      if (after?.length === 4)
        query = query.where(
          sql<boolean>`(1 - life_safety, priority, due_at, id) > (${1 - after[0]}, ${after[1]}, ${after[2]}, ${after[3]})`,
        );
      return withWorst(
        await query
          .orderBy('life_safety', 'desc')
          .orderBy('priority')
          .orderBy('due_at')
          .orderBy('id')
          .execute(),
      );
    },
    forgetTrials: (before, except) =>
      db.transaction().execute(async (trx) => {
        const over = await trx
          .selectFrom('incident')
          .select('id')
          .where('rule', '=', trialRule)
          .where('resolved_at', '<', before)
          .execute();
        await inChunks(over, async (rows) => {
          const ids = rows.map(({ id }) => id).filter((id) => !except.has(id));
          if (ids.length === 0) return;
          for (const table of ['incident_alarm', 'incident_event', 'notification', 'page_plan'] as const)
            await trx.deleteFrom(table).where('incident', 'in', ids).execute();
          await trx.deleteFrom('incident').where('id', 'in', ids).execute();
        });
      }),
    async touching(touches) {
      const found = new Map<string, IncidentRow>();
      for (let from = 0; from < touches.length; from += touchesAtOnce) {
        const some = touches.slice(from, from + touchesAtOnce);
        const rows = await db
          .selectFrom('incident')
          .selectAll()
          .where((row) => row.or(some.map((touch) => touched(row, touch))))
          .execute();
        for (const incident of rows) found.set(incident.id, incident);
      }
      return [...found.values()].sort((a, b) => a.opened_at - b.opened_at);
    },
  };
}

async function writeBatch(
  trx: Parameters<typeof writeAlarms>[0],
  batch: Batch,
  again: boolean,
): Promise<void> {
  await writeAlarms(trx, batch, { again });
  const incidents = [...batch.incidents.values()].map(({ incident }) => incident);
  await inChunks(incidents, (rows) =>
    trx
      .insertInto('incident')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => ({
            group_key: row.ref('excluded.group_key'),
            room: row.ref('excluded.room'),
            rule: row.ref('excluded.rule'),
            name_id: row.ref('excluded.name_id'),
            name_en: row.ref('excluded.name_en'),
            discipline: row.ref('excluded.discipline'),
            urgency: row.ref('excluded.urgency'),
            impact: row.ref('excluded.impact'),
            priority: row.ref('excluded.priority'),
            clause: row.ref('excluded.clause'),
            due_at: row.ref('excluded.due_at'),
            title_id: row.ref('excluded.title_id'),
            title_en: row.ref('excluded.title_en'),
            causes: row.ref('excluded.causes'),
            life_safety: row.ref('excluded.life_safety'),
            returned_at: row.ref('excluded.returned_at'),
            merged_into: row.ref('excluded.merged_into'),
            reopened_at: row.ref('excluded.reopened_at'),
            pauses: row.ref('excluded.pauses'),
            sla_stage: row.ref('excluded.sla_stage'),
            assigned_to: row.ref('excluded.assigned_to'),
            found_cause: row.ref('excluded.found_cause'),
            remedy: row.ref('excluded.remedy'),
            disaster: row.ref('excluded.disaster'),
            acknowledged_at: row.ref('excluded.acknowledged_at'),
            acknowledged_by: row.ref('excluded.acknowledged_by'),
            resolved_at: row.ref('excluded.resolved_at'),
            active: row.ref('excluded.active'),
            unacknowledged: row.ref('excluded.unacknowledged'),
            total: row.ref('excluded.total'),
            worst_alarm: row.ref('excluded.worst_alarm'),
            worst_occurrence: row.ref('excluded.worst_occurrence'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('incident.version', '<', 'excluded.version'),
      )
      .execute(),
  );
  await inChunks([...batch.links.values()], (rows) =>
    trx
      .insertInto('incident_alarm')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['incident', 'alarm', 'occurrence'])
          .doUpdateSet((row) => ({
            pinned: row.ref('excluded.pinned'),
            moved_to: row.ref('excluded.moved_to'),
            because: row.ref('excluded.because'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('incident_alarm.version', '<', 'excluded.version'),
      )
      .execute(),
  );
  await writeNotifications(trx, batch);
  await inChunks(batch.events, async (rows) => {
    const fresh = again
      ? await withoutWritten(rows, (first, last) =>
          trx
            .selectFrom('incident_event')
            .selectAll()
            .where('sequence', '>=', first)
            .where('sequence', '<=', last)
            .execute(),
        )
      : rows;
    if (fresh.length > 0) await trx.insertInto('incident_event').values(fresh).execute();
  });
}
