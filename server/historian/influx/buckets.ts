import { bucketOf, bucketsOfPoints, wholeBuckets, type Figures } from '../figures.ts';
import {
  bucketMs,
  bucketStart,
  type Bucket,
  type BucketResolution,
  type FactsOf,
  type Range,
} from '../historian.ts';
import { hourMs, type DueHours } from './due.ts';
import { grouped } from '../../../core/grouped.ts';
import type { Layout } from './policies.ts';
import type { InfluxReader } from './reader.ts';
import { daysOf, figuresOf } from './tiers.ts';

/** So much of raw readings at a time. */
const longestRunMs = 6 * hourMs;

interface Asked {
  readonly range: Range;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `Historian.buckets`: one query for the stored ones of many points, and raw readings for the hours that are due and for what a version
 * without stored buckets wrote.
 */
export function createBucketQuery(options: {
  readonly reader: InfluxReader;
  readonly due: DueHours;
  readonly layout: () => Promise<Layout>;
  readonly facts: FactsOf;
  /** Readings from before may be gone: their hours are what is stored of them. */
  readonly rawEdge: () => number;
}) {
  const { reader, due, layout, facts, rawEdge } = options;

  function openHours(point: string, range: Range, legacy: Range | undefined): number[] {
    const edge = rawEdge();
    const open = new Set(due.of(point, range).filter((hour) => hour >= edge));
    if (legacy !== undefined) {
      // Its last reading may hold into the hour after.
      const end = Math.min(range.to, legacy.to + hourMs);
      const begin = Math.floor(Math.max(range.from, legacy.from) / hourMs) * hourMs;
      for (let hour = begin; hour < end; hour += hourMs) open.add(hour);
    }
    return [...open].sort((a, b) => a - b);
  }

  async function fine(points: readonly string[], resolution: '1m' | '1h', asked: Asked): Promise<Map<string, Figures[]>> {
    const { range, signal } = asked;
    const { legacy } = await layout();
    // Before the stored ones are read: an hour that is filled meanwhile is computed all the same.
    const open = new Map(points.map((point) => [point, openHours(point, range, legacy)]));
    const stored = await reader.buckets(points, { ...asked, resolution });
    const alike = grouped(points, (point) => (open.get(point) ?? []).join());
    for (const members of alike.values()) {
      const hours = open.get(members[0] ?? '') ?? [];
      if (hours.length === 0) continue;
      const isOpen = new Set(hours);
      for (const point of members)
        stored.set(point, (stored.get(point) ?? []).filter(({ at }) => !isOpen.has(bucketStart(at, '1h'))));
      for (const run of runsOf(hours, hourMs, longestRunMs)) {
        signal?.throwIfAborted();
        const within = { from: Math.max(run.from, range.from), to: Math.min(run.to, range.to) };
        const readings = await reader.readings(members, within, signal);
        for (const [point, samples] of readings) {
          const computed = figuresOf(samples, { range: within, resolution, facts: facts(point) });
          stored.get(point)?.push(...computed);
        }
      }
      for (const point of members) stored.get(point)?.sort((a, b) => a.at - b.at);
    }
    return stored;
  } // prettier-ignore

  async function days(points: readonly string[], { range, signal }: Asked): Promise<Map<string, Figures[]>> {
    const { legacy } = await layout();
    const open = new Map(
      points.map((point) => [point, new Set(openHours(point, range, legacy).map((hour) => bucketStart(hour, '1d')))]),
    );
    const stored = await reader.buckets(points, { range, resolution: '1d', signal });
    const alike = grouped(points, (point) => [...(open.get(point) ?? [])].join());
    for (const members of alike.values()) {
      const isOpen = open.get(members[0] ?? '') ?? new Set<number>();
      if (isOpen.size === 0) continue;
      for (const point of members)
        stored.set(point, (stored.get(point) ?? []).filter(({ at }) => !isOpen.has(at)));
      for (const run of runsOf([...isOpen], bucketMs['1d'], Infinity)) {
        const hours = await fine(members, '1h', { range: run, signal });
        for (const [point, buckets] of hours) stored.get(point)?.push(...daysOf(buckets));
      }
      for (const point of members) stored.get(point)?.sort((a, b) => a.at - b.at);
    }
    return stored;
  } // prettier-ignore

  return async (
    points: readonly string[],
    asked: Range,
    resolution: BucketResolution,
    signal?: AbortSignal,
  ): Promise<Map<string, Bucket[]>> => {
    signal?.throwIfAborted();
    const range = wholeBuckets(asked, resolution);
    if (range.from >= range.to) return new Map();
    const { hasPolicies } = await layout();
    if (!hasPolicies) {
      const scan = (point: string, within: Range) => reader.scan(point, within, { signal });
      return bucketsOfPoints(scan, { points, range, resolution, facts, signal });
    }
    const found =
      resolution === '1d'
        ? await days(points, { range, signal })
        : await fine(points, resolution, { range, signal });
    // In the order of the question.
    const answer = new Map<string, Bucket[]>();
    for (const point of points) {
      const buckets = found.get(point) ?? [];
      if (buckets.length > 0) answer.set(point, buckets.map(bucketOf));
    }
    return answer;
  };
}

/** Neighbouring beginnings, ascending, as ranges of at most `longestMs`. */
function runsOf(beginnings: readonly number[], widthMs: number, longestMs: number): Range[] {
  const runs: { from: number; to: number }[] = [];
  for (const at of beginnings) {
    const last = runs.at(-1);
    if (last?.to === at && at + widthMs - last.from <= longestMs) last.to = at + widthMs;
    else runs.push({ from: at, to: at + widthMs });
  }
  return runs;
}
