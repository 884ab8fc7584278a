import { defaultRetention } from '../../config/schema/history.ts';
import { bucketMs, type BucketResolution, type Range, type Retention } from './historian.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export type Resolution = 'raw' | BucketResolution;

export type { Retention };
export { defaultRetention };

/** Without a wish for a number of buckets: as fine as a chart can show. */
const upTo: readonly (readonly [Resolution, number])[] = [
  ['raw', 2 * hourMs],
  ['1m', 72 * hourMs],
  ['1h', 400 * dayMs],
];
/** With one: raw readings, mostly one in 5 or 10 s, while there are hardly more of them than buckets were asked for. */
const rawStepMs = 10_000;

/** The resolution to answer with: by the length of the range, and coarser where the finer one is not kept any more. */
export function chooseResolution(
  range: Range,
  {
    now,
    buckets,
    retention = defaultRetention,
  }: { readonly now: number; readonly buckets?: number | undefined; readonly retention?: Retention },
): Resolution {
  const wanted = buckets === undefined ? byLength(range) : byCount(range, buckets);
  const order: readonly Resolution[] = ['raw', '1m', '1h', '1d'];
  const kept = order.slice(order.indexOf(wanted)).find((tier) => range.from >= now - retention[tier]);
  return kept ?? '1d';
}

function byLength({ from, to }: Range): Resolution {
  return upTo.find(([, lengthMs]) => to - from <= lengthMs)?.[0] ?? '1d';
}

function byCount({ from, to }: Range, buckets: number): Resolution {
  const stepMs = (to - from) / buckets;
  if (to - from <= 2 * hourMs && stepMs <= rawStepMs) return 'raw';
  if (stepMs >= bucketMs['1d']) return '1d';
  return stepMs >= bucketMs['1h'] ? '1h' : '1m';
}
