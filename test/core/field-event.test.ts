import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitEvent, type FieldEvent } from '../../core/field-event.ts';

const now = Date.UTC(2026, 10, 23, 3, 30);
const event = (at: number): FieldEvent => ({
  id: 'dc/door#1',
  source: 'dc/door',
  at,
  kind: 'access-granted',
  attributes: { card: 8165537 },
});

test('an event of the past keeps its time, also a replayed one of another year', () => {
  for (const at of [now, now - 1, Date.UTC(2021, 7, 10)])
    expect(admitEvent(event(at), now)).toEqual(event(at));
});

test('an event a few seconds ahead is one of now', () => {
  expect(admitEvent(event(now + 4_000), now)).toEqual(event(now));
});

test('an event of the future has happened now, is flagged and keeps the time of its source', () => {
  expect(admitEvent(event(now + 86_400_000), now)).toEqual({
    ...event(now),
    attributes: { card: 8165537, 'source-time': '2026-11-24T03:30:00.000Z', 'time-flag': 'clock-ahead' },
  });
});

test('an event of 1970 is one of a clock that was never set', () => {
  expect(admitEvent(event(12_000), now)).toMatchObject({
    at: now,
    attributes: { 'source-time': '1970-01-01T00:00:12.000Z', 'time-flag': 'clock-not-set' },
  });
});

test('whatever its time, an admitted event lies in no future, and being admitted again changes nothing', () => {
  fc.assert(
    fc.property(fc.double(), (at) => {
      const admitted = admitEvent(event(at), now);
      expect(admitted.at).toBeLessThanOrEqual(now);
      expect(admitEvent(admitted, now + 1_000)).toEqual(admitted);
    }),
  );
});
