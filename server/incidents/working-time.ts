import { DateTime } from 'luxon';
import { nearestCalendar } from '../../config/lookup.ts';
import type { Calendar } from '../../config/schema/calendar.ts';

/**
 * The ministry's working time (BAB III). A year without its own calendar is read with the hours of the nearest one and no
 * holidays. Without any calendar, or with one that has no working time, every hour counts: too early rather than too late,
 * and an alarm is never lost to a mistake in the configuration.
 */

/** Longer than any run of days off: whatever is not found by then is not there. */
const maxDays = 400;

/** When `durationMs` of working time after `from` have passed; from the next working moment if it is outside. */
export function addWorkingTime(from: number, durationMs: number, calendars: readonly Calendar[]): number {
  const today = firstDay(from, calendars);
  if (today === undefined) return from + durationMs;
  let restMs = durationMs;
  for (let day = today; day.diff(today, 'days').days < maxDays; day = day.plus({ days: 1 })) {
    const hours = workingHours(day, calendars);
    if (hours === undefined) continue;
    const startMs = Math.max(from, hours.fromMs);
    const availableMs = Math.max(0, hours.toMs - startMs);
    if (restMs <= availableMs) return startMs + restMs;
    restMs -= availableMs;
  }
  return from + durationMs;
}

/** Working time in [from, to); 0 when `to` is not later. */
export function workingMsBetween(from: number, to: number, calendars: readonly Calendar[]): number {
  if (to <= from) return 0;
  const today = firstDay(from, calendars);
  if (today === undefined) return to - from;
  let sumMs = 0;
  for (let day = today; day.toMillis() < to; day = day.plus({ days: 1 })) {
    const hours = workingHours(day, calendars);
    if (hours === undefined) continue;
    sumMs += Math.max(0, Math.min(to, hours.toMs) - Math.max(from, hours.fromMs));
  }
  return sumMs;
}

/** Whether this very moment is worked. */
export function isWorkingTime(at: number, calendars: readonly Calendar[]): boolean {
  const today = firstDay(at, calendars);
  if (today === undefined) return true;
  const hours = workingHours(today, calendars);
  return hours !== undefined && hours.fromMs <= at && at < hours.toMs;
}

/** Whether people work on the day that holds this moment; every day is worked where no calendar says otherwise. */
export function isWorkingDay(at: number, calendars: readonly Calendar[]): boolean {
  const today = firstDay(at, calendars);
  return today === undefined || workingHours(today, calendars) !== undefined;
}

/** Local midnight; undefined when no calendar says when people work. */
function firstDay(at: number, calendars: readonly Calendar[]): DateTime | undefined {
  const calendar = nearestCalendar(DateTime.fromMillis(at, { zone: 'utc' }).year, calendars);
  if (calendar === undefined || calendar.workingHours.from >= calendar.workingHours.to) return undefined;
  const day = DateTime.fromMillis(at, { zone: calendar.zone }).startOf('day');
  return day.isValid ? day : undefined;
}

/** Of a day at 00:00 local time; undefined on weekends, public holidays and joint leave (*cuti bersama*). */
function workingHours(
  day: DateTime,
  calendars: readonly Calendar[],
): { fromMs: number; toMs: number } | undefined {
  const calendar = nearestCalendar(day.year, calendars);
  if (calendar === undefined) return undefined;
  const { holidays, jointLeave, workingHours: hours } = calendar;
  const date = day.toISODate();
  if (day.isWeekend || date === null || holidays.includes(date) || jointLeave.includes(date))
    return undefined;
  return { fromMs: atTime(day, hours.from), toMs: atTime(day, hours.to) };
}

function atTime(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute }).toMillis();
}
