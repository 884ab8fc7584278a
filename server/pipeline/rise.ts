import type { Formula } from '../../config/point-source.ts';
import { isUsable, qualityCode } from '../../core/reading.ts';
import { checked, type Evaluate } from './sum.ts';

interface Sample {
  readonly at: number;
  readonly value: number;
}

const msPerHour = 3_600_000;
/** Samples in a window: more say nothing more about minutes. */
const samples = 30;
/** A line through less than this share of the window follows the noise. */
const leastOfWindow = 0.5;

/**
 * Change per hour, by least squares over the window, so that the noise of one reading hardly moves it. No value until half of the window is
 * there, again after a gap of half a window: what happened meanwhile is not known.
 */
export function createRise({ of, windowMs }: Extract<Formula, { kind: 'rise' }>): Evaluate {
  let past: Sample[] = [];
  const noValue = { value: Number.NaN, quality: qualityCode('no-value') };

  function remember(sample: Sample): void {
    const last = past.at(-1);
    if (last !== undefined && (sample.at < last.at || sample.at - last.at > windowMs * leastOfWindow))
      past = [];
    if (last === undefined || past.length === 0 || sample.at - last.at >= windowMs / samples)
      past.push(sample);
    past = past.filter(({ at }) => sample.at - at <= windowMs);
  }

  return (current) => {
    const quality = current.quality[of] ?? qualityCode('never-read');
    if (!isUsable(quality)) return { value: Number.NaN, quality };
    remember({ at: current.at[of] ?? 0, value: current.value[of] ?? Number.NaN });
    const [first] = past;
    const last = past.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < windowMs * leastOfWindow)
      return noValue;
    return checked(slopePerHour(past), quality);
  };
}

/** Of the line with the least squares of distances. */
function slopePerHour(points: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const time = mean(points.map(({ at }) => at));
  const value = mean(points.map((point) => point.value));
  const products = points.reduce((sum, point) => sum + (point.at - time) * (point.value - value), 0);
  const squares = points.reduce((sum, { at }) => sum + (at - time) ** 2, 0);
  return (products / squares) * msPerHour;
}
