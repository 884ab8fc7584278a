import { createMinuteBuilder, createRollUp, createWidening, type Figures } from '../figures.ts';
import type { BucketResolution, PointFacts, Range, Sample } from '../historian.ts';
import type { Row } from './client.ts';
import { parseStates } from './line.ts';

/** In this order the fields of a bucket are asked for; `mean` is there for people and follows from `sum` and `usable`. */
export const bucketFields = ['min', 'max', 'last', 'sum', 'count', 'good', 'usable', 'covered'] as const;
/** Asked for as well, of points of states. */
export const statesField = 'states';

/** The figures of whole buckets, from the readings in them and those of `holdMs` before. */
export function figuresOf(
  samples: readonly Sample[],
  asked: { readonly range: Range; readonly resolution: BucketResolution; readonly facts: PointFacts },
): Figures[] {
  const found: Figures[] = [];
  const wider = createRollUp(asked.resolution, (figures) => found.push(figures));
  const minutes = createMinuteBuilder(asked, wider.add);
  for (const sample of samples) minutes.add(sample);
  minutes.finish();
  wider.finish();
  return found;
}

/** Days of WIB from the hours within them, ascending. */
export function daysOf(hours: readonly Figures[]): Figures[] {
  const found: Figures[] = [];
  const days = createWidening('1d', (figures) => found.push(figures));
  for (const hour of hours) days.add(hour);
  days.finish();
  return found;
}

/** What an earlier reading no longer holds into is overwritten with this: single rows cannot be deleted from one policy. */
export function noFigures(at: number, isState: boolean): Figures {
  const none = Number.NaN;
  const states = isState ? new Map<number, number>() : null;
  return { at, min: none, max: none, last: none, sum: 0, usable: 0, count: 0, good: 0, coveredMs: 0, states };
}

/** Rows are [time, …bucketFields, states]. Figures that an earlier state of the bucket left behind are not part of it. */
export function figuresOfRow(row: Row, isState: boolean): Figures | undefined {
  const [at, min, max, last, sum, count, good, usable, coveredMs, states] = row;
  if (!isNumber(at) || !isNumber(count) || !isNumber(good) || !isNumber(usable) || !isNumber(coveredMs))
    return undefined;
  if (count === 0 && coveredMs === 0) return undefined;
  const isKnown = usable > 0 || coveredMs > 0;
  const figure = (value: unknown): number => (isKnown && isNumber(value) ? value : Number.NaN);
  return {
    at,
    min: figure(min),
    max: figure(max),
    last: figure(last),
    sum: usable > 0 && isNumber(sum) ? sum : 0,
    usable,
    count,
    good,
    coveredMs,
    states: isState ? parseStates(typeof states === 'string' ? states : '') : null,
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
