import { dayMs } from '../../core/wib.ts';
import { DateTime } from 'luxon';
import type { Calendar } from '../../config/schema/calendar.ts';
import { addWorkingTime } from '../incidents/working-time.ts';
import type { Period } from './repository.ts';

const zone = 'Asia/Jakarta';

/** A calendar month of the ministry (WIB), as `2026-10`. */
export const monthPattern = /^\d{4}-(0[1-9]|1[0-2])$/;

export function monthOf(at: number): string {
  return DateTime.fromMillis(at, { zone }).toFormat('yyyy-MM');
}

export function monthBefore(month: string): string {
  return startOf(month).minus({ months: 1 }).toFormat('yyyy-MM');
}

/**
 * What the report of a month covers: the month, and in a shorter month so many days before it that a verdict is possible.
 * `RangeError` when it is no month.
 */
export function monthPeriod(month: string, neededDays: number): Period {
  const start = startOf(month);
  const to = start.plus({ months: 1 }).toMillis();
  return { from: Math.min(start.toMillis(), to - neededDays * dayMs), to };
}

/** The begin of the first working day of a month: when the report of the month before is due. */
export function firstWorkingMoment(month: string, calendars: readonly Calendar[]): number {
  return addWorkingTime(startOf(month).toMillis(), 0, calendars);
}

function startOf(month: string): DateTime {
  if (!monthPattern.test(month)) throw new RangeError(`${month} is no month`);
  return DateTime.fromISO(`${month}-01T00:00:00`, { zone });
}
