import type { Logger } from 'pino';
import { isUsable } from '../../../core/reading.ts';
import { bucketsOf, firstSamples } from '../figures.ts';
import type { Historian, Range, Sample } from '../historian.ts';
import { createInfluxClient, InfluxError, type Refused, type Series } from './client.ts';
import { decodePoint, encodeLine, encodePoint, measurement, quoteName, quoteText } from './line.ts';

const linesPerWrite = 5_000;
const samplesPerPage = 10_000;
/** What InfluxDB can tell from a 64-bit count of nanoseconds, in ms. */
const earliestMs = -9_223_372_036_854;
const latestMs = 9_223_372_036_854;

/**
 * Readings in InfluxDB (tested with 1.6), over the v1 API: measurement `reading`, tag `point`, fields `value` and `quality`.
 * `url` may hold user and password. Opening makes the database if the server lets it and goes on if not; a server
 * that is away does not reject the opening but the appends. Buckets are computed here from raw samples, page by
 * page: the server's own aggregates cannot tell a bad reading from an absent one in the same way.
 */
export async function openInfluxHistorian(options: {
  readonly url: string;
  readonly database: string;
  readonly log: Logger;
}): Promise<Historian> {
  const { url, database, log } = options;
  const client = createInfluxClient(url, database);
  let problem: string | undefined;
  let refusedInAll = 0;

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

  async function append(lines: readonly string[]): Promise<void> {
    let refused: Refused = { count: 0, reason: undefined };
    try {
      for (let i = 0; i < lines.length; i += linesPerWrite) {
        const part = await write(lines.slice(i, i + linesPerWrite));
        refused = { count: refused.count + part.count, reason: part.reason ?? refused.reason };
      }
    } catch (error) {
      problem = `InfluxDB did not take the last write: ${textOf(error)}`;
      throw error;
    }
    refusedInAll += refused.count;
    problem =
      refused.count === 0
        ? undefined
        : `InfluxDB refused ${refused.count} of the last readings (${refusedInAll} in all): ${refused.reason}`;
    if (refused.count > 0)
      log.warn(
        { refused: refused.count, inAll: refusedInAll, reason: refused.reason },
        'InfluxDB refused readings',
      );
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
    append: (batch) => append(batch.map(encodeLine).filter((line) => line !== undefined)),
    raw: (point, range, limit) => firstSamples(scan(point, range, Math.min(limit, samplesPerPage)), limit),
    buckets: (point, range, resolution) => bucketsOf(scan(point, range, samplesPerPage), resolution),
    async last(at) {
      const until =
        at === undefined
          ? ''
          : ` WHERE time <= ${Math.max(earliestMs, Math.min(Math.floor(at), latestMs))}ms`;
      // The fields beside one selector are those of the selected point: a value, or none where the reading was bad.
      const found = await client.query(
        `SELECT "value", last("quality") FROM ${quoteName(measurement)}${until} GROUP BY "point"`,
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
    close: () => Promise.resolve(),
  };
}

/** Rows are [time, value, quality]. The later append may have overwritten the quality alone: a bad reading has no value. */
function samplesOf(series: Series | undefined): Sample[] {
  return (series?.values ?? []).flatMap(([at, value, quality]) => {
    if (typeof at !== 'number' || typeof quality !== 'number') return [];
    return [{ at, value: typeof value === 'number' && isUsable(quality) ? value : Number.NaN, quality }];
  });
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
