import type { Model } from '../../config/model.ts';
import type { Level, Priority } from '../../config/schema/common.ts';
import { DateTime } from 'luxon';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Standard } from '../../config/schema/standard.ts';

/** Row and column of BAB III table 2. */
export function priorityOf(model: Model, urgency: Level, impact: Level): Priority {
  return model.standard.priorities.matrix[urgency][impact];
}

const msPerHour = 3_600_000;

/**
 * When an incident must be solved by BAB III table 2, epoch ms. P1 counts around the clock; the others count working
 * hours, from the next working moment if they begin outside. A year without its own calendar is read with the hours of
 * the nearest one and no holidays. Without any calendar, or with one that has no working time, every hour counts: too
 * early rather than too late, and an alarm is never lost to a mistake in the configuration.
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

/** Longer than any run of days off: whatever is not found by then is not there. */
const maxDays = 400;

function addWorkingTime(from: number, durationMs: number, calendars: readonly Calendar[]): number {
  const calendar = nearestCalendar(DateTime.fromMillis(from, { zone: 'utc' }).year, calendars);
  const today = DateTime.fromMillis(from, { zone: calendar?.zone ?? 'utc' }).startOf('day');
  if (calendar === undefined || !today.isValid) return from + durationMs;
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

function nearestCalendar(year: number, calendars: readonly Calendar[]): Calendar | undefined {
  const distance = (calendar: Calendar): number => Math.abs(calendar.year - year);
  return [...calendars].sort((a, b) => distance(a) - distance(b))[0];
}
