import { sql, type Kysely, type Migration } from 'kysely';

/**
 * Alarms stand alone: their state, their occurrences and a journal; incidents link occurrences, and the timeline has a
 * sequence of its own. What installed databases hold is carried over: every alarm becomes an occurrence, what stood
 * goes on standing, and what was resolved counts as seen.
 */
export const alarms: Migration = {
  async up(db) {
    await createTables(db);
    await carryOver(db);
    await db.schema.dropTable('alarm').execute();
    await renumberTimeline(db);
  },
};

async function createTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alarm_state')
    .addColumn('alarm', 'text', (column) => column.primaryKey())
    .addColumn('in_alarm', 'integer', (column) => column.notNull())
    .addColumn('latched', 'integer', (column) => column.notNull())
    .addColumn('acknowledged', 'integer', (column) => column.notNull())
    .addColumn('shelved_at', 'bigint')
    .addColumn('shelved_until', 'bigint')
    .addColumn('suppressed', 'integer', (column) => column.notNull())
    .addColumn('out_of_service', 'integer', (column) => column.notNull())
    .addColumn('occurrence', 'integer', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('alarm_occurrence')
    .addColumn('alarm', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('point', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('since_at', 'bigint', (column) => column.notNull())
    .addColumn('until_at', 'bigint')
    .addColumn('value', 'double precision')
    .addColumn('worst', 'double precision')
    .addColumn('state', 'text')
    .addColumn('limit_value', 'double precision')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('alarm_occurrence_key', ['alarm', 'number'])
    .execute();
  await db.schema
    .createTable('alarm_journal')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('alarm', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('occurrence', 'integer', (column) => column.notNull())
    .addColumn('source_at', 'bigint')
    .addColumn('server_at', 'bigint', (column) => column.notNull())
    .addColumn('from_state', 'text', (column) => column.notNull())
    .addColumn('to_state', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .addColumn('value', 'double precision')
    .addColumn('limit_value', 'double precision')
    .addColumn('quality', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('reason', 'text')
    .addColumn('shelved_until', 'bigint')
    .addColumn('latched', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('alarm_journal_alarm')
    .on('alarm_journal')
    .columns(['alarm', 'sequence'])
    .execute();
  await db.schema
    .createIndex('alarm_journal_site')
    .on('alarm_journal')
    .columns(['site', 'sequence'])
    .execute();
  await db.schema
    .createTable('incident_alarm')
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('alarm', 'text', (column) => column.notNull())
    .addColumn('occurrence', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('linked_at', 'bigint', (column) => column.notNull())
    .addColumn('pinned', 'integer', (column) => column.notNull())
    .addColumn('moved_to', 'text')
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('incident_alarm_key', ['incident', 'alarm', 'occurrence'])
    .execute();
  await db.schema
    .createIndex('incident_alarm_alarm')
    .on('incident_alarm')
    .columns(['alarm', 'occurrence'])
    .execute();
  await db.schema
    .createTable('notification')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('sent_at', 'bigint')
    .execute();
  await db.schema.createIndex('notification_due').on('notification').columns(['state', 'next_at']).execute();
  await db.schema
    .alterTable('incident')
    .addColumn('group_key', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema
    .alterTable('incident')
    .addColumn('unacknowledged', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('incident').addColumn('worst_occurrence', 'integer').execute();
  await db.schema
    .alterTable('incident')
    .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(1))
    .execute();
  await sql`update incident set group_key = rule || '@' || site || '/' || coalesce(room, '')`.execute(db);
  await db.schema.dropIndex('incident_resolved_at').execute();
  await db.schema.createIndex('incident_resolved').on('incident').columns(['resolved_at', 'id']).execute();
}

interface OldAlarm {
  readonly id: string;
  readonly incident: string;
  readonly rule: string;
  readonly point: string;
  readonly owner: string;
  readonly unit: string;
  readonly since_at: number;
  readonly until_at: number | null;
  readonly value: number | null;
  readonly worst: number | null;
  readonly state: string | null;
  readonly limit_value: number | null;
  readonly latched: number;
  readonly acknowledged: number;
  readonly opened_at: number;
  readonly resolved_at: number | null;
  readonly acknowledged_at: number | null;
  readonly acknowledged_by: string | null;
}
type Row = Record<string, string | number | null>;

const rowsAtOnce = 500;
const carriedOver = 'carried over from an earlier version';

/** In the order of the old ids, which is that of time: a page at a time, since a busy year has many. */
async function carryOver(db: Kysely<unknown>): Promise<void> {
  const numbers = new Map<string, number>();
  const positions = new Map<string, number>();
  const states = new Map<string, Row>();
  let sequence = 0;
  let after = '';
  for (;;) {
    const { rows } = await sql<OldAlarm>`
      select alarm.*, incident.opened_at, incident.resolved_at, incident.acknowledged_at, incident.acknowledged_by
      from alarm join incident on incident.id = alarm.incident
      where alarm.id > ${after} order by alarm.id limit ${rowsAtOnce}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    const occurrences: Row[] = [];
    const links: Row[] = [];
    const journal: Row[] = [];
    for (const old of rows) {
      const alarm = `${old.rule}@${old.point}`;
      const number = (numbers.get(alarm) ?? 0) + 1;
      const position = (positions.get(old.incident) ?? 0) + 1;
      numbers.set(alarm, number);
      positions.set(old.incident, position);
      const { until, latched, acknowledged } = settledState(old);
      occurrences.push({
        alarm, number, point: old.point, owner: old.owner, unit: old.unit, since_at: old.since_at, until_at: until,
        value: old.value, worst: old.worst, state: old.state, limit_value: old.limit_value, version: 1,
      }); // prettier-ignore
      links.push({
        incident: old.incident, alarm, occurrence: number, position, linked_at: old.since_at, pinned: 0,
        moved_to: null, version: 1,
      }); // prettier-ignore
      for (const entry of story(old)) {
        sequence += 1;
        journal.push({
          sequence, alarm, site: old.point.split('/')[0] ?? '', occurrence: number, value: old.value,
          limit_value: old.limit_value, quality: 'good', shelved_until: null, latched, ...entry,
        }); // prettier-ignore
      }
      states.set(alarm, {
        alarm, in_alarm: until === null ? 1 : 0, latched, acknowledged, shelved_at: null, shelved_until: null,
        suppressed: 0, out_of_service: 0, occurrence: number, version: sequence,
      }); // prettier-ignore
      await sql`update incident set worst_alarm = ${alarm}, worst_occurrence = ${number} where worst_alarm = ${old.id}`.execute(
        db,
      );
    }
    await insert(db, 'alarm_occurrence', occurrences);
    await insert(db, 'incident_alarm', links);
    await insert(db, 'alarm_journal', journal);
  }
  await insert(db, 'alarm_state', [...states.values()]);
  await sql`update incident set unacknowledged = (
      select count(*) from incident_alarm
      join alarm_state on alarm_state.alarm = incident_alarm.alarm and alarm_state.occurrence = incident_alarm.occurrence
      where incident_alarm.incident = incident.id and alarm_state.acknowledged = 0
    ) where resolved_at is null`.execute(db);
}

/** What was resolved is over and seen, whatever its row says: faults of earlier versions left some active. */
function settledState(old: OldAlarm): { until: number | null; latched: number; acknowledged: number } {
  return old.resolved_at === null
    ? { until: old.until_at, latched: old.latched, acknowledged: old.acknowledged }
    : { until: old.until_at ?? old.resolved_at, latched: 0, acknowledged: 1 };
}

/** Raise, acknowledgement and return of an occurrence, as far as they are known. */
function story(old: OldAlarm): Row[] {
  const { until, latched, acknowledged } = settledState(old);
  const entry = (why: string, from: string, to: string, at: number): Row => ({
    why, from_state: from, to_state: to, source_at: at, server_at: at, actor: null, reason: carriedOver,
  }); // prettier-ignore
  const entries = [entry('raise', 'normal', 'unacknowledged', old.since_at)];
  const seen = acknowledged === 1;
  if (seen) {
    const acknowledgement = entry('acknowledge', 'unacknowledged', 'acknowledged', old.since_at);
    entries.push({
      ...acknowledgement,
      source_at: null,
      server_at: old.acknowledged_at ?? old.since_at,
      actor: old.acknowledged_by,
    });
  }
  if (until !== null) {
    const before = seen ? 'acknowledged' : 'unacknowledged';
    const quiet = seen ? 'normal' : 'returned-unacknowledged';
    entries.push(entry('return', before, latched === 1 ? `latched-${before}` : quiet, until));
  }
  return entries;
}

async function insert(db: Kysely<unknown>, table: string, rows: readonly Row[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const chunk = rows.slice(from, from + rowsAtOnce);
    const columns = Object.keys(chunk[0] ?? {});
    const values = chunk.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) values ${sql.join(values)}`.execute(
      db,
    );
  }
}

async function renumberTimeline(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident_event_new')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('point', 'text')
    .addColumn('value', 'double precision')
    .addColumn('note', 'text')
    .execute();
  await sql`
    insert into incident_event_new (sequence, incident, at, kind, actor, point, value, note)
    select row_number() over (order by id), incident, at, kind, actor, point, value, note from incident_event`.execute(
    db,
  );
  await db.schema.dropTable('incident_event').execute();
  await db.schema.alterTable('incident_event_new').renameTo('incident_event').execute();
  await db.schema
    .createIndex('incident_event_timeline')
    .on('incident_event')
    .columns(['incident', 'sequence'])
    .execute();
}
