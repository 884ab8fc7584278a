import { DateTime } from 'luxon';
import type { Priority } from '../../config/schema/common.ts';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Standard } from '../../config/schema/standard.ts';

const msPerHour = 3_600_000;

/**
 * When BAB III table 2 wants an incident solved, epoch ms. P1 counts around the clock; the others count working hours,
 * from the next working moment if they begin outside. A year without a calendar of its own is read with the hours of
 * the nearest one and no holidays: too early rather than too late.
 * Throws RangeError when the standard has no time for the priority or there is no calendar at all.
 */
export function dueAt(
  openedAt: number,
  priority: Priority,
  { resolve, calendars }: { resolve: Standard['priorities']['resolve']; calendars: readonly Calendar[] },
): number {
  const { hours, clock } = resolve[priority];
  const durationMs = hours * msPerHour;
  return clock === 'around-the-clock'
    ? openedAt + durationMs
    : addWorkingTime(openedAt, durationMs, calendars);
}

function addWorkingTime(from: number, durationMs: number, calendars: readonly Calendar[]): number {
  const zone = nearestCalendar(DateTime.fromMillis(from, { zone: 'utc' }).year, calendars).zone;
  let restMs = durationMs;
  for (let day = DateTime.fromMillis(from, { zone }).startOf('day'); ; day = day.plus({ days: 1 })) {
    const hours = workingHours(day, calendars);
    if (hours === undefined) continue;
    const startMs = Math.max(from, hours.fromMs);
    const availableMs = Math.max(0, hours.toMs - startMs);
    if (restMs <= availableMs) return startMs + restMs;
    restMs -= availableMs;
  }
}

/** Of a day at 00:00 local time; undefined on weekends, public holidays and joint leave (*cuti bersama*). */
function workingHours(
  day: DateTime,
  calendars: readonly Calendar[],
): { fromMs: number; toMs: number } | undefined {
  const { holidays, jointLeave, workingHours: hours } = nearestCalendar(day.year, calendars);
  const date = day.toISODate();
  if (day.isWeekend || date === null || holidays.includes(date) || jointLeave.includes(date))
    return undefined;
  return { fromMs: atTime(day, hours.from), toMs: atTime(day, hours.to) };
}

function atTime(day: DateTime, time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.set({ hour, minute }).toMillis();
}

function nearestCalendar(year: number, calendars: readonly Calendar[]): Calendar {
  const [first, ...others] = calendars;
  if (first === undefined) throw new RangeError('no calendar: working hours cannot be counted');
  return others.reduce(
    (best, calendar) => (Math.abs(calendar.year - year) < Math.abs(best.year - year) ? calendar : best),
    first,
  );
}
