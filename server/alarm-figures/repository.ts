import { sql } from 'kysely';
import { trialRule } from '../../config/schema/trial.ts';
import type { AlarmReportView, AlarmWorkEntry } from '../contracts/alarm-figures.ts';
import type { Database } from '../db/schema.ts';
import type { AlarmWorkTable, FalseAlarmTable } from '../db/schema/alarms.ts';
import { siteOfAlarm } from '../../core/alarm-key.ts';
import { iso } from '../../core/time.ts';
import { inChunks } from '../db/rows.ts';
import type { JournalEntry } from './annunciation.ts';
import type { HidingChange, LongOccurrence } from './standing.ts';

/** Epoch ms, [from, to). */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export type FalseAlarmRow = Readonly<FalseAlarmTable>;

/** Incidents of a period, and those of them that were false alarms, by site and rule. */
export interface FalseAlarmCount {
  readonly site: string;
  readonly rule: string;
  readonly nameId: string;
  readonly nameEn: string;
  readonly incidents: number;
  readonly marked: number;
}

/** Rows in one query: a few ms of work between two turns of the event loop. */
const usualPage = 4_000;
const longAfterMs = 86_400_000;
/** More than a whole estate that stands: bounds the memory if a database holds nonsense. */
const mostLong = 50_000;

export type FigureRepository = ReturnType<typeof createFigureRepository>;

/** The only place that knows the SQL of the alarm system's figures. It reads the tables of alarms and incidents and writes its own. */
export function createFigureRepository(db: Database, pageSize = usualPage) {
  return {
    /**
     * The journal of a period in the order of server time, page by page; the next one is read while a page is worked on. Throws the
     * signal's reason once it has aborted.
     */
    async *journal({ from, to }: Period, signal?: AbortSignal): AsyncGenerator<readonly JournalEntry[]> {
      let coming: Promise<PackedRow[]> | undefined = journalPage(
        db,
        { server_at: from, sequence: 0 },
        { to, limit: pageSize },
      );
      while (coming !== undefined) {
        signal?.throwIfAborted();
        const rows: readonly PackedRow[] = await coming;
        const last = rows.at(-1);
        coming =
          rows.length < pageSize || last === undefined
            ? undefined
            : journalPage(db, last, { to, limit: pageSize });
        // Whoever stops early never asks for it.
        coming?.catch(() => undefined);
        if (rows.length > 0) yield rows.map(unpack);
      }
    },

    /** Server time of the first entry ever of a site; undefined: there is none. */
    async begin(site: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('alarm_journal')
        .select('server_at')
        .where('site', '=', site)
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst();
      return row?.server_at;
    },

    /** Occurrences that had stood for more than 24 hours at some time of the period. */
    async standing({ from, to }: Period): Promise<LongOccurrence[]> {
      const rows = await db
        .selectFrom('alarm_occurrence')
        .select(['alarm', 'since_at', 'until_at'])
        .where('since_at', '<', to - longAfterMs)
        .where((row) =>
          row.or([
            row('until_at', 'is', null),
            row.and([row('until_at', '>', from), sql<boolean>`until_at - since_at > ${longAfterMs}`]),
          ]),
        )
        .orderBy('alarm')
        .orderBy('number')
        .limit(mostLong)
        .execute();
      return rows.map((row) => ({ alarm: row.alarm, since: row.since_at, until: row.until_at }));
    },

    /** When these alarms were hidden and were not, up to a time, in the order of the journal. */
    async hiding(alarms: readonly string[], to: number): Promise<HidingChange[]> {
      const changes: HidingChange[] = [];
      await inChunks([...new Set(alarms)], async (chunk) => {
        const rows = await db
          .selectFrom('alarm_journal')
          .select(['alarm', 'server_at', 'to_state'])
          .where('alarm', 'in', [...chunk])
          .where('server_at', '<', to)
          .where((row) => row.or([row('from_state', 'like', '%+%'), row('to_state', 'like', '%+%')]))
          .orderBy('sequence')
          .execute();
        changes.push(...rows);
      });
      return changes;
    },

    /** It was in alarm at some time. */
    async knowsAlarm(alarm: string): Promise<boolean> {
      const row = await db
        .selectFrom('alarm_occurrence')
        .select('alarm')
        .where('alarm', '=', alarm)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Adds a row; earlier ones stay as they are. */
    async addWork(row: Readonly<AlarmWorkTable>): Promise<void> {
      await db.insertInto('alarm_work').values(row).execute();
    },
    /** The latest entry of each alarm. */
    async work(): Promise<Map<string, AlarmWorkEntry>> {
      const rows = await db
        .selectFrom('alarm_work')
        .selectAll()
        .where('id', 'in', db.selectFrom('alarm_work').select(({ fn }) => fn.max('id').as('id')).groupBy('alarm'))
        .execute(); // prettier-ignore
      return new Map(rows.map((row) => [row.alarm, workEntry(row)]));
    },
    /** All entries of one alarm, latest first. */
    async workOf(alarm: string): Promise<AlarmWorkEntry[]> {
      const rows = await db
        .selectFrom('alarm_work')
        .selectAll()
        .where('alarm', '=', alarm)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(workEntry);
    },

    async incident(
      id: string,
    ): Promise<{ readonly site: string; readonly merged_into: string | null } | undefined> {
      return db
        .selectFrom('incident')
        .select(['site', 'merged_into'])
        .where('id', '=', id)
        .executeTakeFirst();
    },
    async addFalseAlarm(row: FalseAlarmRow): Promise<void> {
      await db.insertInto('false_alarm').values(row).execute();
    },
    /** The latest mark or withdrawal. */
    async falseAlarm(incident: string): Promise<FalseAlarmRow | undefined> {
      return db
        .selectFrom('false_alarm')
        .selectAll()
        .where('incident', '=', incident)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** Of the incidents that were opened in the period and not merged into another one. */
    async falseAlarms({ from, to }: Period): Promise<FalseAlarmCount[]> {
      const rows = await db
        .selectFrom('incident')
        .leftJoin(markedIncidents(db), 'marks.incident', 'incident.id')
        .select(({ fn }) => [
          'incident.site',
          'incident.rule',
          fn.max('incident.name_id').as('nameId'),
          fn.max('incident.name_en').as('nameEn'),
          fn.countAll<number>().as('incidents'),
          fn.count<number>('marks.incident').as('marked'),
        ])
        .where('incident.opened_at', '>=', from)
        .where('incident.opened_at', '<', to)
        .where('incident.merged_into', 'is', null)
        .where('incident.rule', '!=', trialRule)
        .groupBy(['incident.site', 'incident.rule'])
        .execute();
      return rows;
    },
    /** Alarm → false alarms that it was part of, of the incidents opened in the period. */
    async falselyAlarming({ from, to }: Period): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('incident_alarm')
        .innerJoin(markedIncidents(db), 'marks.incident', 'incident_alarm.incident')
        .innerJoin('incident', 'incident.id', 'incident_alarm.incident')
        .select(({ fn }) => ['incident_alarm.alarm', fn.count<number>('incident.id').distinct().as('count')])
        .where('incident_alarm.moved_to', 'is', null)
        .where('incident.opened_at', '>=', from)
        .where('incident.opened_at', '<', to)
        .groupBy('incident_alarm.alarm')
        .execute();
      return new Map(rows.map(({ alarm, count }) => [alarm, count]));
    },

    /** Months that have a report, latest first. */
    async reports(): Promise<AlarmReportView[]> {
      const rows = await db
        .selectFrom('alarm_report')
        .select(['month', 'made_at'])
        .orderBy('month', 'desc')
        .execute();
      return rows.map((row) => ({ month: row.month, madeAt: iso(row.made_at) }));
    },
    /** JSON of the figures as they were. */
    async report(month: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('alarm_report')
        .select('figures')
        .where('month', '=', month)
        .executeTakeFirst();
      return row?.figures;
    },
    /** A month that has its report keeps it. */
    async addReport(row: {
      readonly month: string;
      readonly made_at: number;
      readonly figures: string;
    }): Promise<void> {
      await db
        .insertInto('alarm_report')
        .values(row)
        .onConflict((conflict) => conflict.column('month').doNothing())
        .execute();
    },
  };
}

interface PackedRow {
  readonly server_at: number;
  readonly sequence: number;
  readonly line: string;
}

/** In names of states, rules and points it cannot be. */
const separator = '|';

/** What comes after a place in the journal. Text is read as one column: a million rows of nine columns take three times as long. */
function journalPage(
  db: Database,
  after: Pick<PackedRow, 'server_at' | 'sequence'>,
  { to, limit }: { readonly to: number; readonly limit: number },
): Promise<PackedRow[]> {
  const parts = ['alarm', 'why', 'from_state', 'to_state'].map((column) => sql.ref(column));
  const texts = [
    ...parts,
    sql`coalesce(cast(source_at as text), '')`,
    // Last: people's names may hold anything.
    sql`coalesce(actor, '')`,
  ];
  return db
    .selectFrom('alarm_journal')
    .select(['server_at', 'sequence', sql<string>`${sql.join(texts, sql` || ${sql.lit(separator)} || `)}`.as('line')])
    .where(sql<boolean>`(server_at, sequence) > (${after.server_at}, ${after.sequence})`)
    .where('server_at', '<', to)
    .where('alarm', 'not like', `${trialRule}@%`)
    .orderBy('server_at')
    .orderBy('sequence')
    .limit(limit)
    .execute();
} // prettier-ignore

function unpack({ sequence, server_at, line }: PackedRow): JournalEntry {
  const [alarm = '', why = '', from_state = '', to_state = '', source = '', ...actor] = line.split(separator);
  return {
    sequence,
    alarm,
    site: siteOfAlarm(alarm),
    source_at: source === '' ? null : Number(source),
    server_at,
    from_state,
    to_state,
    why,
    actor: actor.join(separator) || null,
  };
}

/** Incidents whose latest entry marks them as a false alarm. */
function markedIncidents(db: Database) {
  return db
    .selectFrom('false_alarm')
    .select('false_alarm.incident')
    .where('marked', '=', 1)
    .where('id', 'in', db.selectFrom('false_alarm').select(({ fn }) => fn.max('id').as('id')).groupBy('incident'))
    .as('marks'); // prettier-ignore
}

function workEntry({ state, assignee, note, at, actor }: Readonly<AlarmWorkTable>): AlarmWorkEntry {
  return { state, assignee, note, at: iso(at), actor };
}
