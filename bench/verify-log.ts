import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldEventRepository } from '../server/access/field-events.ts';
import { verifyLog } from '../server/audit/verify.ts';
import { openDatabase } from '../server/db/database.ts';
import { createReport } from './figures.ts';

/**
 * A log of a million access events on SQLite: how fast it is appended in batches of 500 as the server does, and how long it takes to verify
 * every value of it. LOG_ENTRIES says otherwise. Prints each figure beside its aim and asserts none; `--json` prints JSON.
 */
const entries = Number(process.env['LOG_ENTRIES'] ?? 1_000_000);
const eventsAtOnce = 500;
const begin = Date.UTC(2026, 10, 23, 3);
const aimPerSecond = 1_000;
const aimSeconds = 60;

const report = createReport();
const folder = await mkdtemp(join(tmpdir(), 'pantau-verify-log-'));
const db = await openDatabase(join(folder, 'operations.db'));
try {
  const events = fieldEventRepository(db);
  const appending = performance.now();
  for (let first = 0; first < entries; first += eventsAtOnce) {
    const batch = Array.from({ length: Math.min(eventsAtOnce, entries - first) }, (_, place) => {
      const number = first + place;
      return {
        id: `dc/door-a/${String(number).padStart(9, '0')}`,
        source: 'dc/door-a',
        at: begin + number * 20,
        kind: number % 2 === 0 ? 'access-granted' : 'door-opened',
        attributes:
          number % 2 === 0
            ? { part: 'door-1', card: `8165${number % 997}`, direction: 'in', number }
            : { part: 'door-1', number },
      };
    });
    await events.add(batch, begin);
  }
  const appended = (performance.now() - appending) / 1_000;
  report.figure('access events stored and logged', entries / appended, 'events/s', { aim: { atLeast: aimPerSecond } }); // prettier-ignore
  const verifying = performance.now();
  const { problems, entries: verified } = await verifyLog(db);
  const seconds = (performance.now() - verifying) / 1_000;
  report.figure('entries verified', verified, 'entries');
  report.figure('problems found', problems, 'problems', { aim: { atMost: 0 } });
  report.figure('verifying every value', seconds, 's', { aim: { atMost: aimSeconds }, digits: 1 });
  report.figure('memory', process.memoryUsage().rss / 1_048_576, 'MB');
  report.end();
} finally {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
}
