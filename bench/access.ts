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
import { fieldEventRepository, type FieldEventRepository } from '../server/access/field-events.ts';
import { openDatabase } from '../server/db/database.ts';
import type { Database } from '../server/db/schema.ts';
import { createReport } from './figures.ts';
import { percentile } from './percentile.ts';

/**
 * The list of a million door events, by every combination of the filters of the log page, first and far into the list, with values that many,
 * few and no events have; and how many events a second are stored for good while it is there, with their places in the log and the numbering
 * of their controllers. On SQLite; BENCH_DATABASE names an empty PostgreSQL database. Prints figures beside their aims; `--json` prints JSON.
 */
const rows = 1_000_000;
const end = Date.UTC(2026, 10, 23, 3);
const begin = end - 365 * 86_400_000;
/** As the page asks, and one more to know whether there are further ones. */
const pageRows = 501;
const turns = 5;
const aimPageMs = 100;
const aimEventsPerS = 1_000;
const burst = 20_000;
const atOnce = 500;

/** Ten doors at each of three sites, 500 cards, one event in a thousand forced; doors close in four rooms of ten. */
async function fill(db: Database): Promise<void> {
  const chunk = 10_000;
  const stepMs = (end - begin) / rows;
  for (let from = 0; from < rows; from += chunk)
    await sql`
      insert into field_event (id, site, device, at, kind, attributes, received_at, room, part, card, person)
      with recursive number(k) as (select cast(${from} as bigint) union all select k + 1 from number where k + 1 < ${from + chunk})
      select 'dc/door#' || k, case k % 3 when 0 then 'dc' when 1 then 'drc' else 'smart-dc' end, 'door-' || (k * 7919 % 10),
        ${sql.lit(begin)} + cast(k * ${sql.lit(stepMs)} as bigint),
        case when k % 1000 = 7 then 'door-forced' when k * 7919 % 10 < 4 then 'door-closed' when k % 7 < 4 then 'access-granted' else 'door-opened' end,
        '{"card":"' || (8165000 + k * 7919 % 500) || '","part":"door-1"}', ${sql.lit(end)}, 'room-' || (k * 7919 % 10), 'door-' || (k % 4),
        cast(8165000 + k * 7919 % 500 as text), 'person-' || (k * 7919 % 500)
      from number`.execute(db);
}

type Filter = Parameters<FieldEventRepository['list']>[0];
type Choice = Readonly<Record<string, Omit<Filter, 'limit'>>>;

/** One of each is combined with one of every other. A closed door is in no room where a card was read, and a stranger's card nowhere. */
const choices: readonly Choice[] = [
  {
    '': {},
    site: { site: 'dc' },
    'site, room': { site: 'drc', room: 'room-3' },
    'site, device': { site: 'dc', device: 'door-2' },
    'site, device, door': { site: 'dc', device: 'door-2', door: 'door-3' },
  },
  { '': {}, 'rare kind': { kind: 'door-forced' }, 'common kind': { kind: 'door-closed' }, 'no kind': { kind: 'tamper' } },
  { '': {}, card: { card: '8165123' }, 'no card': { card: '1' }, person: { person: 'person-321' } },
  { '': {}, month: { from: begin + 90 * 86_400_000, to: begin + 120 * 86_400_000 } },
  { '': {}, 'far into the list': { after: [begin + 100 * 86_400_000, ''] } },
]; // prettier-ignore

function combined(rest: readonly Choice[]): [name: string, Omit<Filter, 'limit'>][] {
  const [first, ...others] = rest;
  if (first === undefined) return [['', {}]];
  return Object.entries(first).flatMap(([name, filter]) =>
    combined(others).map(([more, beside]): [string, Omit<Filter, 'limit'>] => [
      [name, more].filter((part) => part !== '').join(', '),
      { ...filter, ...beside },
    ]),
  );
}

/** Times of several turns, ms: the median is what people wait for, the longest what a busy machine makes of it. */
async function timesOf(
  work: () => Promise<unknown>,
): Promise<{ readonly median: number; readonly longest: number }> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return { median: percentile(times, 0.5), longest: Math.max(...times) };
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
  const db = await openDatabase(process.env['BENCH_DATABASE'] ?? join(folder, 'operations.db'));
  const repository = fieldEventRepository(db, () => 'room-1');
  await fill(db);
  report.note(`${rows} events over a year`);
  const pages: { readonly name: string; readonly median: number; readonly longest: number }[] = [];
  for (const [name, filter] of combined(choices))
    pages.push({ name, ...(await timesOf(() => repository.list({ ...filter, limit: pageRows }))) });
  pages.sort((one, other) => other.median - one.median);
  report.note(`${pages.length} combinations of filters, ${turns} times each; the slowest:`);
  for (const { name, median, longest } of pages.slice(0, 5))
    report.note(`  ${median.toFixed(1)} ms (longest ${longest.toFixed(1)}): ${name}`);
  report.figure('slowest page, median', pages[0]?.median ?? NaN, 'ms', {
    aim: { atMost: aimPageMs },
    digits: 1,
  });
  report.figure('slowest page, longest', Math.max(...pages.map(({ longest }) => longest)), 'ms', {
    aim: { atMost: aimPageMs },
    digits: 1,
  });
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
