import { describe, expect, it } from 'vitest';
import { dueOf } from '../../../server/loadtest/due.ts';
import { periodOf } from '../../../server/loadtest/period.ts';

const wib = (text: string): number => Date.parse(`${text}+07:00`);

describe('when the next load test is due', () => {
  it('is by the end of the month after the last test, however early that was', () => {
    expect(
      dueOf({ lastTest: wib('2026-11-02T10:00:00'), watchedSince: null }, 1, wib('2026-11-30T23:00:00')),
    ).toEqual({
      daysSince: 28,
      by: wib('2027-01-01T00:00:00'),
      daysLeft: 32,
    });
  });
  it('counts periods of two months from January', () => {
    expect(
      dueOf({ lastTest: wib('2026-09-10T10:00:00'), watchedSince: null }, 2, wib('2026-12-31T12:00:00')),
    ).toMatchObject({
      by: wib('2027-01-01T00:00:00'),
      daysLeft: 1,
    });
  });
  it('is overdue from midnight WIB at the end of the period, not midnight UTC', () => {
    const last = wib('2026-09-30T23:59:00');
    expect(dueOf({ lastTest: last, watchedSince: null }, 1, wib('2026-10-31T23:59:59')).daysLeft).toBe(1);
    expect(dueOf({ lastTest: last, watchedSince: null }, 1, wib('2026-11-01T00:00:00')).daysLeft).toBe(0);
    expect(dueOf({ lastTest: last, watchedSince: null }, 1, wib('2026-11-03T00:00:00')).daysLeft).toBe(-2);
  });
  it('of a new installation is the end of its first whole period', () => {
    const watched = { lastTest: null, watchedSince: wib('2026-11-20T09:00:00') };
    expect(dueOf(watched, 1, wib('2026-11-20T09:00:00'))).toEqual({
      daysSince: null,
      by: wib('2027-01-01T00:00:00'),
      daysLeft: 42,
    });
    expect(dueOf(watched, 2, wib('2026-11-20T09:00:00')).by).toBe(wib('2027-03-01T00:00:00'));
  });
  it('is unknown while no test is on record', () => {
    expect(dueOf({ lastTest: null, watchedSince: null }, 1, wib('2026-11-03T00:00:00'))).toEqual({
      daysSince: null,
      by: null,
      daysLeft: null,
    });
  });
  it('counts a test that goes on over midnight of the last day for the period in which it began', () => {
    const began = wib('2026-10-31T23:50:00');
    expect(periodOf(began, 1)).toEqual({ from: wib('2026-10-01T00:00:00'), to: wib('2026-11-01T00:00:00') });
    expect(dueOf({ lastTest: began, watchedSince: null }, 1, wib('2026-11-01T00:20:00')).by).toBe(
      wib('2026-12-01T00:00:00'),
    );
  });
});
