import { describe, expect, it } from 'vitest';
import type { IncidentAlarmView } from '../../server/contracts/incidents.ts';
import { curvesOf, momentOf } from '../../web/incidents/curves.ts';
import { alarmView as alarm } from './support.ts';

const consequence: IncidentAlarmView['because'] = { through: 'cools', node: 'dc/pac-1', path: [], alarm: null }; // prettier-ignore

describe('the curves of an incident', () => {
  it('are those of its causes, the first first, three at most', () => {
    const alarms = [
      alarm('dc/e-4/t', '1:40'), alarm('dc/e-3/t', '1:30'), alarm('dc/e-2/t', '1:20'), alarm('dc/e-1/t', '1:10'),
      alarm('dc/e-0/t', '1:00', { because: consequence }),
    ]; // prettier-ignore
    expect(curvesOf({ alarms }).map(({ point }) => point)).toEqual(['dc/e-1/t', 'dc/e-2/t', 'dc/e-3/t']);
  });
  it('are that of the first alarm when the cause is only inferred', () => {
    const alarms = [
      alarm('dc/b/t', '1:10', { because: consequence }),
      alarm('dc/a/t', '1:00', { because: consequence }),
    ];
    expect(curvesOf({ alarms }).map(({ point }) => point)).toEqual(['dc/a/t']);
  });
  it('have every limit of the point with its clause, and the tightest of them as the band', () => {
    const alarms = [
      alarm('dc/a/l1/t', '1:00', { limit: 27 }),
      alarm('dc/a/l1/t', '1:05', { limit: 32, clause: 'ASHRAE' }),
      alarm('dc/a/l1/t', '1:06', { limit: 18, side: 'below', clause: null }),
    ];
    expect(curvesOf({ alarms })).toMatchObject([
      {
        part: 'l1',
        quantity: 't',
        band: { min: 18, max: 27 },
        levels: [
          { value: 27, clause: 'BAB IV.1.4' },
          { value: 32, clause: 'ASHRAE' },
          { value: 18, clause: null },
        ],
      },
    ]);
  });
});

describe('the moment of an incident', () => {
  const at = (time: string): number => Date.parse(`2026-11-22T${time}:00Z`);
  const opened = { openedAt: '2026-11-22T01:00:00Z', returnedAt: null, resolvedAt: null };
  it('lasts from half an hour before until now while it stands', () => {
    expect(momentOf(opened, at('03:00'))).toEqual({ from: at('00:30'), to: at('03:00'), over: false });
  });
  it('ends ten minutes after the return, and not before they are over', () => {
    const returned = { ...opened, returnedAt: '2026-11-22T02:00:00Z', resolvedAt: '2026-11-22T05:00:00Z' };
    expect(momentOf(returned, at('02:04'))).toEqual({ from: at('00:30'), to: at('02:04'), over: false });
    expect(momentOf(returned, at('09:00'))).toEqual({ from: at('00:30'), to: at('02:10'), over: true });
  });
});
