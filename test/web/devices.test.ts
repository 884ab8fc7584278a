import { describe, expect, it } from 'vitest';
import type { CollectorView } from '../../server/contracts/collectors.ts';
import type { DeviceDiagnosticsView } from '../../server/contracts/system.ts';
import { factsOf } from '../../web/devices/facts.ts';
import { arrange, everything, figureOf, pointOfFigure, type View } from '../../web/devices/rows.ts';

const well = { timeouts: 0, late: 0, skipped: 0, decodeErrors: 0, discarded: 0 };

function row(device: string, more: Partial<DeviceDiagnosticsView> = {}): DeviceDiagnosticsView {
  return {
    device, name: { id: device, en: device }, site: 'dc', collector: 'local', protocol: 'snmp', state: 'ok', lastAnswerAt: null, latencyMs: null,
    polls: 0, timeouts: 0, decodeErrors: 0, late: 0, skipped: 0, stretch: 1, clockOffsetMs: null, malformed: 0, wrongSource: 0, lastHour: well,
    lastError: null, ...more,
  }; // prettier-ignore
}

describe('table of devices', () => {
  const rows = [
    row('b', { latencyMs: 20, timeouts: 90 }),
    row('a', { latencyMs: 3, state: 'lost' }),
    row('c', { site: 'drc', collector: 'north', protocol: 'mqtt' }),
    row('d', { latencyMs: 100, lastHour: { ...well, discarded: 2 }, malformed: 1, wrongSource: 4 }),
  ];
  const names = (view: Partial<View>): string[] =>
    arrange(rows, { ...everything, ...view }).map(({ device }) => device);

  it('has the worst first when nobody has asked for another order', () => {
    expect(names({})).toEqual(['a', 'd', 'b', 'c']);
  });
  it('sorts numbers as numbers and puts the empty last both ways', () => {
    expect(names({ by: 'latency' })).toEqual(['b', 'd', 'a', 'c']);
    expect(names({ by: 'latency', descending: true })).toEqual(['d', 'b', 'a', 'c']);
    expect(names({ by: 'discarded', descending: true })[0]).toBe('d');
  });
  it('calls sick what is lost or had trouble in the last hour, and not what had some long ago', () => {
    expect(names({ onlySick: true })).toEqual(['a', 'd']);
  });
  it('shows what was searched for, of one collector, site and protocol', () => {
    expect(names({ search: 'DRC/C' })).toEqual(['c']);
    expect(names({ collector: 'north' })).toEqual(['c']);
    expect(names({ site: 'dc', protocol: 'snmp', search: 'b' })).toEqual(['b']);
    expect(names({ site: 'dc', protocol: 'mqtt' })).toEqual([]);
  });
  it('has no latency for a lost device, and no late polls for one that is never asked', () => {
    expect(figureOf(row('a', { state: 'lost', latencyMs: 3 }), 'latency')).toBeNull();
    const spoken = row('c', { protocol: 'mqtt', latencyMs: null });
    expect([figureOf(spoken, 'latency'), figureOf(spoken, 'late'), figureOf(spoken, 'timeouts')]).toEqual([null, null, 0]); // prettier-ignore
  });
  it('finds the history of a figure under the device', () => {
    expect(pointOfFigure(row('a'), 'discarded')).toBe('dc/a/discarded-answers');
  });
});

describe('facts of a collector', () => {
  const now = Date.UTC(2026, 10, 23, 2);
  const spool = {
    readings: 0, oldestAt: null, bytes: 40_000, limitBytes: 500_000_000, problem: null,
    lost: { readings: 0, from: null, to: null }, refused: { readings: 0, reason: null },
  }; // prettier-ignore
  const collector = (more: Partial<CollectorView> = {}): CollectorView => ({
    name: 'north', sites: ['drc'], state: 'reporting', lastContactAt: new Date(now - 2_000).toISOString(),
    startedAt: null, version: '1', skewMs: -3, roundTripMs: 1, devices: 600, devicesLost: 0,
    readings: { live: 0, late: 0, refused: 0, repeated: 0 }, spool, ...more,
  }); // prettier-ignore
  const odd = (more: Partial<CollectorView>): string[] =>
    factsOf(collector(more), now).flatMap((fact) => (fact.odd ? [fact.name] : []));

  it('are all inconspicuous when the collector works', () => {
    const facts = factsOf(collector(), now);
    expect(facts.map(({ name }) => name)).toEqual([
      'devices',
      'contact',
      'clock',
      'waiting',
      'disk',
      'dropped',
    ]);
    expect(odd({})).toEqual([]);
  });
  it('stand out when devices are lost, its clock is off or readings were dropped', () => {
    expect(odd({ devicesLost: 2, skewMs: -4_000 })).toEqual(['devices', 'clock']);
    expect(odd({ spool: { ...spool, lost: { readings: 7, from: null, to: null } } })).toEqual(['dropped']);
    expect(odd({ spool: { ...spool, problem: 'disk full', refused: { readings: 1, reason: 'time' } } })).toEqual(['refused', 'problem']);
  }); // prettier-ignore
  it('say when the oldest reading waits, and that it is silent', () => {
    const waiting = { ...spool, readings: 90_000, oldestAt: new Date(now - 3_600_000).toISOString() };
    expect(odd({ state: 'silent', spool: waiting })).toEqual(['contact', 'waiting']);
    expect(factsOf(collector({ spool: waiting }), now).find(({ name }) => name === 'waiting')?.parts).toEqual(
      [
        { kind: 'count', count: 90_000 },
        { kind: 'oldest', ms: 3_600_000 },
      ],
    );
  });
  it('leave out contact, clock and spool of the server itself', () => {
    expect(factsOf(collector({ name: 'local', spool: null }), now).map(({ name }) => name)).toEqual([
      'devices',
    ]);
  });
});
