import { isUsable } from '../../core/reading.ts';
import {
  bucketMs,
  type Bucket,
  type Historian,
  type PointFacts,
  type Range,
  type Sample,
} from './historian.ts';

/** Both limits are within; null: open on that side. */
export interface Band {
  readonly low: number | null;
  readonly high: number | null;
}

/** Parts of a range of time; their sum is its length. */
export interface BandTime {
  readonly withinMs: number;
  readonly belowMs: number;
  readonly aboveMs: number;
  /** Something was read, but what is left of it does not tell on which side of a limit it was at each moment. */
  readonly undecidedMs: number;
  /** A gap: no usable reading held. */
  readonly unknownMs: number;
}

interface Asked {
  readonly point: string;
  readonly range: Range;
  readonly band: Band;
  readonly facts: Pick<PointFacts, 'holdMs'>;
  readonly signal?: AbortSignal | undefined;
}

type Side = 'withinMs' | 'belowMs' | 'aboveMs';
type Known = Record<Side | 'undecidedMs', number>;

const hourMs = bucketMs['1h'];
/** Hours that are read in one go: a day of a reading a second is in memory at once. */
const hoursAtOnce = 24;
const samplesPerRead = 100_000;
const bucketsPerRead = 20_000;

/**
 * How long a point was within a band. An hour that was wholly on one side counts as a whole; a mixed one is measured exactly from its
 * raw readings, or where they are not kept any more from its minutes. Mixed minutes are `undecidedMs`.
 */
export async function timeInBand(historian: Historian, asked: Asked): Promise<BandTime> {
  const { range } = asked;
  const total = nothing();
  const partMs = bucketsPerRead * hourMs;
  for (let from = range.from; from < range.to; from += partMs)
    add(
      total,
      await partInBand(historian, { ...asked, range: { from, to: Math.min(range.to, from + partMs) } }),
    );
  const known = total.withinMs + total.belowMs + total.aboveMs + total.undecidedMs;
  return { ...total, unknownMs: Math.max(0, range.to - range.from) - known };
}

async function partInBand(historian: Historian, asked: Asked): Promise<Known> {
  const { point, range, signal } = asked;
  const found = await historian.buckets([point], { from: range.from - hourMs, to: range.to }, '1h', signal);
  return hoursInBand(historian, found.get(point) ?? [], asked);
}

/** The same of hours that were read already, for who reads many points at once; `hours` begin with the one before the range. */
export async function timeInBandOfHours(
  historian: Historian,
  hours: readonly Bucket[],
  asked: Asked,
): Promise<BandTime> {
  const known = await hoursInBand(historian, hours, asked);
  return { ...known, unknownMs: Math.max(0, asked.range.to - asked.range.from - sum(known)) };
}

async function hoursInBand(historian: Historian, hours: readonly Bucket[], asked: Asked): Promise<Known> {
  const { range, band } = asked;
  const total = nothing();
  const mixed: Bucket[] = [];
  for (const { bucket, side } of sidesOf(hours, { band, widthMs: hourMs })) {
    if (bucket.at + hourMs <= range.from) continue;
    const isWhole = bucket.at >= range.from && bucket.at + hourMs <= range.to;
    if (side !== undefined && isWhole) total[side] += bucket.coveredMs;
    else mixed.push(bucket);
  }
  for (const run of runsOf(mixed)) add(total, await measureHours(historian, run, asked));
  return total;
}

/**
 * The side on which each bucket was from its beginning to its end. The reading before it may hold into it without being one of its
 * own: it must be on that side too.
 */
function* sidesOf(
  buckets: readonly Bucket[],
  { band, widthMs }: { readonly band: Band; readonly widthMs: number },
): Generator<{ readonly bucket: Bucket; readonly side: Side | undefined }> {
  let previous: Bucket | undefined;
  for (const bucket of buckets) {
    const held = previous !== undefined && previous.at + widthMs === bucket.at ? previous.last : null;
    const side = commonSide([bucket.min, bucket.max, held], band);
    yield { bucket, side };
    previous = bucket;
  }
}

function commonSide(values: readonly (number | null)[], band: Band): Side | undefined {
  const sides = new Set(values.filter((value) => value !== null).map((value) => sideOf(value, band)));
  const [side] = sides;
  return sides.size === 1 ? side : undefined;
}

function sideOf(value: number, { low, high }: Band): Side {
  if (low !== null && value < low) return 'belowMs';
  return high !== null && value > high ? 'aboveMs' : 'withinMs';
}

/** Neighbouring hours together, so that a point that swings around its limit is not read hour by hour. */
function runsOf(hours: readonly Bucket[]): Bucket[][] {
  const runs: Bucket[][] = [];
  for (const hour of hours) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && last.at + hourMs === hour.at && run.length < hoursAtOnce)
      run.push(hour);
    else runs.push([hour]);
  }
  return runs;
}

async function measureHours(historian: Historian, hours: readonly Bucket[], asked: Asked): Promise<Known> {
  const { band, range, facts } = asked;
  const total = nothing();
  const first = hours[0];
  if (first === undefined) return total;
  const end = first.at + hours.length * hourMs;
  const samples = await allSamples(historian, asked, { from: first.at - facts.holdMs, to: end });
  const untold: Bucket[] = [];
  for (const hour of hours) {
    const whole = { from: hour.at, to: hour.at + hourMs };
    // Raw readings that are gone, or half gone, would pass for a gap: they must account for all that the hour covers.
    const told = measureSamples(samples, { range: whole, band, holdMs: facts.holdMs });
    if (sum(told) !== hour.coveredMs) untold.push(hour);
    else add(total, measureSamples(samples, { range: clip(whole, range), band, holdMs: facts.holdMs }));
  }
  for (const run of runsOf(untold)) add(total, await measureMinutes(historian, run, asked));
  return total;
}

async function measureMinutes(historian: Historian, hours: readonly Bucket[], asked: Asked): Promise<Known> {
  const { point, range, band, signal } = asked;
  const total = nothing();
  const first = hours[0];
  if (first === undefined) return total;
  const end = first.at + hours.length * hourMs;
  const minuteMs = bucketMs['1m'];
  const found = await historian.buckets([point], { from: first.at - minuteMs, to: end }, '1m', signal);
  const minutes = [...sidesOf(found.get(point) ?? [], { band, widthMs: minuteMs })];
  for (const hour of hours) {
    const own = minutes.filter(({ bucket }) => bucket.at >= hour.at && bucket.at < hour.at + hourMs);
    const part = clip({ from: hour.at, to: hour.at + hourMs }, range);
    if (own.reduce((ms, { bucket }) => ms + bucket.coveredMs, 0) !== hour.coveredMs) {
      total.undecidedMs += Math.min(hour.coveredMs, part.to - part.from);
      continue;
    }
    for (const { bucket, side } of own) {
      const overlap = clip({ from: bucket.at, to: bucket.at + minuteMs }, range);
      const ms = Math.max(0, overlap.to - overlap.from);
      const isDecided = side !== undefined && (ms === minuteMs || bucket.coveredMs === minuteMs);
      total[isDecided ? side : 'undecidedMs'] += Math.min(bucket.coveredMs, ms);
    }
  }
  return total;
}

/** Exact: each usable reading holds until the next one, for `holdMs` at most. Ascending; they may begin before the range. */
function measureSamples(
  samples: readonly Sample[],
  { range, band, holdMs }: { readonly range: Range; readonly band: Band; readonly holdMs: number },
): Known {
  const total = nothing();
  for (let place = firstAfter(samples, range.from - holdMs); place < samples.length; place += 1) {
    const sample = samples[place];
    if (sample === undefined || sample.at >= range.to) break;
    if (!isUsable(sample.quality)) continue;
    const next = samples[place + 1]?.at ?? Infinity;
    const until = Math.min(next, sample.at + holdMs, range.to);
    const ms = until - Math.max(sample.at, range.from);
    if (ms > 0) total[sideOf(sample.value, band)] += ms;
  }
  return total;
}

/** Place of the first sample at or after `at`. */
function firstAfter(samples: readonly Sample[], at: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function allSamples(historian: Historian, { point, signal }: Asked, range: Range): Promise<Sample[]> {
  const all: Sample[] = [];
  let from = range.from;
  for (;;) {
    const page = await historian.raw(point, { from, to: range.to }, samplesPerRead, signal);
    for (const sample of page) all.push(sample);
    const last = page.at(-1);
    if (last === undefined || page.length < samplesPerRead) return all;
    from = last.at + 1;
  }
}

function clip({ from, to }: Range, range: Range): Range {
  return { from: Math.max(from, range.from), to: Math.min(to, range.to) };
}

function nothing(): Known {
  return { withinMs: 0, belowMs: 0, aboveMs: 0, undecidedMs: 0 };
}

function sum({ withinMs, belowMs, aboveMs, undecidedMs }: Known): number {
  return withinMs + belowMs + aboveMs + undecidedMs;
}

function add(total: Known, part: Known): void {
  total.withinMs += part.withinMs;
  total.belowMs += part.belowMs;
  total.aboveMs += part.aboveMs;
  total.undecidedMs += part.undecidedMs;
}
