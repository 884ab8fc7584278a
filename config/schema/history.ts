import { z } from 'zod';
import { durationBetween } from './common.ts';

const dayMs = 86_400_000;

/** Unless the file says otherwise. */
export const defaultRetention = {
  raw: 60 * dayMs,
  '1m': 365 * dayMs,
  '1h': 3_650 * dayMs,
  '1d': 3_650 * dayMs,
  /** 36 months. */
  pinned: 1_096 * dayMs,
} as const;

const kept = durationBetween('1d', '3650d');
/** Raw readings are what everything else is repaired from after an outage. */
const rawKept = durationBetween('7d', '3650d');

/** From the finest to what must be kept at least as long. */
const order = [
  ['raw', '1m'],
  ['1m', '1h'],
  ['1h', '1d'],
  ['raw', 'pinned'],
] as const;

/** How long the history store keeps what. The same series becomes coarser with age: a coarser one is never kept for less time. */
export const historySchema = z.strictObject({
  retention: z
    .strictObject({
      raw: rawKept.default(defaultRetention.raw),
      '1m': kept.default(defaultRetention['1m']),
      '1h': kept.default(defaultRetention['1h']),
      '1d': kept.default(defaultRetention['1d']),
      /** Raw readings of load tests and of P1 and P2 incidents. */
      pinned: kept.default(defaultRetention.pinned),
    })
    .check((context) => {
      for (const [finer, coarser] of order)
        if (context.value[coarser] < context.value[finer])
          context.issues.push({
            code: 'custom',
            path: [coarser],
            input: context.value[coarser],
            message: `at least as long as ${finer}, ${context.value[finer] / dayMs}d`,
          });
    }),
});
