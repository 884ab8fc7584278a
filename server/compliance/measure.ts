import { nextTurn } from '../../core/slices.ts';
import { timeInBandOfHours } from '../historian/band.ts';
import { bucketsIn } from '../historian/columns.ts';
import { factsOfPoint } from '../historian/facts.ts';
import { bucketMs, type Bucket, type Historian, type Range } from '../historian/historian.ts';
import { isWithin, type BoundPoint } from './bind.ts';
import type { Held } from './verdict.ts';

const hourMs = bucketMs['1h'];
/** Read together, in some megabytes: what is not compacted yet is looked through once for all of them. */
const hoursAtOnce = 100_000;
/** Some milliseconds' worth, between which the event loop runs. */
const hoursPerTurn = 5_000;

/** What one point was in a time. */
export interface PointFigures extends Held {
  readonly bound: BoundPoint;
  readonly belowMs: number;
  readonly aboveMs: number;
  /** The value did not move for longer than is believed; that time is not known. */
  readonly frozenMs: number;
  /** Furthest beyond its limit, or nearest to it; absent of states that were right and of what was not measured. */
  readonly worst?: Extreme | undefined;
  /** Hours that have a mean, and by how much those means were below and above the limits, added up: what ASHRAE's indices need. */
  readonly hours: number;
  readonly belowSum: number;
  readonly aboveSum: number;
  readonly meanSum: number;
}

interface Extreme {
  readonly value: number;
  /** The hour it was in. */
  readonly at: number;
  /** How far beyond its limit, in the point's unit; negative: within by so much. */
  readonly excess: number;
}

interface Asked {
  readonly points: readonly BoundPoint[];
  /** Whole hours. */
  readonly range: Range;
  readonly frozenAfterMs: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many points are done. */
  readonly onProgress?: ((points: number) => void) | undefined;
}

/** Each point's figures over whole hours, from the hours of the historian; only hours that a limit lies within are read as they were measured. */
export async function measure(historian: Historian, asked: Asked): Promise<PointFigures[]> {
  const { points, range, signal, onProgress } = asked;
  const figures: PointFigures[] = [];
  const hours = Math.max(1, Math.ceil((range.to - range.from) / hourMs));
  const group = Math.max(1, Math.floor(hoursAtOnce / hours));
  for (let first = 0; first < points.length && range.from < range.to; first += group) {
    signal?.throwIfAborted();
    const together = points.slice(first, first + group);
    const found = await historian.columns(
      together.map(({ point }) => point.id),
      { from: range.from - hourMs, to: range.to },
      '1h',
      signal,
    );
    let looked = 0;
    for (const bound of together) {
      const columns = found.get(bound.point.id);
      const own = columns === undefined ? [] : bucketsIn(columns);
      figures.push(await figuresOf(historian, bound, { hours: own, asked }));
      looked += own.length;
      // Of points that need no readings nothing waits, however many there are.
      if (looked < hoursPerTurn) continue;
      looked = 0;
      await nextTurn();
    }
    onProgress?.(together.length);
  }
  return figures;
}

async function figuresOf(
  historian: Historian,
  bound: BoundPoint,
  { hours, asked }: { readonly hours: readonly Bucket[]; readonly asked: Asked },
): Promise<PointFigures> {
  const { range, signal, frozenAfterMs } = asked;
  const within = hours.filter(({ at }) => at >= range.from);
  const totalMs = range.to - range.from;
  if (bound.states !== undefined) return { bound, totalMs, ...ofStates(bound, within) };
  const time = await timeInBandOfHours(historian, hours, {
    point: bound.point.id,
    range,
    band: { low: bound.low, high: bound.high },
    facts: factsOfPoint(bound.point),
    signal,
  });
  const frozenMs = frozenAfterMs === undefined ? 0 : frozenTime(within, frozenAfterMs);
  const { withinMs, belowMs, aboveMs } = time;
  const knownMs = withinMs + belowMs + aboveMs;
  // A frozen value is neither right nor wrong: it is taken from both as it lay.
  const part = knownMs > 0 ? Math.max(0, 1 - frozenMs / knownMs) : 1;
  return {
    bound,
    totalMs,
    heldMs: withinMs * part,
    brokenMs: (belowMs + aboveMs) * part,
    belowMs: belowMs * part,
    aboveMs: aboveMs * part,
    frozenMs: Math.min(frozenMs, knownMs),
    worst: extremeOf(bound, within),
    ...excessOf(bound, within),
  };
}

function ofStates(bound: BoundPoint, hours: readonly Bucket[]): Omit<PointFigures, 'bound' | 'totalMs'> {
  let heldMs = 0;
  let brokenMs = 0;
  let worst: Extreme | undefined;
  for (const { at, states } of hours)
    for (const [state, ms] of states ?? []) {
      if (isWithin(bound, state)) heldMs += ms;
      else {
        brokenMs += ms;
        worst ??= { value: state, at, excess: 1 };
      }
    }
  return { heldMs, brokenMs, belowMs: 0, aboveMs: brokenMs, frozenMs: 0, worst, hours: 0, belowSum: 0, aboveSum: 0, meanSum: 0 };
} // prettier-ignore

function extremeOf({ low, high }: BoundPoint, hours: readonly Bucket[]): Extreme | undefined {
  let worst: Extreme | undefined;
  const look = (value: number | null, at: number, excess: (value: number) => number): void => {
    if (value !== null && (worst === undefined || excess(value) > worst.excess))
      worst = { value, at, excess: excess(value) };
  };
  for (const { at, min, max } of hours) {
    if (low !== null) look(min, at, (value) => low - value);
    if (high !== null) look(max, at, (value) => value - high);
  }
  return worst;
}

function excessOf({ low, high }: BoundPoint, hours: readonly Bucket[]) {
  const sums = { hours: 0, belowSum: 0, aboveSum: 0, meanSum: 0 };
  for (const { mean } of hours) {
    if (mean === null) continue;
    sums.hours += 1;
    sums.meanSum += mean;
    if (low !== null) sums.belowSum += Math.max(0, low - mean);
    if (high !== null) sums.aboveSum += Math.max(0, mean - high);
  }
  return sums;
}

/** Runs of hours with one value only that are as long as `afterMs`; a gap does not move a value either. Pure. */
export function frozenTime(hours: readonly Bucket[], afterMs: number): number {
  let total = 0;
  let value: number | undefined;
  let runMs = 0;
  let from = 0;
  const close = (until: number): void => {
    if (value !== undefined && until - from >= afterMs) total += runMs;
    value = undefined;
    runMs = 0;
  };
  let last = 0;
  for (const { at, min, max, coveredMs } of hours) {
    if (min === null || max === null) continue;
    if (value !== undefined && (min !== value || max !== value)) close(last);
    if (min === max) {
      if (value === undefined) {
        value = min;
        from = at;
      }
      runMs += coveredMs;
    }
    last = at + hourMs;
  }
  close(last);
  return total;
}

/** The first sample of an hour that has this value; the hour itself where its readings are not kept any more. */
export async function momentOf(
  historian: Historian,
  point: string,
  { value, at }: Pick<Extreme, 'value' | 'at'>,
): Promise<number> {
  const samples = await historian.raw(point, { from: at, to: at + hourMs }, 20_000);
  return samples.find((sample) => sample.value === value)?.at ?? at;
}
