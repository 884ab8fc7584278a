import { sql } from 'kysely';
import type { Priority } from '../../config/schema/common.ts';
import type { Database } from '../db/schema.ts';
import type { Batch } from './outbox.ts';
import type { AlarmRow, EventRow, IncidentRecord, IncidentRow } from './record.ts';

/** Where the last item of a page stood in the list. */
export type ListPlace = readonly [priority: Priority, dueAt: number, id: string];

export interface ListFilter {
  readonly state?: 'open' | 'resolved' | undefined;
  readonly site?: string | undefined;
  readonly after?: ListPlace | undefined;
  readonly limit: number;
}

/** Place and time; `rooms` empty: the whole site. Epoch ms, [from, to). */
export interface Touch {
  readonly site: string;
  readonly rooms: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Rows in one statement: SQLite takes 32,766 variables at most. */
const rowsAtOnce = 500;

export interface IncidentRepository {
  write(batch: Batch): Promise<void>;
  open(): Promise<{ record: IncidentRecord; alarms: AlarmRow[]; lastEvent: string | null }[]>;
  find(id: string): Promise<IncidentRecord | undefined>;
  alarms(incident: string): Promise<AlarmRow[]>;
  events(incident: string): Promise<EventRow[]>;
  lastEvent(incident: string): Promise<string | null>;
  /** By priority, then by when it is due. */
  list(filter: ListFilter): Promise<IncidentRecord[]>;
  touching(touch: Touch): Promise<IncidentRow[]>;
}

/** The only place that knows the SQL of incidents. */
export function createIncidentRepository(db: Database): IncidentRepository {
  async function withWorst(incidents: readonly IncidentRow[]): Promise<IncidentRecord[]> {
    const ids = incidents.flatMap(({ worst_alarm: id }) => (id === null ? [] : [id]));
    const rows =
      ids.length === 0 ? [] : await db.selectFrom('alarm').selectAll().where('id', 'in', ids).execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    return incidents.map((incident) => ({ incident, worst: byId.get(incident.worst_alarm ?? '') ?? null }));
  }

  async function lastEvent(incident: string): Promise<string | null> {
    const row = await db
      .selectFrom('incident_event')
      .select('id')
      .where('incident', '=', incident)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  const alarms = (incident: string): Promise<AlarmRow[]> =>
    db.selectFrom('alarm').selectAll().where('incident', '=', incident).orderBy('id').execute();

  return {
    lastEvent,
    alarms,
    async write({ incidents, alarms, events }) {
      await db.transaction().execute(async (trx) => {
        for (const rows of chunks([...incidents.values()].map(({ incident }) => incident))) {
          await trx
            .insertInto('incident')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet((row) => ({
                acknowledged_at: row.ref('excluded.acknowledged_at'),
                acknowledged_by: row.ref('excluded.acknowledged_by'),
                resolved_at: row.ref('excluded.resolved_at'),
                active: row.ref('excluded.active'),
                total: row.ref('excluded.total'),
                worst_alarm: row.ref('excluded.worst_alarm'),
              })),
            )
            .execute();
        }
        for (const rows of chunks([...alarms.values()])) {
          await trx
            .insertInto('alarm')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet((row) => ({
                until_at: row.ref('excluded.until_at'),
                worst: row.ref('excluded.worst'),
                latched: row.ref('excluded.latched'),
                acknowledged: row.ref('excluded.acknowledged'),
              })),
            )
            .execute();
        }
        for (const rows of chunks(events)) {
          await trx
            .insertInto('incident_event')
            .values(rows)
            .onConflict((conflict) => conflict.column('id').doNothing())
            .execute();
        }
      });
    },
    async open() {
      const rows = await db
        .selectFrom('incident')
        .selectAll()
        .where('resolved_at', 'is', null)
        .orderBy('id')
        .execute();
      const records = await withWorst(rows);
      return Promise.all(
        records.map(async (record) => ({
          record,
          alarms: await alarms(record.incident.id),
          lastEvent: await lastEvent(record.incident.id),
        })),
      );
    },
    async find(id) {
      const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : (await withWorst([row]))[0];
    },
    events: (incident) =>
      db.selectFrom('incident_event').selectAll().where('incident', '=', incident).orderBy('id').execute(),
    async list({ state, site, after, limit }) {
      let query = db.selectFrom('incident').selectAll();
      if (state !== undefined) query = query.where('resolved_at', state === 'open' ? 'is' : 'is not', null);
      if (site !== undefined) query = query.where('site', '=', site);
      if (after !== undefined) {
        const [priority, dueAt, id] = after;
        query = query.where(sql<boolean>`(priority, due_at, id) > (${priority}, ${dueAt}, ${id})`);
      }
      const rows = await query.orderBy('priority').orderBy('due_at').orderBy('id').limit(limit).execute();
      return withWorst(rows);
    },
    touching({ site, rooms, from, to }) {
      let query = db
        .selectFrom('incident')
        .selectAll()
        .where('site', '=', site)
        .where('opened_at', '<', to)
        .where((row) => row.or([row('resolved_at', 'is', null), row('resolved_at', '>=', from)]));
      if (rooms.length > 0)
        query = query.where((row) => row.or([row('room', 'is', null), row('room', 'in', [...rooms])]));
      return query.orderBy('opened_at').execute();
    },
  };
}

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) yield rows.slice(from, from + rowsAtOnce);
}
