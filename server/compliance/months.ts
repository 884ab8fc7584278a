import { DateTime } from 'luxon';
import { defaultZone } from '../../core/zoned.ts';
import { bucketMs, type Range } from '../historian/historian.ts';

export { monthOf, monthPattern } from '../alarm-figures/month.ts';

const hourMs = bucketMs['1h'];

/** A month of the ministry, 00.00 WIB to 00.00 WIB, epoch ms. */
export function monthRange(month: string): Range {
  const start = startOf(month);
  return { from: start.toMillis(), to: start.plus({ months: 1 }).toMillis() };
}

export function monthsAfter(month: string, count: number): string {
  return startOf(month).plus({ months: count }).toFormat('yyyy-MM');
}

/** What of a month is over, in whole hours: the one that runs is not complete. */
export function elapsedOf(month: string, now: number): Range {
  const { from, to } = monthRange(month);
  return { from, to: Math.max(from, Math.min(to, Math.floor(now / hourMs) * hourMs)) };
}

function startOf(month: string): DateTime {
  return DateTime.fromISO(`${month}-01T00:00:00`, { zone: defaultZone });
}
