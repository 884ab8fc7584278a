import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { calendarSchema } from '../../../config/schema/calendar.ts';
import type { Priority } from '../../../config/schema/common.ts';
import { standardSchema } from '../../../config/schema/standard.ts';
import { dueAt } from '../../../server/incidents/sla.ts';

/** The times and the days of the shipped configuration. */
const read = (path: string): unknown =>
  parse(readFileSync(new URL(`../../../config/library/${path}`, import.meta.url), 'utf8'));
const calendars = [calendarSchema.parse(read('calendar/2026.yaml'))];
const { resolve } = standardSchema.parse(read('standards/sc-11-2023.yaml')).priorities;

/** Local time in Jakarta (UTC+7), as in `2026-11-27 16:00`. */
function wib(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
}
function shown(ms: number): string {
  return new Date(ms + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

describe('the time to resolve', () => {
  it.each<[string, Priority, string, string]>([
    ['P1 counts around the clock', 'P1', '2026-11-28 23:30', '2026-11-29 02:30'],
    ['P1 counts through a holiday', 'P1', '2026-12-25 10:00', '2026-12-25 13:00'],
    ['P2 within a working day', 'P2', '2026-11-23 08:30', '2026-11-23 16:30'],
    ['P2 that fills the day to its end', 'P2', '2026-11-23 09:00', '2026-11-23 17:00'],
    ['P2 of Friday 16:00 goes on on Monday', 'P2', '2026-11-27 16:00', '2026-11-30 15:00'],
    ['P2 of Saturday begins on Monday', 'P2', '2026-11-28 11:00', '2026-11-30 16:00'],
    ['P2 before the day begins waits for 08:00', 'P2', '2026-11-23 05:00', '2026-11-23 16:00'],
    ['P2 at the end of the day is tomorrow’s', 'P2', '2026-11-23 17:00', '2026-11-24 16:00'],
    ['P3 takes two days', 'P3', '2026-11-23 08:00', '2026-11-24 15:00'],
    ['P4 takes three', 'P4', '2026-11-23 08:00', '2026-11-25 14:00'],
    ['P5 takes two weeks', 'P5', '2026-11-02 08:00', '2026-11-12 16:00'],
    ['a public holiday is not worked', 'P2', '2026-08-14 16:00', '2026-08-18 15:00'],
    [
      'joint leave is not worked: Christmas and the days around it',
      'P2',
      '2026-12-23 16:00',
      '2026-12-28 15:00',
    ],
    ['Nyepi, Idul Fitri and their leave are a week', 'P2', '2026-03-17 16:00', '2026-03-25 15:00'],
  ])('%s', (_, priority, openedAt, due) => {
    expect(shown(dueAt(wib(openedAt), priority, { resolve, calendars }))).toBe(due);
  });

  it('goes on into a year without a calendar, without its holidays', () => {
    expect(shown(dueAt(wib('2026-12-31 16:00'), 'P2', { resolve, calendars }))).toBe('2027-01-01 15:00');
  });

  it('counts every hour without a calendar, or with a time zone or hours that cannot be', () => {
    const [calendar] = calendars;
    if (calendar === undefined) throw new Error('no calendar');
    const broken = [
      [],
      [{ ...calendar, zone: 'Asia/Jakatra' }],
      [{ ...calendar, workingHours: { from: '17:00', to: '08:00' } }],
    ];
    for (const each of broken)
      expect(shown(dueAt(wib('2026-11-23 08:00'), 'P2', { resolve, calendars: each }))).toBe(
        '2026-11-23 16:00',
      );
  });
});
