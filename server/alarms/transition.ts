import { isHidden, isStanding, quiet, stateName, type AlarmFacts, type Pending } from './facts.ts';

/** What people do to an alarm. */
export type AlarmCommand =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'reset' }
  /** Server time. */
  | { readonly kind: 'shelve'; readonly since: number; readonly until: number }
  | { readonly kind: 'unshelve' }
  | { readonly kind: 'suppress' }
  | { readonly kind: 'unsuppress' }
  | { readonly kind: 'out-of-service' }
  | { readonly kind: 'return-to-service' };

export type AlarmEvent =
  | AlarmCommand
  /** A delay begins to run, or its source clock stepped back. */
  | { readonly kind: 'pend'; readonly pending: Pending }
  /** The value went back before the delay was over. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'raise'; readonly since: number; readonly value: number; readonly latch: boolean }
  | { readonly kind: 'worsen'; readonly value: number }
  | { readonly kind: 'return'; readonly until: number }
  /** The time of the shelf is over. */
  | { readonly kind: 'shelf-end' }
  /** A condition of the rule under which it is not annunciated holds, or no longer does. */
  | { readonly kind: 'design-suppress'; readonly reason: string }
  | { readonly kind: 'design-unsuppress' }
  /** It comes and goes: its return is held back from now on, or no longer is. */
  | { readonly kind: 'chatter' }
  | { readonly kind: 'chatter-end' }
  /** Acknowledged long ago and still standing: somebody has to look again. */
  | { readonly kind: 're-alarm' }
  /** Rule or point is no longer in the configuration. */
  | { readonly kind: 'retire'; readonly until: number };

export interface Transition {
  readonly facts: AlarmFacts;
  /** Names of states, with what hides them (`facts.stateName`). */
  readonly from: string;
  readonly to: string;
  readonly why: AlarmEvent['kind'];
}

/** The whole life of an alarm as one table. Pure; an event that does not apply leaves the facts as they are. */
export function transition(facts: AlarmFacts, event: AlarmEvent): Transition {
  const next = shown(facts, apply(facts, event));
  return { facts: next, from: stateName(facts), to: stateName(next), why: event.kind };
}

/** Whether the event ends what hid the alarm. */
export function isShowing(facts: AlarmFacts, event: AlarmEvent): boolean {
  return isHidden(facts) && !isHidden(apply(facts, event));
}

/** Of what came and went while it was hidden nobody was told: there is nothing to acknowledge (ISA-18.2: it is normal again). */
function shown(before: AlarmFacts, after: AlarmFacts): AlarmFacts {
  const nothingStands = isHidden(before) && !isHidden(after) && !isStanding(after);
  return nothingStands && !after.acknowledged ? { ...after, acknowledged: true } : after;
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
      return facts.inAlarm ? end(facts, event.until) : facts;
    case 'acknowledge':
      return facts.acknowledged ? facts : { ...facts, acknowledged: true };
    case 'reset':
      // While the condition stands a reset is refused: the latch would close again at once.
      return facts.inAlarm || !facts.latched ? facts : { ...facts, latched: false, acknowledged: true };
    case 'shelve':
      return { ...facts, shelf: { since: event.since, until: event.until } };
    case 'unshelve':
    case 'shelf-end':
      return facts.shelf === null ? facts : { ...facts, shelf: null };
    case 'suppress':
      return facts.suppressed ? facts : { ...facts, suppressed: true };
    case 'unsuppress':
      return facts.suppressed ? { ...facts, suppressed: false } : facts;
    case 'design-suppress':
      return facts.suppressedBy === event.reason ? facts : { ...facts, suppressedBy: event.reason };
    case 'design-unsuppress':
      return facts.suppressedBy === null ? facts : { ...facts, suppressedBy: null };
    case 'chatter':
      return facts.chattering ? facts : { ...facts, chattering: true };
    case 'chatter-end':
      return facts.chattering ? { ...facts, chattering: false } : facts;
    case 're-alarm':
      return isStanding(facts) && facts.acknowledged ? { ...facts, acknowledged: false } : facts;
    case 'out-of-service':
      return facts.outOfService ? facts : { ...facts, outOfService: true };
    case 'return-to-service':
      return facts.outOfService ? { ...facts, outOfService: false } : facts;
    case 'retire':
      return retire(facts, event.until);
  }
}

/** A latched alarm that comes back before its reset is the same occurrence: nobody has inspected it yet. */
function raise(
  facts: AlarmFacts,
  { since, value, latch }: Extract<AlarmEvent, { kind: 'raise' }>,
): AlarmFacts {
  const same = isStanding(facts) ? facts.occurrence : null;
  return {
    ...facts,
    inAlarm: true,
    latched: latch,
    acknowledged: false,
    pending: null,
    occurrence: same === null ? { since, until: null, value, worst: value } : { ...same, until: null },
    occurrences: facts.occurrences + (same === null ? 1 : 0),
  };
}

function end(facts: AlarmFacts, until: number): AlarmFacts {
  const { occurrence } = facts;
  return {
    ...facts,
    inAlarm: false,
    pending: null,
    occurrence: occurrence === null ? null : { ...occurrence, until },
  };
}

/** Nobody can see, reset or unshelve it any more; its number goes on if it ever comes back. */
function retire(facts: AlarmFacts, until: number): AlarmFacts {
  const isQuiet = stateName(facts) === 'normal' && facts.pending === null;
  if (isQuiet) return facts;
  return {
    ...quiet,
    occurrence: facts.inAlarm ? end(facts, until).occurrence : facts.occurrence,
    occurrences: facts.occurrences,
  };
}
