import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmState, quiet, type AlarmFacts } from '../../../server/alarms/facts.ts';
import { transition, type AlarmEvent } from '../../../server/alarms/transition.ts';

const raise: AlarmEvent = { kind: 'raise', since: 1, value: 28, latch: false };
const latch: AlarmEvent = { kind: 'raise', since: 1, value: 4, latch: true };
const back: AlarmEvent = { kind: 'return', until: 2 };
const acknowledge: AlarmEvent = { kind: 'acknowledge' };
const reset: AlarmEvent = { kind: 'reset' };

function after(...events: readonly AlarmEvent[]): AlarmFacts {
  return events.reduce((facts, event) => transition(facts, event).facts, quiet);
}

describe('the states of ISA-18.2', () => {
  it.each([
    ['raise', [raise], 'unacknowledged'],
    ['raise, acknowledge', [raise, acknowledge], 'acknowledged'],
    ['raise, acknowledge, return', [raise, acknowledge, back], 'normal'],
    ['raise, return', [raise, back], 'returned-unacknowledged'],
    ['raise, return, acknowledge', [raise, back, acknowledge], 'normal'],
    ['raise, return, raise', [raise, back, raise], 'unacknowledged'],
    ['raise, acknowledge, return, raise', [raise, acknowledge, back, raise], 'unacknowledged'],
    ['latched raise, return', [latch, back], 'latched-unacknowledged'],
    ['latched raise, acknowledge, return', [latch, acknowledge, back], 'latched-acknowledged'],
    ['latched raise, return, reset', [latch, back, reset], 'normal'],
    ['latched raise, reset', [latch, reset], 'unacknowledged'],
  ] as const)('follow %s', (_, events, state) => {
    expect(alarmState(after(...events))).toBe(state);
  });

  it('tell from where to where and why', () => {
    expect(transition(after(raise), back)).toMatchObject({
      from: 'unacknowledged',
      to: 'returned-unacknowledged',
      why: 'return',
    });
  });
});

describe('occurrences', () => {
  it('are new after an alarm was over', () => {
    const again = after(raise, back, { kind: 'raise', since: 5, value: 29, latch: false });
    expect(again.occurrence).toEqual({ since: 5, until: null, value: 29, worst: 29 });
  });

  it('go on when a latched alarm comes back before its reset', () => {
    const again = after(latch, back, { kind: 'raise', since: 5, value: 5, latch: true });
    expect(again.occurrence).toEqual({ since: 1, until: null, value: 4, worst: 4 });
  });
});

it('facts stay the very same when an event does not apply', () => {
  const raised = after(raise);
  expect(transition(raised, raise).facts).toBe(raised);
  expect(transition(quiet, back).facts).toBe(quiet);
  expect(transition(quiet, acknowledge).facts).toBe(quiet);
  expect(transition(after(raise, back), reset).facts.acknowledged).toBe(false);
});

it('a latch holds for any order of events until a reset after the return', () => {
  const event = fc.constantFrom<AlarmEvent>(
    latch,
    back,
    acknowledge,
    { kind: 'worsen', value: 9 },
    { kind: 'settle' },
  );
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const facts = after(latch, ...events);
      expect(facts.latched).toBe(true);
      expect(transition(facts, reset).facts.latched).toBe(facts.inAlarm);
    }),
  );
});
