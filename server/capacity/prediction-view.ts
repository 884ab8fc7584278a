import type { Model } from '../../config/model.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { PredictionView } from '../contracts/capacity.ts';
import type { Prediction } from './repository.ts';
import { errorPercent } from './seen.ts';
import { elementView, namesByKey } from './view.ts';

/** What was predicted beside what was seen, and how far off it was. */
export function predictionView(model: Model, prediction: Prediction): PredictionView {
  const { id, site, at, elements, predicted, judgedAt, seen } = prediction;
  const beside = (pick: 'dark' | 'losesRedundancy' | 'overloads' | 'gensetKw'): PredictionView['dark'] => ({
    predicted: predicted[pick],
    seen: seen?.[pick] ?? null,
  });
  const each = (pick: 'batteries' | 'loads' | 'temperatures') =>
    Object.entries(predicted[pick]).map(([key, value]) => ({
      key,
      predicted: value,
      seen: seen?.[pick][key] ?? null,
    }));
  const [loads, batteries, temperatures] = [each('loads'), each('batteries'), each('temperatures')];
  const genset = beside('gensetKw');
  const warming = warmingRows(prediction);
  const dark = darkRacks(prediction);
  const pdus = seen?.pdus ?? null;
  return {
    id,
    site,
    at: iso(at),
    elements: elements.map((element) => elementView(model, element)),
    names: namesByKey(model, [
      ...[...batteries, ...loads, ...temperatures].map(({ key }) => key),
      ...warming.map(({ hall }) => hall),
      ...(pdus?.worst ?? []).map(({ rack }) => rack),
      ...(dark?.notPredicted ?? []),
      ...(dark?.notSeen ?? []),
    ]),
    judgedAt: isoOrNull(judgedAt),
    dark: beside('dark'),
    losesRedundancy: beside('losesRedundancy'),
    overloads: beside('overloads'),
    darkRacks: dark,
    unread: seen?.unread ?? 0,
    batteries: batteries.map(({ key, ...rest }) => ({ ups: key, ...rest })),
    loads,
    gensets: genset.predicted === null ? null : genset,
    pdus,
    temperatures: temperatures.map(({ key, ...rest }) => ({ hall: key, ...rest })),
    warming,
    watchedMinutes: seen?.watchedMinutes ?? null,
    loadErrorPercent: largest(loads.map(percentOff)),
    batteryErrorPercent: largest(batteries.map(percentOff)),
    gensetErrorPercent: percentOff(genset),
    temperatureErrorC: largest(temperatures.map(off)),
    minutesError: largest(warming.map((row) => minutesOff(row, seen?.watchedMinutes ?? null))),
  };
}

interface Pair {
  readonly predicted: number | null;
  readonly seen: number | null;
}

/** Null while there is nothing to compare. */
function percentOff({ predicted, seen }: Pair): number | null {
  return predicted === null || seen === null || seen <= 0 ? null : errorPercent(predicted, seen);
}

function off({ predicted, seen }: Pair): number | null {
  return predicted === null || seen === null ? null : Math.abs(predicted - seen);
}

function largest(errors: readonly (number | null)[]): number | null {
  const known = errors.filter((error) => error !== null);
  return known.length === 0 ? null : Math.max(...known);
}

type WarmingRow = PredictionView['warming'][number];

function warmingRows({ predicted, seen }: Prediction): WarmingRow[] {
  return Object.entries(predicted.warming).flatMap(([hall, limits]) =>
    limits.map(({ limitC, minutes }) => {
      const reached = seen?.warming[hall]?.find((row) => row.limitC === limitC)?.minutes;
      return { hall, limitC, predicted: minutes, seen: typeof reached === 'number' ? reached : null };
    }),
  );
}

/** A limit that was not reached although it should have been for so long is off by at least that; one that was not due yet proves nothing. */
function minutesOff({ predicted, seen }: WarmingRow, watchedMinutes: number | null): number | null {
  if (typeof predicted !== 'number') return null;
  if (seen !== null) return Math.abs(predicted - seen);
  return watchedMinutes !== null && watchedMinutes > predicted ? watchedMinutes - predicted : null;
}

function darkRacks({ predicted, seen }: Prediction): PredictionView['darkRacks'] {
  const [expected, found] = [predicted.darkRacks, seen?.darkRacks ?? null];
  if (expected === null || found === null) return null;
  return {
    notPredicted: found.filter((rack) => !expected.includes(rack)),
    notSeen: expected.filter((rack) => !found.includes(rack)),
  };
}
