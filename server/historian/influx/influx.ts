import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isUsable } from '../../../core/reading.ts';
import { createPointFacts } from '../facts.ts';
import { bucketsOfPoints, firstSamples } from '../figures.ts';
import {
  HistorianRefusal,
  type FactsOf,
  type Historian,
  type Range,
  type Sample,
  type StoredReading,
} from '../historian.ts';
import { isStorable } from '../normalise.ts';
import { createInfluxClient, InfluxError, textOf, type Refused, type Series } from './client.ts';
import { decodePoint, encodeLine, encodePoint, measurement, quoteName, quoteText } from './line.ts';

const linesPerWrite = 5_000;
const samplesPerPage = 10_000;
/** All series are asked for their last reading at once. */
const lastTimeoutMs = 8_000;
/** Lines are encoded in slices, between which the event loop runs. */
const linesPerSlice = 1_000;
/** What InfluxDB can tell from a 64-bit count of nanoseconds, in ms. */
const earliestMs = -9_223_372_036_854;
const latestMs = 9_223_372_036_854;

/**
 * Readings in InfluxDB (tested with 1.6), over the v1 API: measurement `reading`, tag `point`, fields `value` and `quality`.
 * `url` may hold user and password. Opening creates the database if the server permits and goes on if not; while the server
 * is away, opening succeeds and appends reject. Buckets are computed here from raw samples, page by page: the
 * server's own aggregates cannot tell a bad reading from an absent one in the same way.
 */
export async function openInfluxHistorian(options: {
  readonly url: string;
  readonly database: string;
  readonly log: Logger;
  /** Receives readings that the server will never take, if it says which. */
  readonly setAside?: (readings: readonly StoredReading[], reason: string) => void;
  readonly facts?: FactsOf;
}): Promise<Historian> {
  const { url, database, log, setAside, facts = createPointFacts().of } = options;
  const client = createInfluxClient(url, database);
  let problem: string | undefined;
  let refusedInAll = 0;
  /** The last refusal that was logged, without its numbers. */
  let refusal: string | undefined;

  async function createDatabase(): Promise<void> {
    try {
      await client.execute(`CREATE DATABASE ${quoteName(database)}`);
    } catch (error) {
      log.warn({ reason: textOf(error), database }, 'InfluxDB: the database was not created; going on');
    }
  }

  async function write(lines: readonly string[]): Promise<Refused> {
    try {
      return await client.write(lines);
    } catch (error) {
      if (!(error instanceof InfluxError) || error.status !== 404) throw error;
      await createDatabase();
      return await client.write(lines);
    }
  }

  /** The edges are logged: a server that refuses the readings of one point would otherwise fill the log. */
  function noteRefusal({ count, reason }: Refused): void {
    refusedInAll += count;
    const kind = reason?.replace(/[\d']+/g, '').slice(0, 100);
    if (kind !== undefined && kind !== refusal)
      log.warn({ refused: count, inAll: refusedInAll, reason }, 'InfluxDB refused readings');
    if (kind === undefined && refusal !== undefined)
      log.info({ inAll: refusedInAll }, 'InfluxDB takes all readings again');
    refusal = kind;
    problem =
      count === 0
        ? undefined
        : `InfluxDB refused ${count} of the last readings (${refusedInAll} in all): ${reason}`;
  }

  async function append(readings: readonly StoredReading[]): Promise<void> {
    let refused: Refused = { count: 0, reason: undefined, named: [] };
    try {
      for (let from = 0; from < readings.length; from += linesPerWrite) {
        const storable = readings.slice(from, from + linesPerWrite).filter(isStorable);
        if (storable.length === 0) continue;
        const part = await write(await encode(storable));
        refused = { ...part, count: refused.count + part.count, reason: part.reason ?? refused.reason };
        const named = part.named.flatMap((place) => storable[place] ?? []);
        if (named.length > 0) setAside?.(named, part.reason ?? 'refused');
      }
    } catch (error) {
      problem = `InfluxDB did not take the last write: ${textOf(error)}`;
      throw refusalOf(error) ?? error;
    }
    noteRefusal(refused);
  }

  async function* scan(point: string, range: Range, pageSize: number): AsyncGenerator<Sample[]> {
    let from = Math.max(Math.ceil(range.from), earliestMs);
    const to = Math.min(Math.ceil(range.to), latestMs);
    while (from < to) {
      const [series] = await client.query(
        `SELECT "value", "quality" FROM ${quoteName(measurement)} WHERE "point" = ${quoteText(encodePoint(point))}` +
          ` AND time >= ${from}ms AND time < ${to}ms ORDER BY time ASC LIMIT ${pageSize}`,
      );
      const page = samplesOf(series);
      yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      from = last.at + 1;
    }
  }

  await createDatabase();
  return {
    append: (batch) => append(batch),
    raw: (point, range, limit, signal) =>
      firstSamples(scan(point, range, Math.min(limit, samplesPerPage)), limit, signal),
    buckets: (points, range, resolution, signal) =>
      bucketsOfPoints((point, within) => scan(point, within, samplesPerPage), {
        points, range, resolution, facts, signal,
      }), // prettier-ignore
    pin: () => Promise.reject(new Error('pins are not kept yet')),
    async last(at, signal) {
      signal?.throwIfAborted();
      const until =
        at === undefined
          ? ''
          : ` WHERE time <= ${Math.max(earliestMs, Math.min(Math.floor(at), latestMs))}ms`;
      // The fields beside one selector are those of the selected point: a value, or none where the reading was bad.
      const found = await client.query(
        `SELECT "value", last("quality") FROM ${quoteName(measurement)}${until} GROUP BY "point"`,
        lastTimeoutMs,
      );
      return new Map(
        found.flatMap((series) => {
          const [sample] = samplesOf(series);
          const point = series.tags?.['point'];
          return sample === undefined || point === undefined ? [] : [[decodePoint(point), sample]];
        }),
      );
    },
    problem: () => problem,
    close() {
      client.close();
      return Promise.resolve();
    },
  };
}

/** Rows are [time, value, quality]. The later append may have overwritten the quality alone: a bad reading has no value. */
function samplesOf(series: Series | undefined): Sample[] {
  return (series?.values ?? []).flatMap(([at, value, quality]) => {
    if (typeof at !== 'number' || typeof quality !== 'number') return [];
    return [{ at, value: typeof value === 'number' && isUsable(quality) ? value : Number.NaN, quality }];
  });
}

async function encode(readings: readonly StoredReading[]): Promise<string[]> {
  const lines: string[] = [];
  for (const [place, reading] of readings.entries()) {
    if (place % linesPerSlice === linesPerSlice - 1) await nextTurn();
    lines.push(encodeLine(reading) ?? '');
  }
  return lines;
}

/** Answers that will not change, however often the same lines are sent. */
function refusalOf(error: unknown): HistorianRefusal | undefined {
  if (!(error instanceof InfluxError)) return undefined;
  if (error.status === 413) return new HistorianRefusal('too-large', error.message);
  return error.status === 400 || error.status === 422
    ? new HistorianRefusal('refused', error.message)
    : undefined;
}
