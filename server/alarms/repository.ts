import type { Database, Executor } from '../db/schema.ts';
import { inChunks, withoutWritten } from '../db/rows.ts';
import type { AlarmFacts } from './facts.ts';
import { factsOf, type JournalRow, type OccurrenceRow, type StateRow } from './journal.ts';
import { isOfSites, type SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

/** What one transaction writes of alarms; rows of the same key replace each other, journal entries are added. */
export interface AlarmBatch {
  readonly states: ReadonlyMap<string, StateRow>;
  readonly occurrences: ReadonlyMap<string, OccurrenceRow>;
  readonly journal: readonly JournalRow[];
}

export interface JournalFilter {
  readonly alarm?: string | undefined;
  readonly site?: SiteFilter | undefined;
  readonly actor?: string | undefined;
  readonly why?: JournalRow['why'] | undefined;
  /** Server time, epoch ms, [from, to). */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only entries older than this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** What the store knew when the process ended. */
export interface RestoredAlarms {
  readonly facts: ReadonlyMap<string, AlarmFacts>;
  /** The latest of each alarm. */
  readonly occurrences: ReadonlyMap<string, OccurrenceRow>;
  readonly lastSequence: number;
}

export async function readAlarms(db: Database): Promise<RestoredAlarms> {
  const states = await db.selectFrom('alarm_state').selectAll().execute();
  const rows = await db
    .selectFrom('alarm_occurrence')
    .innerJoin('alarm_state', (join) =>
      join
        .onRef('alarm_state.alarm', '=', 'alarm_occurrence.alarm')
        .onRef('alarm_state.occurrence', '=', 'alarm_occurrence.number'),
    )
    .selectAll('alarm_occurrence')
    .execute();
  const last = await db
    .selectFrom('alarm_journal')
    .select(({ fn }) => fn.max('sequence').as('sequence'))
    .executeTakeFirst();
  const occurrences = new Map(rows.map((row) => [row.alarm, row]));
  return {
    facts: new Map(states.map((row) => [row.alarm, factsOf(row, occurrences.get(row.alarm))])),
    occurrences,
    lastSequence: last?.sequence ?? 0,
  };
}

/**
 * Writes within the caller's transaction. States and occurrences that are older than what is stored change nothing; a
 * journal entry whose sequence is taken is an error, unless an attempt before (`again`) wrote that very entry.
 */
export async function writeAlarms(
  trx: Executor,
  { states, occurrences, journal }: AlarmBatch,
  { again }: { readonly again: boolean },
): Promise<void> {
  await inChunks([...states.values()], (rows) =>
    trx
      .insertInto('alarm_state')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('alarm')
          .doUpdateSet((row) => ({
            in_alarm: row.ref('excluded.in_alarm'),
            latched: row.ref('excluded.latched'),
            acknowledged: row.ref('excluded.acknowledged'),
            shelved_at: row.ref('excluded.shelved_at'),
            shelved_until: row.ref('excluded.shelved_until'),
            suppressed: row.ref('excluded.suppressed'),
            suppressed_by: row.ref('excluded.suppressed_by'),
            chattering: row.ref('excluded.chattering'),
            out_of_service: row.ref('excluded.out_of_service'),
            occurrence: row.ref('excluded.occurrence'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('alarm_state.version', '<', 'excluded.version'),
      )
      .execute(),
  );
  await inChunks([...occurrences.values()], (rows) =>
    trx
      .insertInto('alarm_occurrence')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['alarm', 'number'])
          .doUpdateSet((row) => ({
            until_at: row.ref('excluded.until_at'),
            worst: row.ref('excluded.worst'),
            version: row.ref('excluded.version'),
          }))
          .whereRef('alarm_occurrence.version', '<', 'excluded.version'),
      )
      .execute(),
  );
  await inChunks(journal, async (rows) => {
    const fresh = again
      ? await withoutWritten(rows, (first, last) =>
          trx
            .selectFrom('alarm_journal')
            .selectAll()
            .where('sequence', '>=', first)
            .where('sequence', '<=', last)
            .execute(),
        )
      : rows;
    if (fresh.length > 0) await trx.insertInto('alarm_journal').values(fresh).execute();
  });
}

/** Latest first. */
export function readJournal(db: Database, filter: JournalFilter): Promise<JournalRow[]> {
  const { alarm, site, actor, why, from, to, before, limit } = filter;
  let query = db.selectFrom('alarm_journal').selectAll();
  if (alarm !== undefined) query = query.where('alarm', '=', alarm);
  if (site !== undefined) query = query.where(ofSites(site));
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (why !== undefined) query = query.where('why', '=', why);
  if (from !== undefined) query = query.where('server_at', '>=', from);
  if (to !== undefined) query = query.where('server_at', '<', to);
  if (before !== undefined) query = query.where('sequence', '<', before);
  return query.orderBy('sequence', 'desc').limit(limit).execute();
}

/** As `readJournal` filters, for entries that are not written yet. */
export function matchesJournal(row: JournalRow, filter: JournalFilter): boolean {
  const { alarm, site, actor, why, from, to, before } = filter;
  return (
    (alarm ?? row.alarm) === row.alarm &&
    isOfSites(site, row.site) &&
    (actor === undefined || actor === row.actor) &&
    (why ?? row.why) === row.why &&
    row.server_at >= (from ?? -Infinity) &&
    row.server_at < (to ?? Infinity) &&
    row.sequence < (before ?? Infinity)
  );
}
