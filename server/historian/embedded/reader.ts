import type { BucketColumns, BucketResolution, FactsOf, Range, Sample, SampleColumns } from '../historian.ts';
import {
  createSampleColumnsBuilder,
  firstOf,
  mergeSampleColumns,
  noSamples,
  sampleColumnsOf,
  samplesIn,
} from '../sample-columns.ts';
import { wholeBuckets } from '../figures.ts';
import { createKnownCounts } from './codec/figure-row.ts';
import { createScratch } from './codec/scratch.ts';
import { createWorkspace } from './columns-builder.ts';
import { openConnection, type Work } from './connection.ts';
import type { ShardBlobs } from './hour-rows.ts';
import { hourMs } from './layout.ts';
import { createLoose } from './loose.ts';
import { mergeByTime } from './merge.ts';
import { createNewest } from './newest.ts';
import { seriesRow, seriesRows } from './schema.ts';
import { coverageOf, createStoredBuckets } from './stored-buckets.ts';
import { createStoredHours, type StoredHours } from './stored-hours.ts';

/** Reads on the calling thread in short turns; answers do not depend on how far what they are made of is compacted. */
export interface Reader {
  /** Ascending in time, one sample per time. */
  scan(point: string, range: Range, signal?: AbortSignal): AsyncGenerator<readonly Sample[]>;
  /** As `Historian.rawColumns`. */
  samples(
    points: readonly string[],
    asked: { readonly range: Range; readonly limit: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Map<string, SampleColumns>>;
  /** As `Historian.columns`. */
  columns(
    points: readonly string[],
    asked: AskedColumns & { readonly signal?: AbortSignal | undefined },
  ): Promise<Map<string, BucketColumns>>;
  /** As `Historian.last`. */
  last(at: number, signal?: AbortSignal, points?: ReadonlySet<string>): Promise<Map<string, Sample>>;
  /** Blobs that could not be decoded, counted each time they were read: gaps in what was answered. */
  damagedBlobs(): number;
  close(): void;
}

interface AskedColumns {
  readonly range: Range;
  readonly resolution: BucketResolution;
  readonly facts: FactsOf;
}

/** Where the readings of one series are. */
interface Place {
  readonly series: number;
  /** Not compacted yet. */
  readonly late: readonly Sample[];
  readonly hours: readonly number[];
}

const seriesPerStep = 5_000;
/** What finding an hour's readings costs, in values. */
const hourCost = 100;
/** Of so many series most share their packs with others. */
const manySeries = 8;
/** A page of `scan` holds at least so many samples, or ends with the range. */
const samplesPerPage = 10_000;

export function openReader(path: string): Reader {
  const connection = openConnection(path);
  const { database, run } = connection;
  const findSeries = database.prepare('select id, point from series where point = ?');
  const nextSeries = database.prepare('select id, point from series where id >= ? order by id limit ?');
  const loose = createLoose(connection);
  const stored = createStoredHours(connection);
  const storedBuckets = createStoredBuckets(connection, stored);
  const newest = createNewest(connection, loose);
  /** By series; grows as points appear. */
  const names: string[] = [];

  function* seriesOf(points: readonly string[]): Work<Map<number, string>> {
    const found = new Map<number, string>();
    for (const point of points) {
      const row = seriesRow.optional().parse(findSeries.get(point));
      if (row !== undefined) found.set(row.id, point);
      yield 20;
    }
    return found;
  }

  function* nameSeries(): Work<void> {
    for (;;) {
      const rows = seriesRows.parse(nextSeries.all(names.length, seriesPerStep));
      if (rows.length === 0) return;
      for (const { id, point } of rows) names[id] = point;
      yield rows.length * 4;
    }
  }

  function* placeOf(point: string, range: Range): Work<Place | undefined> {
    const [series] = (yield* seriesOf([point])).keys();
    if (series === undefined || range.from >= range.to) return undefined;
    const late = (yield* loose.of(new Set([series]), range)).get(series) ?? [];
    return { series, late, hours: yield* stored.within(range) };
  }

  /** Ticks and chunks hold the readings of every point: they are decoded once for all that are asked for. */
  function* samplesOf(
    points: readonly string[],
    { range, limit }: { readonly range: Range; readonly limit: number },
  ): Work<Map<string, SampleColumns>> {
    const found = new Map<string, SampleColumns>(points.map((point) => [point, noSamples]));
    const series = yield* seriesOf(points);
    if (range.from >= range.to) return found;
    const late = yield* loose.of(new Set(series.keys()), range);
    const hours = yield* stored.within(range);
    for (const [id, point] of series) {
      const samples = createSampleColumnsBuilder();
      for (const hour of hours) {
        if (samples.length >= limit) break;
        yield hourCost + stored.addSamples(samples, { series: id, hour, range });
      }
      const all = mergeSampleColumns(samples.finish(), sampleColumnsOf(late.get(id) ?? []));
      found.set(point, firstOf(all, limit));
    }
    return found;
  }

  function* columnsOf(
    points: readonly string[],
    { range, resolution, facts }: AskedColumns,
  ): Work<Map<string, BucketColumns>> {
    const found = new Map<string, BucketColumns>();
    const series = yield* seriesOf(points);
    const reach = { from: range.from - hourMs, to: range.to };
    const late = yield* loose.of(new Set(series.keys()), reach);
    const coverage = yield* coverageOf(stored, { range: reach, resolution });
    const shared = {
      scratch: { rows: createScratch(), minutes: createScratch() },
      counts: createKnownCounts(),
      workspace: createWorkspace(),
    };
    const packs = series.size < manySeries ? undefined : new Map<number, ShardBlobs>();
    for (const [id, point] of series) {
      const columns = yield* storedBuckets.of({
        series: id,
        range,
        resolution,
        facts: facts(point),
        coverage,
        ...shared,
        packs,
        loose: late.get(id) ?? [],
      });
      if (columns.at.length > 0) found.set(point, columns);
    }
    return found;
  }

  return {
    async *scan(point, range, signal) {
      const place = await run(placeOf(point, range), signal);
      if (place === undefined) return;
      const { series, late, hours } = place;
      let nextHour = 0;
      let nextLate = 0;
      while (nextHour < hours.length) {
        const page = await run(pageOf(stored, { series, range, hours: hours.slice(nextHour) }), signal);
        nextHour += page.hours;
        const end = nextHour < hours.length ? (hours[nextHour] ?? 0) * hourMs : Infinity;
        const from = nextLate;
        while ((late[nextLate]?.at ?? Infinity) < end) nextLate += 1;
        yield mergeByTime(page.samples, late.slice(from, nextLate));
      }
      yield late.slice(nextLate);
    },

    async samples(points, { range, limit, signal }) {
      signal?.throwIfAborted();
      return run(samplesOf(points, { range, limit }), signal);
    },

    async columns(points, { range: given, signal, ...asked }) {
      signal?.throwIfAborted();
      const range = wholeBuckets(given, asked.resolution);
      if (range.from >= range.to) return new Map();
      return run(columnsOf(points, { ...asked, range }), signal);
    },

    async last(at, signal, points) {
      await run(nameSeries(), signal);
      const isWanted = points === undefined ? undefined : names.map((name) => points.has(name));
      const moment = await run(newest.at(at, isWanted), signal);
      // Series that appeared meanwhile.
      if (moment.length > names.length) await run(nameSeries(), signal);
      return moment.named(names, points);
    },

    damagedBlobs: connection.damaged,
    close: connection.close,
  };
}

/** The samples of the first of the hours, as many as make a page. */
function* pageOf(
  stored: StoredHours,
  asked: { readonly series: number; readonly range: Range; readonly hours: readonly number[] },
): Work<{ readonly samples: Sample[]; readonly hours: number }> {
  const { series, range } = asked;
  const samples = createSampleColumnsBuilder();
  let hours = 0;
  for (const hour of asked.hours) {
    const looked = stored.addSamples(samples, { series, hour, range });
    hours += 1;
    if (samples.length >= samplesPerPage) break;
    yield hourCost + looked;
  }
  return { samples: samplesIn(samples.finish()), hours };
}
