import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { sql } from 'kysely';
import { pino } from 'pino';
import { systemClock } from '../core/clock.ts';
import { openEventQueue } from '../core/event-queue.ts';
import type { FieldEvent } from '../core/field-event.ts';
import { createControllers } from '../server/access/controllers/controllers.ts';
import { controllerRepository } from '../server/access/controllers/repository.ts';
import { createEventStore } from '../server/access/event-store.ts';
import { fieldEventRepository } from '../server/access/field-events.ts';
import { openDatabase } from '../server/db/database.ts';
import type { Database } from '../server/db/schema.ts';
import { createReport } from './figures.ts';

/**
 * The list of a million door events on SQLite, by every filter of `GET access-events`, and how many events a second are stored for good while
 * it is there, with their places in the log and the numbering of their controllers. Prints figures beside their aims; `--json` prints JSON.
 */
const rows = 1_000_000;
const end = Date.UTC(2026, 10, 23, 3);
const begin = end - 365 * 86_400_000;
const pageRows = 101;
const aimPageMs = 100;
const aimEventsPerS = 1_000;
const burst = 20_000;
const atOnce = 500;

/** Ten doors at each of three sites, 500 cards, one event in a thousand forced. */
async function fill(db: Database): Promise<void> {
  const chunk = 10_000;
  const stepMs = (end - begin) / rows;
  for (let from = 0; from < rows; from += chunk)
    await sql`
      insert into field_event (id, site, device, at, kind, attributes, received_at, room, part, card, person)
      with recursive number(k) as (select cast(${from} as integer) union all select k + 1 from number where k + 1 < ${from + chunk})
      select 'dc/door#' || k, case k % 3 when 0 then 'dc' when 1 then 'drc' else 'smart-dc' end, 'door-' || (k * 7919 % 10),
        ${begin} + cast(k * ${stepMs} as integer),
        case when k % 1000 = 7 then 'door-forced' when k % 3 = 0 then 'access-granted' when k % 3 = 1 then 'door-opened' else 'door-closed' end,
        '{"card":"' || (8165000 + k * 7919 % 500) || '","part":"door-1"}', ${end}, 'room-' || (k * 7919 % 10), 'door-' || (k % 4),
        cast(8165000 + k * 7919 % 500 as text), 'person-' || (k * 7919 % 500)
      from number`.execute(db);
}

const filters = {
  none: {},
  site: { site: 'dc' },
  'site and room': { site: 'drc', room: 'room-3' },
  device: { site: 'dc', device: 'door-2' },
  'device and door': { site: 'dc', device: 'door-2', door: 'door-3' },
  'rare kind': { kind: 'door-forced' },
  'site and rare kind': { site: 'smart-dc', kind: 'door-forced' },
  card: { card: '8165123' },
  person: { person: 'person-321' },
  'a month of a site': { site: 'dc', from: begin + 90 * 86_400_000, to: begin + 120 * 86_400_000 },
  'far into the list': { after: [begin + 30 * 86_400_000, ''] as const },
};

async function slowest(times: number, work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  for (let time = 0; time < times; time += 1) {
    const started = performance.now();
    await work();
    longest = Math.max(longest, performance.now() - started);
  }
  return longest;
}

function happened(number: number): FieldEvent {
  const at = Date.now();
  return {
    id: `dc/door#405419896,${number}@${at}`,
    source: 'dc/door',
    at,
    kind: 'access-granted',
    attributes: {
      part: 'door-1',
      controller: 405_419_896,
      number,
      card: '8165537',
      method: 'card',
      direction: 'in',
    },
  };
}

const folder = await mkdtemp(join(tmpdir(), 'pantau-access-'));
const report = createReport();
try {
  const db = await openDatabase(join(folder, 'operations.db'));
  const repository = fieldEventRepository(db, () => 'room-1');
  await fill(db);
  report.note(`${rows} events over a year`);
  for (const [name, filter] of Object.entries(filters)) {
    const longest = await slowest(5, () => repository.list({ ...filter, limit: pageRows }));
    report.figure(`page by ${name}`, longest, 'ms', { aim: { atMost: aimPageMs }, digits: 1 });
  }
  const log = pino({ level: 'silent' });
  const states = controllerRepository(db);
  const known = createControllers(await states.all());
  const store = createEventStore({
    repository,
    queue: openEventQueue({ path: join(folder, 'field-events.db'), log, now: () => systemClock.now() }),
    controllers: { known, repository: states },
    clock: systemClock,
    log,
    onStored: () => undefined,
  });
  const started = performance.now();
  for (let number = 1; number <= burst; number += atOnce)
    store.sink(Array.from({ length: atOnce }, (_, index) => happened(number + index)));
  while (store.state().waiting > 0) await systemClock.sleep(20);
  const seconds = (performance.now() - started) / 1_000;
  await store.close();
  report.figure('events stored', burst / seconds, 'events/s', { aim: { atLeast: aimEventsPerS } });
  const { lost } = store.state();
  report.figure('events lost', lost + burst - store.state().stored, 'events', { aim: { atMost: 0 } });
  const missing = known.states().reduce((sum, state) => sum + state.missing, 0);
  report.figure('numbers taken for missing', missing, 'events', { aim: { atMost: 0 } });
  await db.destroy();
} finally {
  await rm(folder, { recursive: true, force: true });
}
report.end();
