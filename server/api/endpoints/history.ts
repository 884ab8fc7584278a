import { z } from 'zod';
import { describeQuality } from '../../../core/reading.ts';
import { historyView, type HistoryView } from '../../contracts/points.ts';
import { bucketMs, bucketStart, type Historian, type Range } from '../../historian/historian.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput } from '../../http/problem.ts';
import { fromStore } from '../../http/store.ts';
import { iso } from '../../../core/time.ts';
import { queryInstant } from '../../http/time.ts';
import { findPoint, type PointServices } from './points.ts';

const hourMs = 3_600_000;
/** Items in one answer. */
const cap = 10_000;
/** `auto`: as fine as a chart can show. */
const autoUpTo = { rawMs: 2 * hourMs, minutesMs: 72 * hourMs } as const;

type Resolution = HistoryView['resolution'];

export function historyEndpoint({
  model,
  historian,
  clock,
}: Pick<PointServices, 'model' | 'historian' | 'clock'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/points/:id/history',
    role: 'wall',
    summary: 'What a point was; the last hour unless told otherwise',
    input: {
      params: z.object({ id: z.string() }),
      query: z.strictObject({
        from: queryInstant.optional(),
        to: queryInstant.optional(),
        resolution: z.enum(['raw', '1m', '1h', 'auto']).default('auto'),
      }),
    },
    output: historyView,
    csv: true,
    heavy: true,
    nextParameter: 'from',
    async handler({ params, query }) {
      const point = findPoint(model, params.id);
      const to = query.to ?? clock.now();
      const from = query.from ?? to - hourMs;
      if (from > to) throw badInput('query.from', `${iso(from)} is after "to", ${iso(to)}; swap them`);
      const resolution = query.resolution === 'auto' ? autoResolution(to - from) : query.resolution;
      const head = { point: point.id, unit: point.unit, resolution };
      const range = { from, to };
      return resolution === 'raw'
        ? { ...head, ...(await rawItems(historian, point.id, range)) }
        : { ...head, ...(await bucketItems(historian, point.id, { range, resolution })) };
    },
  });
}

function autoResolution(lengthMs: number): Resolution {
  if (lengthMs <= autoUpTo.rawMs) return 'raw';
  return lengthMs <= autoUpTo.minutesMs ? '1m' : '1h';
}

async function rawItems(
  historian: Historian,
  point: string,
  range: Range,
): Promise<Pick<HistoryView, 'items' | 'next'>> {
  const samples = await fromStore(historian.raw(point, range, cap + 1));
  const next = samples[cap];
  return {
    items: samples.slice(0, cap).map((sample) => {
      const { quality, reason } = describeQuality(sample.quality);
      return { at: iso(sample.at), value: Number.isNaN(sample.value) ? null : sample.value, quality, reason };
    }),
    next: next === undefined ? null : iso(next.at),
  };
}

interface BucketRequest {
  readonly range: Range;
  readonly resolution: Exclude<Resolution, 'raw'>;
}

/** The range is cut before the store is asked, so that a year of minutes is never read at once. */
async function bucketItems(
  historian: Historian,
  point: string,
  { range, resolution }: BucketRequest,
): Promise<Pick<HistoryView, 'items' | 'next'>> {
  const end = Math.min(range.to, bucketStart(range.from, resolution) + cap * bucketMs[resolution]);
  const found = await fromStore(historian.buckets([point], { from: range.from, to: end }, resolution));
  return {
    items: (found.get(point) ?? []).map(({ at, min, max, mean, last, count, good }) => ({
      at: iso(at),
      min,
      max,
      mean,
      last,
      count,
      good,
    })),
    next: end < range.to ? iso(end) : null,
  };
}
