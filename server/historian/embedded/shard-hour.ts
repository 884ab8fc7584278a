import { isUsable } from '../../../core/reading.ts';
import { createMinuteBuilder, type Figures } from '../figures.ts';
import type { PointFacts, Sample, SampleColumns } from '../historian.ts';
import { mergeSampleColumns } from '../sample-columns.ts';
import { decodeHour, decodeLast, decodeTimes, encodeHour, type LastInHour, type SeriesHour } from './codec/hour.ts'; // prettier-ignore
import { createScratch } from './codec/scratch.ts';
import { hourMs } from './layout.ts';

/** An hour of one shard's series as its rows hold it, by place in the shard. */
export interface ShardHour {
  /** Undefined when there is no row. Throws when it is damaged. */
  read(local: number): SeriesHour | undefined;
  /** The last reading before the offset `until`. Throws when the row is damaged. */
  last(local: number, until: number): LastInHour | undefined;
}

export function openShardHour(blobOf: (local: number) => Uint8Array | undefined): ShardHour {
  const lent = new Map<number, Float64Array>();
  const scratch = createScratch();
  function timesOf(lender: number): Float64Array {
    const known = lent.get(lender);
    if (known !== undefined) return known;
    const blob = blobOf(lender);
    if (blob === undefined) throw new RangeError('the row with the times is gone');
    const times = decodeTimes(blob);
    lent.set(lender, times);
    return times;
  }
  return {
    read(local) {
      const blob = blobOf(local);
      return blob === undefined ? undefined : decodeHour(blob, timesOf);
    },
    last(local, until) {
      const blob = blobOf(local);
      return blob === undefined ? undefined : decodeLast(blob, { timesOf, until, scratch });
    },
  };
}

/** The rows of an hour, by place in the shard. Series that were read at the same times share these. */
export function encodeShardHour(hours: ReadonlyMap<number, SeriesHour>): Map<number, Uint8Array> {
  const lenders = new Map<string, number[]>();
  const rows = new Map<number, Uint8Array>();
  for (const [local, hour] of hours) {
    const { offset } = hour;
    const key = `${offset.length} ${offset[0]} ${offset[offset.length - 1]}`;
    const candidates = lenders.get(key) ?? [];
    const lender = candidates.find((each) => isSame(hours.get(each)?.offset, offset));
    if (lender === undefined) lenders.set(key, [...candidates, local]);
    rows.set(local, encodeHour(hour, lender));
  }
  return rows;
}

function isSame(a: Float64Array | undefined, b: Float64Array): boolean {
  return a !== undefined && a.length === b.length && a.every((at, i) => at === b[i]);
}

/** Both ascending; of two at the same time the one that came later stays. */
export function mergeHours(earlier: SeriesHour | undefined, later: SeriesHour): SeriesHour {
  if (earlier === undefined) return later;
  const { at: offset, ...rest } = mergeSampleColumns(columnsOf(earlier), columnsOf(later));
  return { offset, ...rest };
}

/** Their times count from the hour's begin. */
export function columnsOf({ offset, value, quality }: SeriesHour): SampleColumns {
  return { at: offset, value, quality };
}

function sampleOf({ offset, value, quality }: SeriesHour, hour: number, i: number): Sample {
  return { at: hour * hourMs + (offset[i] ?? 0), value: value[i] ?? Number.NaN, quality: quality[i] ?? 0 };
}
export function lastOf(hour: SeriesHour | undefined, number: number): Sample | undefined {
  if (hour === undefined || hour.offset.length === 0) return undefined;
  return sampleOf(hour, number, hour.offset.length - 1);
}

/** The figures of an hour's minutes; `before` is the last reading of the hour before. */
export function minutesOf(
  samples: Iterable<Sample>,
  { hour, before, facts }: { hour: number; before: Sample | undefined; facts: PointFacts },
): { readonly figures: Figures[]; readonly spillMs: number } {
  const figures: Figures[] = [];
  const range = { from: hour * hourMs, to: (hour + 1) * hourMs };
  const builder = createMinuteBuilder({ range, facts }, (each) => figures.push(each));
  if (before !== undefined) builder.add(before);
  let last: Sample | undefined;
  for (const sample of samples) builder.add((last = sample));
  builder.finish();
  const spillMs = last !== undefined && isUsable(last.quality) ? last.at + facts.holdMs - range.to : 0;
  return { figures, spillMs: Math.max(0, spillMs) };
}

export function* samplesOf(hour: SeriesHour | undefined, number: number): Generator<Sample> {
  for (let i = 0; i < (hour?.offset.length ?? 0); i += 1)
    if (hour !== undefined) yield sampleOf(hour, number, i);
}
