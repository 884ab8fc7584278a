import { describe, expect, it } from 'vitest';
import type { IncidentAlarmView, TimelineEntry } from '../../server/contracts/incidents.ts';
import { byHand, consequencesOf } from '../../web/incidents/explain.ts';
import { alarmView as alarm } from './support.ts';

const name = (text: string) => ({ id: text, en: text });
const cooledBy = (node: string): IncidentAlarmView['because'] => ({
  through: 'cools',
  node,
  path: [name('A-1'), name(node)],
  alarm: null,
});

describe('why alarms belong to an incident', () => {
  const alarms = [
    alarm('dc/pac-1/state', '1:05'),
    alarm('dc/a-1/t', '1:00', { owner: 'A-1', ownerName: name('A-1'), because: cooledBy('pac-1') }),
    alarm('dc/a-2/t', '1:10', {
      owner: 'A-2',
      ownerName: name('A-2'),
      because: cooledBy('pac-1'),
      until: '2026-11-22T02:00:00Z',
    }),
    alarm('dc/b-1/t', '1:20', { owner: 'B-1', ownerName: name('B-1'), because: cooledBy('pac-2') }),
  ];

  it('is said by kind and cause, with how many still stand', () => {
    expect(consequencesOf(alarms)).toMatchObject([
      { through: 'cools', cause: name('pac-1'), count: 2, active: 1, owners: [name('A-1'), name('A-2')] },
      { through: 'cools', cause: name('pac-2'), count: 1, active: 1, owners: [name('B-1')] },
    ]);
  });
});

describe('what people arranged', () => {
  const entry = (kind: TimelineEntry['kind'], note: string | null, actor: string | null = 'ana'): TimelineEntry => ({
    at: '2026-11-22T01:00:00Z', kind, actor, point: null, ownerName: null, value: null, note,
  }); // prettier-ignore
  it('is read with reason and other incident, also when the reason has an arrow or a line break', () => {
    const list = byHand([
      entry('merged-from', 'kabel sama ← i-2'),
      entry('opened', 'salah ← ruang\nlain ← i-3'),
      entry('alarm-moved-out', 'bukan ini → i-4'),
    ]);
    expect(list.map(({ kind, reason, incident }) => [kind, reason, incident])).toEqual([
      ['merged-from', 'kabel sama', 'i-2'],
      ['split-from', 'salah ← ruang\nlain', 'i-3'],
      ['alarm-moved-out', 'bukan ini', 'i-4'],
    ]);
  });
  it('leaves out what the system did, and notes that look alike', () => {
    expect(
      byHand([entry('merged-from', '← i-2', null), entry('opened', null), entry('noted', 'a ← b')]),
    ).toEqual([]);
  });
});
