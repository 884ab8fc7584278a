import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { joinedWidth } from '../server/historian/coarser.ts';
import type { Historian, Range, StoredReading } from '../server/historian/historian.ts';
import { readHistories } from '../server/historian/read.ts';
import { noSamples } from '../server/historian/sample-columns.ts';
import { createReport } from './figures.ts';
import { embedded, type Contender, type Trial } from './historian/contender.ts';
import { influx } from './historian/influx.ts';
import { createEstate, type Estate } from './historian/traces.ts';
import { percentile } from './percentile.ts';
import { cpuSeconds, residentMb } from './process.ts';

/**
 * What readings take on disk and how fast they are found, for each store the same readings and questions: seeded traces, like the
 * simulator's and with noise. Prints each figure beside its aim; asserts none. `--json` prints JSON; `BENCH_SMALL=1` takes less
 * than a minute and says less about size. `BENCH_INFLUX=1` adds InfluxDB where it is installed: some eight minutes on a quiet machine.
 */
const isSmall = process.env['BENCH_SMALL'] === '1';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Midnight WIB. */
const start = Date.parse('2026-01-01T00:00:00+07:00');
const contenders: readonly Contender[] =
  process.env['BENCH_INFLUX'] === '1' ? [embedded, ...influx()] : [embedded];
const { note, figure, end } = createReport();

note(`Node ${process.version}${isSmall ? ', small' : ''}`);
for (const contender of contenders) {
  for (const isNoisy of [false, true]) await sizeOf(contender, isNoisy);
  await year(contender);
  await month(contender);
  await wholeEstate(contender);
}
end();

/** Runs on a store of its own, which is deleted afterwards. */
async function withTrial(contender: Contender, work: (trial: Trial) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pantau-historian-bench-'));
  const trial = await contender.open(folder, start);
  try {
    await work(trial);
  } finally {
    await trial.historian.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Feeds slot by slot, as many together as suit the store; returns how many readings that were. */
async function feed(
  trial: Trial,
  estate: Estate,
  span: { readonly from: number; readonly to: number; readonly stepMs: number; readonly restMs?: number },
): Promise<number> {
  let readings = 0;
  let waiting: StoredReading[] = [];
  const append = async (): Promise<void> => {
    await trial.historian.append(waiting);
    readings += waiting.length;
    waiting = [];
  };
  let restAt = span.from + (span.restMs ?? Infinity);
  for (let at = span.from; at < span.to; at += span.stepMs) {
    waiting.push(...estate.poll(at));
    const isRest = at >= restAt;
    if (isRest || waiting.length >= trial.readingsPerAppend) await append();
    if (!isRest) continue;
    await trial.rest(at);
    restAt += span.restMs ?? Infinity;
  }
  await append();
  await trial.rest(span.to + 2 * hourMs);
  return readings;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
async function timesOf(count: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) times.push(await timed(() => work(i)));
  return times;
}

/** Bytes a reading with all that is kept of it, and a day of one point. */
async function sizeOf(contender: Contender, isNoisy: boolean): Promise<void> {
  const label = `${contender.name}, ${isNoisy ? 'noisy' : 'like the simulator'}`;
  await withTrial(contender, async (trial) => {
    const estate = createEstate({ devices: isSmall ? 20 : 30, pointsPerDevice: 30, seed: 7, isNoisy });
    const hours = isSmall ? 3 : 25;
    const to = start + hours * hourMs;
    const readings = await feed(trial, estate, { from: start, to, stepMs: 10_000, restMs: hourMs });
    figure(`${label}: bytes a reading`, (await trial.bytes()) / readings, 'B', {
      aim: { atMost: 0.8 },
      digits: 2,
    });
    const { historian } = trial;
    const points = estate.points;
    const day = await timesOf(60, (i) =>
      historian.raw(points[(i * 31) % points.length] ?? '', { from: to - dayMs, to }, 1_000_000),
    );
    figure(`${label}: one point, 24 h raw, p95`, percentile(day, 0.95), 'ms', {
      aim: { atMost: 20 },
      digits: 1,
    });
  });
}

/** A store that holds a history: loaded where the store can, else fed as the field does. */
async function withHistory(
  contender: Contender,
  estate: Estate,
  span: { readonly days: number; readonly stepMs: number; readonly restMs: number },
  work: (historian: Historian, range: Range) => Promise<void>,
): Promise<void> {
  const range = { from: start, to: start + span.days * dayMs };
  const folder = mkdtempSync(join(tmpdir(), 'pantau-historian-bench-'));
  const now = range.to + 2 * hourMs;
  const batches = batchesOf(estate, range, span.stepMs);
  const isLoaded = contender.load?.(folder, { points: estate.points, batches, now }) !== undefined;
  const trial = await contender.open(folder, isLoaded ? now : start);
  try {
    if (!isLoaded) await feed(trial, estate, { ...range, ...span });
    await work(trial.historian, range);
  } finally {
    await trial.historian.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function* batchesOf(estate: Estate, { from, to }: Range, stepMs: number): Generator<StoredReading[]> {
  for (let at = from; at < to; at += stepMs) yield estate.poll(at);
}

/** A year of a hundred points. */
async function year(contender: Contender): Promise<void> {
  const stepMs = 1_800_000;
  const estate = createEstate({ devices: 10, pointsPerDevice: 10, seed: 11, isNoisy: true, stepMs });
  const span = { days: isSmall ? 40 : 365, stepMs, restMs: 10 * dayMs };
  await withHistory(contender, estate, span, async (historian, range) => {
    const cpu = cpuSeconds(process.pid);
    const times = await timesOf(7, () => historian.columns(estate.points, range, '1h'));
    figure(`${contender.name}: a year at 1 h of 100 points`, percentile(times, 0.5), 'ms', {
      aim: { atMost: 150 },
    });
    figure(`${contender.name}: CPU for it`, ((cpuSeconds(process.pid) - cpu) / times.length) * 1_000, 'ms');
  });
}

/** A month of one point, polled every 10 s. */
async function month(contender: Contender): Promise<void> {
  const days = isSmall ? 5 : 30;
  const estate = createEstate({ devices: 1, pointsPerDevice: 10, seed: 13, isNoisy: true });
  const [point = ''] = estate.points.slice(9);
  const span = { days, stepMs: 10_000, restMs: dayMs };
  await withHistory(contender, estate, span, async (historian, range) => {
    const raw = await timesOf(7, () => extremesOf(historian, { point, range, count: 2_000 }));
    figure(`${contender.name}: ${days} days raw to 2,000 buckets`, percentile(raw, 0.5), 'ms', {
      aim: { atMost: 100 },
    });
    const widthMs = joinedWidth(range, '1m', 2_000);
    const asked = { points: [point], range, resolution: '1m' as const, widthMs, limit: 2_000 };
    const joined = await timesOf(7, () => readHistories(historian, asked).next());
    figure(`${contender.name}: the same of its minutes, as pages ask`, percentile(joined, 0.5), 'ms', {
      aim: { atMost: 100 },
    });
  });
}

/** Minimum, maximum and mean of raw readings in so many parts of a range, in pages. */
async function extremesOf(
  historian: Historian,
  asked: {
    readonly point: string;
    readonly range: { readonly from: number; readonly to: number };
    readonly count: number;
  },
): Promise<readonly { min: number; max: number; sum: number; readings: number }[]> {
  const { from, to } = asked.range;
  const parts = Array.from({ length: asked.count }, () => ({
    min: Infinity,
    max: -Infinity,
    sum: 0,
    readings: 0,
  }));
  const found = await historian.rawColumns([asked.point], asked.range, 10_000_000);
  const { at, value: values } = found.get(asked.point) ?? noSamples;
  for (let i = 0; i < at.length; i += 1) {
    const part = parts[Math.floor((((at[i] ?? 0) - from) / (to - from)) * asked.count)];
    const value = values[i] ?? Number.NaN;
    if (part === undefined || Number.isNaN(value)) continue;
    part.min = Math.min(part.min, value);
    part.max = Math.max(part.max, value);
    part.sum += value;
    part.readings += 1;
  }
  return parts;
}

/** Ingest, compaction and the state of everything at a time, with as many points as three sites have. */
async function wholeEstate(contender: Contender): Promise<void> {
  await withTrial(contender, async (trial) => {
    const { historian } = trial;
    const devices = isSmall ? 200 : 1_433;
    const estate = createEstate({ devices, pointsPerDevice: 30, seed: 17, isNoisy: false });
    const { name } = contender;
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const cpu = cpuSeconds(process.pid);
    const begin = performance.now();
    // The first hour is compacted while the next is fed.
    const to = start + (isSmall ? 60 : 70) * minuteMs;
    let readings = 0;
    for (let slot = start; slot < to; slot += isSmall ? 60_000 : 30_000) {
      const polled = estate.poll(slot);
      for (let i = 0; i < polled.length; i += 2_500) await historian.append(polled.slice(i, i + 2_500));
      readings += polled.length;
      await trial.rest(slot);
    }
    const seconds = (performance.now() - begin) / 1_000;
    await trial.rest(to + 2 * hourMs);
    figure(`${name}: readings taken a second, with merging`, readings / seconds, '1/s');
    figure(
      `${name}: CPU for a million readings, with compaction`,
      ((cpuSeconds(process.pid) - cpu) / readings) * 1e6,
      's',
      { digits: 1 },
    );
    figure(`${name}: event-loop delay p99 meanwhile`, delay.percentile(99) / 1e6, 'ms', {
      aim: { atMost: 20 },
      digits: 1,
    });
    delay.disable();
    const times = await timesOf(7, (i) => historian.last(to - hourMs / 2 - i * 1_000));
    figure(`${name}: all ${estate.points.length} points at a time`, percentile(times, 0.5), 'ms', {
      aim: { atMost: 200 },
    });
    const now = await timesOf(5, () => historian.last());
    figure(`${name}: all points now`, percentile(now, 0.5), 'ms', { aim: { atMost: 200 } });
    figure(`${name}: resident memory`, residentMb(process.pid), 'MB', { aim: { atMost: 400 } });
  });
}
