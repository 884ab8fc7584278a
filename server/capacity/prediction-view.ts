import { iso, isoOrNull } from '../../core/time.ts';
import type { PredictionView } from '../contracts/capacity.ts';
import type { Prediction } from './repository.ts';

/** What was predicted beside what was seen, and how far off the loads were. */
export function predictionView({
  id,
  site,
  at,
  elements,
  predicted,
  judgedAt,
  seen,
}: Prediction): PredictionView {
  const beside = (pick: 'dark' | 'losesRedundancy' | 'overloads'): PredictionView['dark'] => ({
    predicted: predicted[pick],
    seen: seen?.[pick] ?? null,
  });
  const each = (pick: 'batteries' | 'loads' | 'temperatures') =>
    Object.entries(predicted[pick]).map(([key, value]) => ({
      key,
      predicted: value,
      seen: seen?.[pick][key] ?? null,
    }));
  const loads = each('loads');
  return {
    id,
    site,
    at: iso(at),
    elements: [...elements],
    judgedAt: isoOrNull(judgedAt),
    dark: beside('dark'),
    losesRedundancy: beside('losesRedundancy'),
    overloads: beside('overloads'),
    batteries: each('batteries').map(({ key, ...rest }) => ({ ups: key, ...rest })),
    loads,
    temperatures: each('temperatures').map(({ key, ...rest }) => ({ hall: key, ...rest })),
    loadErrorPercent: largestError(loads),
  };
}

/** Null while there is nothing to compare. */
function largestError(
  loads: readonly { readonly predicted: number | null; readonly seen: number | null }[],
): number | null {
  const errors = loads.flatMap(({ predicted, seen }) =>
    predicted === null || seen === null || seen <= 0 ? [] : [(Math.abs(predicted - seen) / seen) * 100],
  );
  return errors.length === 0 ? null : Math.max(...errors);
}
