import type { AccuracyView, PredictionView } from '../contracts/capacity.ts';

/** How far off the predictions of these events were, figure by figure; only figures that could be compared. */
export function accuracyOf(predictions: readonly PredictionView[]): AccuracyView[] {
  return figures.flatMap(({ figure, of }) => {
    const errors = predictions.flatMap((each) => of(each) ?? []).sort((a, b) => a - b);
    const [median, largest] = [errors[Math.floor((errors.length - 1) / 2)], errors.at(-1)];
    return median === undefined || largest === undefined
      ? []
      : [{ figure, events: errors.length, median, largest }];
  });
}

interface FigureOf {
  readonly figure: AccuracyView['figure'];
  readonly of: (prediction: PredictionView) => number | null;
}

const figures: readonly FigureOf[] = [
  { figure: 'ups-load', of: ({ loadErrorPercent }) => loadErrorPercent },
  { figure: 'pdu-load', of: ({ pdus }) => pdus?.medianErrorPercent ?? null },
  { figure: 'battery', of: ({ batteryErrorPercent }) => batteryErrorPercent },
  { figure: 'genset-load', of: ({ gensetErrorPercent }) => gensetErrorPercent },
  { figure: 'temperature', of: ({ temperatureErrorC }) => temperatureErrorC },
  { figure: 'minutes', of: ({ minutesError }) => minutesError },
  {
    figure: 'dark-racks',
    of: ({ darkRacks }) => (darkRacks === null ? null : darkRacks.notPredicted.length + darkRacks.notSeen.length),
  },
]; // prettier-ignore
