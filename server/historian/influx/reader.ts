import { isUsable } from '../../../core/reading.ts';
import type { Figures } from '../figures.ts';
import { grouped } from '../../../core/grouped.ts';
import { bucketMs, type BucketResolution, type FactsOf, type Range, type Sample } from '../historian.ts';
import type { Retention } from '../tiers.ts';
import type { InfluxClient, Row, Series } from './client.ts';
import { decodePoint, encodePoint } from './line.ts';
import {
  bucketMeasurement, legacyPolicy, measurement, policies, quoteName, quoteText, tags,
} from './names.ts'; // prettier-ignore
import type { Layout } from './policies.ts';
import { bucketFields, figuresOfRow, statesField } from './tiers.ts';

/** An answer is parsed in one go on the main thread: some 10 ms. */
const rowsPerAnswer = 10_000;
const pointsPerQuery = 50;
/** All series are asked for their last reading at once. */
const lastTimeoutMs = 20_000;
const pointsTimeoutMs = 8_000;
/** What InfluxDB can tell from a 64-bit count of nanoseconds, in ms. */
const earliestMs = -9_223_372_036_854;
const latestMs = 9_223_372_036_854;
const dayMs = 86_400_000;

export interface InfluxReader {
  /** One point's readings in pages. */
  scan(point: string, range: Range, options?: { readonly pageSize?: number; readonly signal?: AbortSignal | undefined }): AsyncGenerator<Sample[]>;
  /** Readings of many points, for a range of hours. `from` by point: a reading from before may hold into the range. */
  readings(points: readonly string[], range: Range, signal?: AbortSignal): Promise<Map<string, Sample[]>>;
  /** Stored buckets. */
  buckets(
    points: readonly string[],
    asked: { readonly range: Range; readonly resolution: BucketResolution; readonly signal?: AbortSignal | undefined },
  ): Promise<Map<string, Figures[]>>;
  last(at?: number, signal?: AbortSignal, points?: ReadonlySet<string>): Promise<Map<string, Sample>>;
  /** Every point that has readings. */
  points(): Promise<string[]>;
} // prettier-ignore

export function createInfluxReader(options: {
  readonly client: InfluxClient;
  readonly layout: () => Promise<Layout>;
  readonly facts: FactsOf;
  /** Readings may be gone from `raw` before this time. */
  readonly rawEdge: () => number;
}): InfluxReader {
  const { client, layout, facts, rawEdge } = options;

  const source = (policy: string, name: string): string => `${quoteName(policy)}.${quoteName(name)}`;

  function rawSources({ hasPolicies, legacy }: Layout, range: Range): string {
    if (!hasPolicies) return quoteName(measurement);
    const isLegacy = legacy !== undefined && range.from < legacy.to && range.to > legacy.from;
    const names: string[] = [
      policies.raw,
      ...(isLegacy ? [legacyPolicy] : []),
      ...(range.from < rawEdge() ? [policies.pinned] : []),
    ];
    return names.map((name) => source(name, measurement)).join(', ');
  }

  /** At most `limit` rows of each point. */
  async function* seriesOf(
    points: readonly string[],
    asked: {
      readonly fields: string;
      readonly from: string;
      readonly range: Range;
      readonly rowsPerPoint: number;
      readonly signal?: AbortSignal | undefined;
    },
  ): AsyncGenerator<{ readonly point: string; readonly values: readonly Row[] }> {
    const group = Math.max(1, Math.min(pointsPerQuery, Math.floor(rowsPerAnswer / Math.max(1, asked.rowsPerPoint))));
    const limit = Math.ceil(rowsPerAnswer / group);
    for (let next = 0; next < points.length; next += group) {
      const found = await client.query(
        `SELECT ${asked.fields} FROM ${asked.from} WHERE ${within(asked.range)} AND (${points.slice(next, next + group).map(isPoint).join(' OR ')})` +
          ` GROUP BY ${quoteName(tags.point)} ORDER BY time ASC LIMIT ${limit}`,
        { signal: asked.signal },
      );
      for (const { tags: found_, values } of found) {
        const stored = found_?.[tags.point];
        if (stored === undefined) continue;
        const point = decodePoint(stored);
        yield { point, values };
        const last = values.at(-1)?.[0];
        if (values.length < limit || typeof last !== 'number') continue;
        const rest = { ...asked, range: { from: last + 1, to: asked.range.to }, rowsPerPoint: rowsPerAnswer };
        yield* seriesOf([point], rest);
      }
    }
  } // prettier-ignore

  async function* scan(
    point: string,
    range: Range,
    { pageSize = rowsPerAnswer, signal }: { readonly pageSize?: number; readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<Sample[]> {
    const known = await layout();
    let { from } = clipped(range);
    const { to } = clipped(range);
    while (from < to) {
      const [series] = await client.query(
        `SELECT "value", "quality" FROM ${rawSources(known, { from, to })} WHERE ${isPoint(point)}` +
          ` AND ${within({ from, to })} ORDER BY time ASC LIMIT ${pageSize}`,
        { signal },
      );
      const page = samplesOf(series);
      yield page;
      const last = page.at(-1);
      if (last === undefined || (series?.values.length ?? 0) < pageSize) return;
      from = last.at + 1;
    }
  } // prettier-ignore

  return {
    scan,
    async readings(points, range, signal) {
      const known = await layout();
      const found = new Map<string, Sample[]>();
      // Points of one interval together: a query takes as many as fit into one answer.
      for (const [everyMs, members] of grouped(points, (point) => likelyIntervalMs(facts(point).holdMs))) {
        const whole = clipped({ from: range.from - Math.max(...members.map((point) => facts(point).holdMs)), to: range.to });
        const asked = {
          fields: '"value", "quality"',
          from: rawSources(known, whole),
          range: whole,
          rowsPerPoint: (whole.to - whole.from) / everyMs,
          signal,
        };
        for await (const { point, values } of seriesOf(members, asked)) {
          const samples = found.get(point) ?? [];
          for (const sample of samplesOf({ values })) samples.push(sample);
          found.set(point, samples);
        }
      }
      return found;
    },
    async buckets(points, { range, resolution, signal }) {
      const found = new Map<string, Figures[]>();
      const kinds = grouped(points, (point) => facts(point).isState);
      for (const [states, members] of kinds) {
        const fields = [...bucketFields, ...(states ? [statesField] : [])];
        const asked = {
          fields: fields.map(quoteName).join(', '),
          from: source(policies[resolution], bucketMeasurement),
          range: clipped(range),
          rowsPerPoint: (range.to - range.from) / bucketMs[resolution],
          signal,
        };
        for await (const { point, values } of seriesOf(members, asked)) {
          const buckets = found.get(point) ?? [];
          for (const row of values) {
            const bucket = figuresOfRow(row, states);
            // A point whose unit changed has two series.
            if (bucket !== undefined && bucket.at !== buckets.at(-1)?.at) buckets.push(bucket);
          }
          found.set(point, buckets);
        }
      }
      return found;
    },
    async last(at, signal, points) {
      signal?.throwIfAborted();
      const known = await layout();
      const until = Math.min(Math.floor(at ?? latestMs), latestMs);
      const from = known.legacy === undefined || !known.hasPolicies ? [known.hasPolicies ? source(policies.raw, measurement) : quoteName(measurement)] : [source(policies.raw, measurement), source(legacyPolicy, measurement)];
      // The fields beside one selector are those of the selected point: a value, or none where the reading was bad.
      const found = await client.query(
        `SELECT "value", last("quality") FROM ${from.join(', ')}` +
          (at === undefined ? '' : ` WHERE time <= ${Math.max(earliestMs, until)}ms`) +
          ` GROUP BY ${quoteName(tags.point)}`,
        { timeoutMs: lastTimeoutMs, signal },
      );
      return new Map(
        found.flatMap((series) => {
          const [sample] = samplesOf(series);
          const tag = series.tags?.[tags.point];
          const point = tag === undefined ? undefined : decodePoint(tag);
          if (sample === undefined || point === undefined || points?.has(point) === false) return [];
          return [[point, sample]];
        }),
      );
    },
    async points() {
      const [series] = await client.query(
        `SHOW TAG VALUES FROM ${source(policies.raw, measurement)} WITH KEY = ${quoteName(tags.point)}`,
        { timeoutMs: pointsTimeoutMs },
      );
      return (series?.values ?? []).flatMap(([, point]) => (typeof point === 'string' ? [decodePoint(point)] : []));
    },
  };
} // prettier-ignore

/** A reading goes stale after some three intervals; what is held for an hour may come every second. */
function likelyIntervalMs(holdMs: number): number {
  return holdMs >= 3_600_000 ? 1_000 : Math.max(1_000, Math.floor(holdMs / 3_500) * 1_000);
}

function isPoint(point: string): string {
  return `${quoteName(tags.point)} = ${quoteText(encodePoint(point))}`;
}

function within({ from, to }: Range): string {
  return `time >= ${from}ms AND time < ${to}ms`;
}

function clipped({ from, to }: Range): Range {
  return { from: Math.max(Math.ceil(from), earliestMs), to: Math.min(Math.ceil(to), latestMs) };
}

/**
 * Rows are [time, value, quality]. The later append may have overwritten the quality alone: a bad reading has no value. A reading that is
 * in two policies, or in two series because the unit of its point changed, comes twice.
 */
function samplesOf(series: Pick<Series, 'values'> | undefined): Sample[] {
  const samples: Sample[] = [];
  for (const [at, value, quality] of series?.values ?? []) {
    if (typeof at !== 'number' || typeof quality !== 'number' || samples.at(-1)?.at === at) continue;
    samples.push({
      at,
      value: typeof value === 'number' && isUsable(quality) ? value : Number.NaN,
      quality,
    });
  }
  return samples;
}

/** From when on `raw` holds every reading that was stored. */
export function rawEdgeOf(retention: Retention, now: number): number {
  return now - retention.raw + Math.min(dayMs, retention.raw / 10);
}
