import { describe, expect, it } from 'vitest';
import {
  alarmState,
  isActive,
  isAnnunciated,
  isHidden,
  quiet,
  stateName,
  type AlarmFacts,
} from '../../../server/alarms/facts.ts';
import { transition, type AlarmEvent } from '../../../server/alarms/transition.ts';

const occurrence = { since: 1, until: null, value: 28, worst: 28 };
const shelf = { since: 0, until: 100 };
const bits = [false, true];
/** Every combination of facts that can occur: nothing stands or waits without an occurrence. */
const everyFacts: AlarmFacts[] = bits.flatMap((inAlarm) =>
  bits.flatMap((latched) =>
    bits.flatMap((acknowledged) =>
      bits.flatMap((shelved) =>
        bits.flatMap((suppressed) =>
          bits.map((outOfService) => ({
            inAlarm,
            latched,
            acknowledged,
            shelf: shelved ? shelf : null,
            suppressed,
            suppressedBy: null,
            chattering: false,
            outOfService,
            pending: null,
            occurrence:
              inAlarm || latched || !acknowledged ? { ...occurrence, until: inAlarm ? null : 2 } : null,
            occurrences: inAlarm || latched || !acknowledged ? 1 : 0,
          })),
        ),
      ),
    ),
  ),
);

/** ISA-18.2, event by event: what the base state becomes; the same text when nothing may change. */
const base: Record<string, (state: string, event: AlarmEvent) => string> = {
  raise: (state) => (state === 'acknowledged' ? state : 'unacknowledged'),
  return: (state) =>
    state === 'acknowledged' ? 'normal' : state === 'unacknowledged' ? 'returned-unacknowledged' : state,
  acknowledge: (state) =>
    state === 'unacknowledged'
      ? 'acknowledged'
      : state === 'returned-unacknowledged'
        ? 'normal'
        : state.replace('latched-unacknowledged', 'latched-acknowledged'),
  reset: (state) => (state.startsWith('latched-') ? 'normal' : state),
  retire: () => 'normal',
};
const events: AlarmEvent[] = [
  { kind: 'raise', since: 5, value: 30, latch: false },
  { kind: 'return', until: 6 },
  { kind: 'worsen', value: 31 },
  { kind: 'acknowledge' },
  { kind: 'reset' },
  { kind: 'shelve', since: 7, until: 207 },
  { kind: 'unshelve' },
  { kind: 'shelf-end' },
  { kind: 'suppress' },
  { kind: 'unsuppress' },
  { kind: 'out-of-service' },
  { kind: 'return-to-service' },
  { kind: 'pend', pending: { since: 8, seenAt: 8 } },
  { kind: 'settle' },
  { kind: 'retire', until: 9 },
];

describe('the table of transitions, for every combination of facts and every event', () => {
  it.each(events.map((event) => [event.kind, event] as const))('%s', (kind, event) => {
    for (const facts of everyFacts) {
      const { facts: after, from, to } = transition(facts, event);
      const place = `${stateName(facts)} ${facts.latched ? '(latched) ' : ''}→ ${kind}`;
      expect([from, to], place).toEqual([stateName(facts), stateName(after)]);
      // A return of a latched alarm leaves the latch, whatever else is true.
      const latchedReturn = kind === 'return' && facts.inAlarm && facts.latched;
      const expected = latchedReturn
        ? `latched-${facts.acknowledged ? 'acknowledged' : 'unacknowledged'}`
        : (base[kind]?.(alarmState(facts), event) ?? alarmState(facts));
      // Of what came and went while it was hidden nobody was told: there is nothing to acknowledge.
      const isShown = isHidden(facts) && !isHidden(after) && expected === 'returned-unacknowledged';
      expect(alarmState(after), place).toBe(isShown ? 'normal' : expected);
      const hidden = (value: AlarmFacts): unknown => [
        value.shelf !== null,
        value.suppressed,
        value.outOfService,
      ];
      const [shelved, suppressed, outOfService] = [
        facts.shelf !== null,
        facts.suppressed,
        facts.outOfService,
      ];
      const hiding: Partial<Record<AlarmEvent['kind'], unknown>> = {
        shelve: [true, suppressed, outOfService],
        unshelve: [false, suppressed, outOfService],
        'shelf-end': [false, suppressed, outOfService],
        suppress: [shelved, true, outOfService],
        unsuppress: [shelved, false, outOfService],
        'out-of-service': [shelved, suppressed, true],
        'return-to-service': [shelved, suppressed, false],
        retire: [false, false, false],
      };
      expect(hidden(after), place).toEqual(hiding[kind] ?? hidden(facts));
      const until = after.occurrence?.until ?? null;
      expect(after.inAlarm && until !== null, place).toBe(false);
    }
  });
});

it('an alarm is annunciated while it stands or nobody has seen it, unless it is hidden', () => {
  for (const facts of everyFacts) {
    const hidden = facts.shelf !== null || facts.suppressed || facts.outOfService;
    expect(isActive(facts)).toBe((facts.inAlarm || facts.latched) && !hidden);
    expect(isAnnunciated(facts)).toBe((facts.inAlarm || facts.latched || !facts.acknowledged) && !hidden);
  }
  expect(isAnnunciated(quiet)).toBe(false);
});

it('hiding forgets no acknowledgement, and each activation is a new occurrence', () => {
  const run = (...list: AlarmEvent[]): AlarmFacts =>
    list.reduce((facts, event) => transition(facts, event).facts, quiet);
  const raise: AlarmEvent = { kind: 'raise', since: 1, value: 28, latch: false };
  expect(
    run(raise, { kind: 'acknowledge' }, { kind: 'shelve', since: 1, until: 2 }, { kind: 'shelf-end' }),
  ).toMatchObject({ acknowledged: true, inAlarm: true, occurrences: 1 });
  expect(run(raise, { kind: 'return', until: 2 }, raise).occurrences).toBe(2);
});
