import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { calendarSchema } from '../../../config/schema/calendar.ts';
import type { Priority } from '../../../config/schema/common.ts';
import { standardSchema } from '../../../config/schema/standard.ts';
import { dueAt, slaOf, type Pause } from '../../../server/incidents/sla.ts';

const read = (path: string): unknown =>
  parse(readFileSync(new URL(`../../../config/library/${path}`, import.meta.url), 'utf8'));
const rules = {
  calendars: [calendarSchema.parse(read('calendar/2026.yaml'))],
  resolve: standardSchema.parse(read('standards/sc-11-2023.yaml')).priorities.resolve,
};
const hour = 3_600_000;

/** Local time in Jakarta, `23 16:00` of November 2026. */
function wib(text: string): number {
  return Date.parse(`2026-11-${text.replace(' ', 'T')}:00+07:00`);
}
function pause(from: string, to: string | null): Pause {
  return { from: wib(from), to: to === null ? null : wib(to), kind: 'paused', by: 'ana', reason: 'menunggu' };
}
function row(priority: Priority, opened: string, pauses: readonly Pause[] = []) {
  return {
    priority,
    due_at: dueAt(wib(opened), priority, { ...rules, pauses }),
    pauses: JSON.stringify(pauses),
    returned_at: null,
    resolved_at: null,
    reopened_at: null,
  };
}

describe('the clock of an incident', () => {
  it('counts a P1 by the hour and a P2 by the working hour', () => {
    expect(slaOf(row('P1', '28 23:30'), rules, wib('29 00:30'))).toMatchObject({
      state: 'counting', remainingMs: 2 * hour, totalMs: 3 * hour, warned: false, breached: false,
    }); // prettier-ignore
    // Friday 16:00: one hour was worked by Monday 08:00, and the weekend does not count.
    expect(slaOf(row('P2', '27 16:00'), rules, wib('28 11:00'))).toMatchObject({
      state: 'waiting',
      remainingMs: 7 * hour,
    });
    expect(slaOf(row('P2', '27 16:00'), rules, wib('30 10:00'))).toMatchObject({
      state: 'counting',
      remainingMs: 5 * hour,
    });
  });

  it('warns when three quarters are used, to the millisecond, and is breached after the deadline, not at it', () => {
    const incident = row('P2', '23 08:30');
    const at = wib('23 14:30');
    expect(slaOf(incident, rules, at - 1).warned).toBe(false);
    expect(slaOf(incident, rules, at)).toMatchObject({ warned: true, breached: false });
    expect(slaOf(incident, rules, incident.due_at).breached).toBe(false);
    expect(slaOf(incident, rules, incident.due_at + 1)).toMatchObject({ breached: true, remainingMs: -1 });
    expect(slaOf(incident, rules, wib('24 09:30')).remainingMs).toBe(-2 * hour);
  });

  it('stops when the condition is over, and goes on when it comes back', () => {
    const over = { ...row('P1', '23 10:00'), returned_at: wib('23 11:00') };
    expect(slaOf(over, rules, wib('25 10:00'))).toMatchObject({ state: 'stopped', remainingMs: 2 * hour });
    expect(slaOf({ ...over, returned_at: null }, rules, wib('23 12:30')).remainingMs).toBe(hour / 2);
  });

  it('leaves out what was paused, of working hours only the working hours', () => {
    const paused = row('P2', '23 08:00', [pause('23 10:00', '23 12:00')]);
    expect(paused.due_at).toBe(wib('24 09:00'));
    expect(slaOf(paused, rules, wib('23 13:00')).remainingMs).toBe(5 * hour);
    // From Monday evening to Tuesday morning nothing would have counted.
    expect(row('P2', '23 08:00', [pause('23 17:30', '24 07:00')]).due_at).toBe(wib('23 16:00'));
    expect(row('P1', '23 08:00', [pause('23 09:00', '23 10:00'), pause('23 10:30', '23 12:00')]).due_at).toBe(
      wib('23 13:30'),
    );
    // One that began after the deadline had passed does not give time back.
    expect(row('P1', '23 08:00', [pause('23 12:00', '23 13:00')]).due_at).toBe(wib('23 11:00'));
  });

  it('stands while it is paused', () => {
    const paused = row('P1', '23 08:00', [pause('23 09:00', null)]);
    expect(slaOf(paused, rules, wib('23 20:00'))).toMatchObject({
      state: 'paused', remainingMs: 2 * hour, breached: false, pause: { by: 'ana' },
    }); // prettier-ignore
  });
});
