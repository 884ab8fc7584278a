import { alarmState, isStanding, type AlarmFacts, type AlarmState, type Pending } from './facts.ts';

export type AlarmEvent =
  /** A delay begins to run. */
  | { readonly kind: 'pend'; readonly pending: Pending }
  /** The value went back before the delay was over. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'raise'; readonly since: number; readonly value: number; readonly latch: boolean }
  | { readonly kind: 'worsen'; readonly value: number }
  | { readonly kind: 'return'; readonly until: number }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'reset' };

export interface Transition {
  readonly facts: AlarmFacts;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly why: AlarmEvent['kind'];
}

/** The whole life of an alarm as one table. Pure; an event that does not apply leaves the facts as they are. */
export function transition(facts: AlarmFacts, event: AlarmEvent): Transition {
  const next = apply(facts, event);
  return { facts: next, from: alarmState(facts), to: alarmState(next), why: event.kind };
}

function apply(facts: AlarmFacts, event: AlarmEvent): AlarmFacts {
  switch (event.kind) {
    case 'pend':
      return { ...facts, pending: event.pending };
    case 'settle':
      return facts.pending === null ? facts : { ...facts, pending: null };
    case 'raise':
      return facts.inAlarm ? facts : raise(facts, event);
    case 'worsen':
      return !facts.inAlarm || facts.occurrence === null
        ? facts
        : { ...facts, occurrence: { ...facts.occurrence, worst: event.value } };
    case 'return':
      return !facts.inAlarm || facts.occurrence === null
        ? facts
        : {
            ...facts,
            inAlarm: false,
            pending: null,
            occurrence: { ...facts.occurrence, until: event.until },
          };
    case 'acknowledge':
      return facts.acknowledged ? facts : { ...facts, acknowledged: true };
    case 'reset':
      // What still burns cannot be reset: the latch would only close again.
      return facts.inAlarm || !facts.latched ? facts : { ...facts, latched: false, acknowledged: true };
  }
}

/** A latched alarm that comes back before its reset is the same occurrence: nobody has inspected it yet. */
function raise(
  facts: AlarmFacts,
  { since, value, latch }: Extract<AlarmEvent, { kind: 'raise' }>,
): AlarmFacts {
  const same = isStanding(facts) ? facts.occurrence : null;
  return {
    inAlarm: true,
    latched: latch,
    acknowledged: false,
    pending: null,
    occurrence: same === null ? { since, until: null, value, worst: value } : { ...same, until: null },
  };
}
