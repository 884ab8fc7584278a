import { expect, it } from 'vitest';
import { inWib } from '../../../core/wib.ts';
import { occurrences } from '../../../server/access/occurrences.ts';
import { repetition, type Repetition } from '../../../server/contracts/ticket-series.ts';

const always = { from: -Infinity, to: Infinity };
/** Days of the visits, WIB, of a series whose first one begins at that time. */
const days = (first: string, given: object, within = always): string[] =>
  occurrences(Date.parse(first), repetition.parse(given), within).map((at) =>
    inWib(at).toISOString().slice(0, 16),
  );

it('weekly visits come on the weekdays that were chosen, at the hour of the first one', () => {
  expect(days('2026-12-01T06:30+07:00', { every: 'week', weekdays: [2, 4], count: 4 })).toEqual([
    '2026-12-01T06:30', '2026-12-03T06:30', '2026-12-08T06:30', '2026-12-10T06:30',
  ]); // prettier-ignore
  expect(days('2026-12-01T09:00+07:00', { every: 'week', interval: 2, until: '2026-12-29' })).toEqual([
    '2026-12-01T09:00', '2026-12-15T09:00', '2026-12-29T09:00',
  ]); // prettier-ignore
});

it('the last day counts as a whole, also for a visit late in the evening', () => {
  expect(days('2026-12-01T23:30+07:00', { every: 'week', until: '2026-12-08' })).toHaveLength(2);
});

it('monthly visits come on the day of the month, and not in a month without it', () => {
  expect(days('2026-12-31T00:30+07:00', { every: 'month', count: 4 })).toEqual([
    '2026-12-31T00:30', '2027-01-31T00:30', '2027-03-31T00:30', '2027-05-31T00:30',
  ]); // prettier-ignore
});

it('or on the weekday of the first one: the second Tuesday, the fifth where there is one', () => {
  expect(days('2026-12-08T08:00+07:00', { every: 'month', on: 'weekday', count: 3 })).toEqual([
    '2026-12-08T08:00', '2027-01-12T08:00', '2027-02-09T08:00',
  ]); // prettier-ignore
  expect(days('2026-12-29T08:00+07:00', { every: 'month', on: 'weekday', count: 2 })).toEqual([
    '2026-12-29T08:00', '2027-03-30T08:00',
  ]); // prettier-ignore
});

it('visits outside the asked time count, but are not given', () => {
  const weekly: Repetition = { every: 'week', interval: 1, count: 3 };
  const first = Date.parse('2026-12-01T08:00+07:00');
  const week = 7 * 86_400_000;
  expect(occurrences(first, weekly, { from: first + 1, to: Infinity })).toEqual([
    first + week,
    first + 2 * week,
  ]);
  expect(occurrences(first, weekly, { from: first, to: first + week })).toEqual([first]);
  expect(occurrences(first, weekly, { from: first + 3 * week, to: Infinity })).toEqual([]);
});

it('a series ends some day, by one of two ways', () => {
  expect(repetition.safeParse({ every: 'week' }).success).toBe(false);
  expect(repetition.safeParse({ every: 'week', until: '2026-12-31', count: 3 }).success).toBe(false);
});
