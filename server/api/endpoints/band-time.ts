import { z } from 'zod';
import { iso } from '../../../core/time.ts';
import { bandTimeItem } from '../../contracts/points.ts';
import { page } from '../../contracts/common.ts';
import { timeInBand } from '../../historian/band.ts';
import { factsOfPoint } from '../../historian/facts.ts';
import { bucketMs, type Range } from '../../historian/historian.ts';
import { defaultRetention } from '../../historian/tiers.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput } from '../../http/problem.ts';
import { fromStore } from '../../http/store.ts';
import { queryInstant } from '../../http/time.ts';
import { inWib, wibMidnight } from '../../../core/wib.ts';
import { checkKept, rangeOf } from '../history-request.ts';
import type { HistoryServices } from './history.ts';
import { findPoint } from './points.ts';

const dayMs = bucketMs['1d'];
/** Periods in one answer: a year of days, or ten years of months. */
const mostPeriods = 400;

const limit = z.coerce.number({ error: 'expected a finite number, such as 27 or -2.5' });

export function bandTimeEndpoint({ model, historian, clock }: HistoryServices): Endpoint {
  const retention = model.history?.retention ?? defaultRetention;
  return endpoint({
    method: 'get',
    path: '/points/:id/band-time',
    role: 'viewer',
    summary:
      'How long a point was within, below and above limits, by day or month of WIB; the last 30 days unless told otherwise',
    input: {
      params: z.object({ id: z.string() }),
      query: z.strictObject({
        from: queryInstant.optional(),
        to: queryInstant.optional(),
        low: limit.optional(),
        high: limit.optional(),
        period: z.enum(['1d', '1M']).default('1d'),
      }),
    },
    output: page(bandTimeItem),
    csv: true,
    heavy: true,
    async handler({ params, query: { low = null, high = null, period, ...asked }, signal }) {
      const point = findPoint(model, params.id);
      if (point.unit === 'state')
        throw badInput(
          'params.id',
          `${point.id} has states and no limits; history gives the time in each of them`,
        );
      if (low === null && high === null) throw badInput('query.low', 'name the band: low, high, or both');
      if (low !== null && high !== null && low > high)
        throw badInput('query.low', `${low} is above "high", ${high}; swap them`);
      const now = clock.now();
      const range = rangeOf(asked, { now, defaultMs: 30 * dayMs });
      checkKept(range, { resolution: '1h', now, retention });
      const periods = periodsOf({ from: range.from, to: Math.min(range.to, now) }, period);
      const items = [];
      for (const each of periods) {
        const time = await fromStore(
          timeInBand(historian, {
            point: point.id,
            range: each,
            band: { low, high },
            facts: factsOfPoint(point),
            signal,
          }),
        );
        items.push({ from: iso(each.from), to: iso(each.to), ...time });
      }
      return { items, next: null };
    },
  });
}

/** The range by days or months of WIB; the first and the last may be parts of one. */
function periodsOf(range: Range, period: '1d' | '1M'): Range[] {
  const periods: Range[] = [];
  for (let from = range.from; from < range.to;) {
    const to = Math.min(range.to, period === '1d' ? wibMidnight(from) + dayMs : nextMonth(from));
    periods.push({ from, to });
    if (periods.length > mostPeriods)
      throw badInput(
        'query.from',
        `the range has more than ${mostPeriods} periods; ask for less, or period=1M`,
      );
    from = to;
  }
  return periods;
}

function nextMonth(at: number): number {
  const local = inWib(at);
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - inWib(0).getTime();
}
