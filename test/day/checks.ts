import { join } from 'node:path';
import { stateName } from '../../server/alarms/facts.ts';
import type { Database } from '../../server/db/schema.ts';
import { openEmbeddedHistorian } from '../../server/historian/embedded/embedded.ts';
import { silentLog } from '../support/field.ts';

type Complain = (text: string) => void;

/** What the store must hold of one point, in the order in which it was accepted. */
export interface Accepted {
  readonly at: number[];
  readonly value: number[];
}

/** Every accepted reading is in the store once, with its value. */
export async function checkHistory(options: {
  readonly folder: string;
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly complain: Complain;
}): Promise<void> {
  const { folder, accepted, complain } = options;
  const historian = await openEmbeddedHistorian({ path: join(folder, 'readings.db'), log: silentLog });
  try {
    for (const [point, { at, value }] of accepted) {
      const expected = new Map(at.map((time, place) => [time, value[place]]));
      const samples = await historian.raw(point, { from: 0, to: 4e12 }, 10_000_000);
      const stored = new Map(samples.map((sample) => [sample.at, sample.value]));
      if (stored.size !== samples.length) complain(`${point} holds a time twice`);
      let missing = 0;
      for (const [time, one] of expected) if (!Object.is(stored.get(time), one)) missing += 1;
      if (missing > 0) complain(`${point}: ${missing} of ${expected.size} readings are missing or differ`);
      if (samples.length > expected.size) complain(`${point}: ${samples.length - expected.size} readings that nobody sent`);
    } // prettier-ignore
  } finally {
    await historian.close();
  }
}

/** The journal has no gap, each alarm's entries follow each other, and the last one is the state it has. Returns its length. */
export async function checkJournal(db: Database, complain: Complain): Promise<number> {
  const journal = await db.selectFrom('alarm_journal').selectAll().orderBy('sequence').execute();
  const last = new Map<string, string>();
  for (const [place, { sequence, alarm, from_state: from, to_state: to }] of journal.entries()) {
    if (sequence !== place + 1) complain(`journal entry ${place + 1} has the number ${sequence}`);
    const before = last.get(alarm) ?? 'normal';
    if (before !== from) complain(`${alarm}: entry ${sequence} leads from ${from}, the one before led to ${before}`);
    last.set(alarm, to);
  } // prettier-ignore
  const states = await db.selectFrom('alarm_state').selectAll().execute();
  for (const row of states) {
    const state = stateName({
      inAlarm: row.in_alarm === 1,
      latched: row.latched === 1,
      acknowledged: row.acknowledged === 1,
      shelf: row.shelved_at === null || row.shelved_until === null ? null : { since: row.shelved_at, until: row.shelved_until },
      suppressedBy: row.suppressed_by,
      chattering: row.chattering === 1,
      suppressed: row.suppressed === 1,
      outOfService: row.out_of_service === 1,
      pending: null,
      occurrence: null,
      occurrences: row.occurrence,
    }); // prettier-ignore
    if (state !== last.get(row.alarm)) complain(`${row.alarm} is ${state}, its journal ends at ${last.get(row.alarm)}`);
  } // prettier-ignore
  return journal.length;
}

/** Every event once, however often it was sent. */
export async function checkEvents(options: {
  readonly db: Database;
  readonly eventIds: readonly string[];
  readonly complain: Complain;
}): Promise<void> {
  const rows = await options.db.selectFrom('field_event').select('id').execute();
  const stored = rows.map(({ id }) => id).sort();
  const expected = [...new Set(options.eventIds)].sort();
  if (JSON.stringify(stored) !== JSON.stringify(expected))
    options.complain(`${expected.length} events were sent, ${stored.length} are stored`);
}
