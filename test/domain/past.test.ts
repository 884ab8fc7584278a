import { describe, expect, it } from 'vitest';
import { incidentAt, incidentsAt, nextStart, spanAround, spans } from '../../domain/past.ts';
import { isWaiting } from '../../domain/severity.ts';
import { incident } from '../web/support.ts';

const at = (text: string): number => Date.parse(`2026-11-22T${text}Z`);
const over = incident('a', {
  openedAt: '2026-11-22T01:00:00Z',
  acknowledgedAt: '2026-11-22T02:00:00Z',
  acknowledgedBy: 'sari',
  returnedAt: '2026-11-22T03:00:00Z',
  resolvedAt: '2026-11-22T04:00:00Z',
  state: 'resolved',
  unacknowledged: 0,
});

describe('an incident in the past', () => {
  it('is not there before it began and after it was resolved', () => {
    expect(incidentsAt([over], at('00:59:59'))).toEqual([]);
    expect(incidentsAt([over], at('04:00:00'))).toEqual([]);
    expect(incidentsAt([over], at('03:59:59'))).toHaveLength(1);
  });
  it('waits until it was acknowledged', () => {
    const before = incidentAt(over, at('01:30:00'));
    expect(before).toMatchObject({ state: 'open', acknowledgedBy: null, returnedAt: null });
    expect(before !== null && isWaiting(before)).toBe(true);
    const after = incidentAt(over, at('02:30:00'));
    expect(after).toMatchObject({ state: 'open', acknowledgedBy: 'sari' });
    expect(after !== null && isWaiting(after)).toBe(false);
  });
  it('is over but still there once its condition has returned', () => {
    expect(incidentAt(over, at('03:30:00'))).toMatchObject({ state: 'returned', resolvedAt: null });
  });
  it('is no disaster before one was proposed', () => {
    const disaster = { state: 'declared', at: '2026-11-22T03:00:00Z', by: 'x', reason: null } as const;
    expect(incidentAt({ ...over, disaster }, at('02:00:00'))?.disaster).toBeNull();
    expect(incidentAt({ ...over, disaster }, at('03:00:00'))?.disaster).toEqual(disaster);
  });
});

describe('the time line', () => {
  it('holds the moment, is as long as asked, and does not slide while time runs', () => {
    const now = at('23:00:00');
    const first = spanAround(at('10:00:00'), '1h', now);
    expect(first.to - first.from).toBe(spans['1h']);
    expect(first.from <= at('10:00:00') && at('10:00:00') <= first.to).toBe(true);
    expect(spanAround(at('10:05:00'), '1h', now)).toEqual(first);
  });
  it('never reaches beyond now', () => {
    const now = at('10:01:00');
    expect(spanAround(now, '24h', now)).toEqual({ from: now - spans['24h'], to: now });
  });
  it('leads to the next beginning of an incident on either side', () => {
    const list = [over, incident('b', { openedAt: '2026-11-22T05:00:00Z' })];
    expect(nextStart(list, at('01:00:00'), 'forwards')).toBe(at('05:00:00'));
    expect(nextStart(list, at('05:00:00'), 'backwards')).toBe(at('01:00:00'));
    expect(nextStart(list, at('05:00:00'), 'forwards')).toBeUndefined();
  });
});
