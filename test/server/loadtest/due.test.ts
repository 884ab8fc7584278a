import { describe, expect, it } from 'vitest';
import { dueOf } from '../../../server/loadtest/due.ts';

const wib = (text: string): number => Date.parse(`${text}+07:00`);

describe('when the next load test is due', () => {
  it('is by the end of the month after the last test, however early that was', () => {
    expect(dueOf(wib('2026-11-02T10:00:00'), 1, wib('2026-11-30T23:00:00'))).toEqual({
      daysSince: 28,
      by: wib('2027-01-01T00:00:00'),
      daysLeft: 32,
    });
  });
  it('counts periods of two months from January', () => {
    expect(dueOf(wib('2026-09-10T10:00:00'), 2, wib('2026-12-31T12:00:00'))).toMatchObject({
      by: wib('2027-01-01T00:00:00'),
      daysLeft: 1,
    });
  });
  it('is overdue from midnight WIB at the end of the period, not midnight UTC', () => {
    const last = wib('2026-09-30T23:59:00');
    expect(dueOf(last, 1, wib('2026-10-31T23:59:59')).daysLeft).toBe(1);
    expect(dueOf(last, 1, wib('2026-11-01T00:00:00')).daysLeft).toBe(0);
    expect(dueOf(last, 1, wib('2026-11-03T00:00:00')).daysLeft).toBe(-2);
  });
  it('is unknown while no test is on record', () => {
    expect(dueOf(null, 1, wib('2026-11-03T00:00:00'))).toEqual({
      daysSince: null,
      by: null,
      daysLeft: null,
    });
  });
});
