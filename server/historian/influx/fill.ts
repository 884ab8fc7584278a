import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import { bucketStart, bucketMs, type FactsOf, type Sample } from '../historian.ts';
import type { InfluxClient } from './client.ts';
import { hourMs, type DueHours } from './due.ts';
import type { LineEncoder } from './line.ts';
import { policies, quoteName } from './names.ts';
import type { InfluxReader } from './reader.ts';
import { daysOf, figuresOf, noFigures } from './tiers.ts';

const pointsPerBatch = 200;
/** Computed at a time, between which the event loop runs. */
const pointsPerSlice = 20;
/** Hours that the server has to be told of: measurement `due` in policy `1h`, one row an hour. */
export const dueMeasurement = 'due';

/**
 * Fills the stored buckets of hours that are due: reads their raw readings, computes, writes. Here rather than in continuous queries, which
 * know neither how long a reading holds nor the time in a state, and never look at late readings (docs/decisions/012-influxdb.md).
 */
export function createFiller(options: {
  readonly client: InfluxClient;
  readonly reader: InfluxReader;
  readonly due: DueHours;
  readonly facts: FactsOf;
  readonly encoder: LineEncoder;
  /** Copies of an hour's readings that are pinned. */
  readonly keepPinned: (point: string, samples: readonly Sample[], hour: number) => readonly string[];
  readonly monotonic: () => number;
  readonly rawEdge: () => number;
}) {
  const { client, reader, due, facts, encoder, keepPinned, monotonic, rawEdge } = options;

  async function write(lines: readonly string[], policy: string): Promise<void> {
    if (lines.length === 0) return;
    const { count, reason } = await client.write(lines, policy);
    // Late readings may be older than a policy keeps buckets.
    if (count > 0 && reason?.includes('beyond retention') !== true)
      throw new Error(`InfluxDB refused ${count} buckets: ${reason}`);
  }

  /** Lines for the buckets, and for those that were there and are no longer. */
  function linesOf(point: string, buckets: readonly Figures[], before: readonly Figures[]): string[] {
    const present = new Set(buckets.map(({ at }) => at));
    const gone = before.filter(({ at }) => !present.has(at));
    const empty = gone.map(({ at }) => noFigures(at, facts(point).isState));
    return [...buckets, ...empty].map((bucket) => encoder.bucket(point, bucket));
  }

  /** The newest hour that has stored buckets, or may have some: none of them are looked for in newer ones. */
  let newest = -Infinity;
  async function begin(hour: number): Promise<boolean> {
    const isFresh = hour > newest;
    if (isFresh) await client.write([`${dueMeasurement} filled=true ${hour}`], policies['1h']);
    newest = Math.max(newest, hour);
    return isFresh;
  }

  async function fillBatch(points: readonly string[], hour: number, isFresh: boolean): Promise<void> {
    const range = { from: hour, to: hour + hourMs };
    const readings = await reader.readings(points, range);
    for (const resolution of ['1m', '1h'] as const) {
      const before = isFresh ? undefined : await reader.buckets(points, { range, resolution });
      const lines: string[] = [];
      for (const [place, point] of points.entries()) {
        if (place % pointsPerSlice === 0) await nextTurn();
        const samples = readings.get(point) ?? [];
        const buckets = figuresOf(samples, { range, resolution, facts: facts(point) });
        lines.push(...linesOf(point, buckets, before?.get(point) ?? []));
      }
      await write(lines, policies[resolution]);
    }
    await write(
      points.flatMap((point) => keepPinned(point, readings.get(point) ?? [], hour)),
      policies.pinned,
    );
    const day = bucketStart(hour, '1d');
    const hours = await reader.buckets(points, {
      range: { from: day, to: day + bucketMs['1d'] },
      resolution: '1h',
    });
    const days = points.map((point) => {
      const [whole] = daysOf(hours.get(point) ?? []);
      return encoder.bucket(point, whole ?? noFigures(day, facts(point).isState));
    });
    await write(days, policies['1d']);
  }

  return {
    /** From the server, before the first run. */
    async load(): Promise<void> {
      const [series] = await client.query(
        `SELECT last("filled") FROM ${quoteName(policies['1h'])}.${quoteName(dueMeasurement)}`,
      );
      const at = series?.values[0]?.[0];
      if (typeof at === 'number') newest = Math.max(newest, at);
    },
    /**
     * Fills the hours that ended before `until` and are quiet since `quietSince`; rejects at the first that cannot be. `rest` comes
     * between two batches, with the time that one took.
     */
    async run(
      until: number,
      quietSince: number,
      rest: (tookMs: number) => Promise<void> = () => Promise.resolve(),
    ): Promise<void> {
      for (const hour of due.ready(until, quietSince)) {
        const points = await due.take(hour, () => reader.points());
        try {
          // Its readings may be gone: what is stored is all there is.
          if (hour >= rawEdge()) {
            const isFresh = await begin(hour);
            for (let next = 0; next < points.length; next += pointsPerBatch) {
              const begun = monotonic();
              await fillBatch(points.slice(next, next + pointsPerBatch), hour, isFresh);
              await rest(monotonic() - begun);
            }
          }
        } catch (error) {
          due.giveBack(hour);
          throw error;
        }
        await due.done(hour, async () => {
          await client.write([`${dueMeasurement} open=false ${hour}`], policies['1h']);
        });
      }
    },
  };
}
