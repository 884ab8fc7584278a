import { dayMs, inWib, wibDay } from '../../core/wib.ts';
import type { Repetition } from '../contracts/ticket-series.ts';

/** No series has more visits; it also bounds the search of one whose days never come. */
const mostVisits = 520;
const mostMonths = 600;

/**
 * When the visits of a series begin, in [from, to), epoch ms. Days are those of WIB, which has no daylight saving: every visit begins at the
 * first one's time of day. Pure.
 */
export function occurrences(
  firstAt: number,
  repetition: Repetition,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  const found: number[] = [];
  const { until, count = mostVisits } = repetition;
  // The whole of the last day counts.
  const end = until === undefined ? Infinity : (Date.parse(until) / dayMs + 1) * dayMs;
  let number = 0;
  for (const day of repetition.every === 'week'
    ? weekly(firstAt, repetition)
    : monthly(firstAt, repetition)) {
    if (day * dayMs >= end || number >= count) break;
    number += 1;
    const at = firstAt + (day - wibDay(firstAt)) * dayMs;
    if (at >= to) break;
    if (at >= from) found.push(at);
  }
  return found;
}

/** Days since the epoch, WIB, from the first visit's on. */
function* weekly(
  firstAt: number,
  { interval, weekdays }: Extract<Repetition, { every: 'week' }>,
): Generator<number> {
  const first = wibDay(firstAt);
  const monday = first - (weekdayOf(first) - 1);
  const chosen = [...new Set(weekdays ?? [weekdayOf(first)])].toSorted((a, b) => a - b);
  for (let week = 0; week < mostVisits; week += 1)
    for (const weekday of chosen) {
      const day = monday + week * interval * 7 + weekday - 1;
      if (day >= first) yield day;
    }
}

function* monthly(
  firstAt: number,
  { interval, on }: Extract<Repetition, { every: 'month' }>,
): Generator<number> {
  const start = inWib(firstAt);
  const first = wibDay(firstAt);
  for (let month = 0; month < mostMonths; month += interval) {
    const day = dayIn(start, start.getUTCMonth() + month, on);
    if (day !== undefined && day >= first) yield day;
  }
}

/** The day in that month (counted on from January of the first year); undefined when the month has none. */
function dayIn(start: Date, month: number, on: 'day' | 'weekday'): number | undefined {
  const begin = Date.UTC(start.getUTCFullYear(), month, 1) / dayMs;
  const next = Date.UTC(start.getUTCFullYear(), month + 1, 1) / dayMs;
  const dayOfMonth = start.getUTCDate();
  const ordinal = Math.floor((dayOfMonth - 1) / 7);
  const shift = (start.getUTCDay() - new Date(begin * dayMs).getUTCDay() + 7) % 7;
  const day = on === 'day' ? begin + dayOfMonth - 1 : begin + shift + ordinal * 7;
  return day < next ? day : undefined;
}

/** Monday is 1: the epoch's first day was a Thursday. */
function weekdayOf(day: number): number {
  return ((day + 3) % 7) + 1;
}
