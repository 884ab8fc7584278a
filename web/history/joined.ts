import uPlot from 'uplot';
import type { Series } from './series.ts';

/**
 * The series over all of their times together. A gap reaches to the series' own next value, however many times of the others lie in
 * between: uPlot would draw a line across it.
 */
export function joined(series: readonly Series[]): uPlot.AlignedData {
  const [kept, expanded] = [1, 2] as const;
  return uPlot.join(
    series.map(({ x, value, min, max }) => [[...x], [...value], [...min], [...max]]),
    series.map(() => [kept, expanded, expanded, expanded]),
  );
}
