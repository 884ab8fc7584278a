/**
 * What is true of one alarm (ISA-18.2 / IEC 62682). There is no status field: the state's name is derived, so that an
 * acknowledgement or a latch is not forgotten because something else changed. Times are epoch ms unless said otherwise.
 */
export interface AlarmFacts {
  readonly inAlarm: boolean;
  /** Stays standing until it is reset, whatever the value does. */
  readonly latched: boolean;
  /** Of the present occurrence; true while there is nothing to acknowledge. */
  readonly acknowledged: boolean;
  /** Hidden by an operator for a limited time; null when it is not. */
  readonly shelf: Shelf | null;
  /** Hidden by an operator: its message says nothing while another condition holds. */
  readonly suppressed: boolean;
  /** Hidden by design while a condition of its rule holds: the reason. */
  readonly suppressedBy: string | null;
  /** Hidden for maintenance, without an end. */
  readonly outOfService: boolean;
  /** Came and went so often that its return is held back. */
  readonly chattering: boolean;
  /** The value says the opposite of `inAlarm` and the delay is running. */
  readonly pending: Pending | null;
  /** The latest occurrence; null before the first. */
  readonly occurrence: Occurrence | null;
  /** Number of the latest occurrence, counted from 1; it names the occurrence and is never used again. */
  readonly occurrences: number;
}

/** When a condition changed, on both clocks. */
export interface Pending {
  /** Source time: readings are judged by the difference between their own times. */
  readonly since: number;
  /** The server's monotonic clock: what a delay that runs out between two readings is measured on. */
  readonly seenAt: number;
}

/** Server time. The length is `until - since`: a clock that steps back does not make a shelf longer. */
interface Shelf {
  readonly since: number;
  readonly until: number;
}

export interface Occurrence {
  /** When the condition began, before the on-delay; source time. */
  readonly since: number;
  /** When it ended, before the off-delay; null while it stands. */
  readonly until: number | null;
  /** At the raise. */
  readonly value: number;
  /** The most deviating value since. */
  readonly worst: number;
}

export const quiet: AlarmFacts = {
  inAlarm: false,
  latched: false,
  acknowledged: true,
  shelf: null,
  suppressed: false,
  suppressedBy: null,
  outOfService: false,
  chattering: false,
  pending: null,
  occurrence: null,
  occurrences: 0,
};

/** Names of ISA-18.2. */
type AlarmState =
  | 'normal'
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned-unacknowledged'
  | 'latched-unacknowledged'
  | 'latched-acknowledged';

export function alarmState({
  inAlarm,
  latched,
  acknowledged,
}: Pick<AlarmFacts, 'inAlarm' | 'latched' | 'acknowledged'>): AlarmState {
  if (inAlarm) return acknowledged ? 'acknowledged' : 'unacknowledged';
  if (latched) return acknowledged ? 'latched-acknowledged' : 'latched-unacknowledged';
  return acknowledged ? 'normal' : 'returned-unacknowledged';
}

/** The state with what hides it, as the journal names it: `unacknowledged`, `acknowledged+shelved`. */
export function stateName(facts: AlarmFacts): string {
  const hidden = [
    facts.shelf === null ? '' : '+shelved',
    facts.suppressed || facts.suppressedBy !== null ? '+suppressed' : '',
    facts.outOfService ? '+out-of-service' : '',
  ];
  return alarmState(facts) + hidden.join('');
}

/** The condition is there, or was and waits for its reset. */
export function isStanding({ inAlarm, latched }: AlarmFacts): boolean {
  return inAlarm || latched;
}

/** Judged and journalled as ever, but not shown and no concern of an incident. */
export function isHidden({ shelf, suppressed, suppressedBy, outOfService }: AlarmFacts): boolean {
  return shelf !== null || suppressed || suppressedBy !== null || outOfService;
}

/** Keeps an incident open. */
export function isActive(facts: AlarmFacts): boolean {
  return isStanding(facts) && !isHidden(facts);
}

/** Shown to the operators: what is active, and what returned before anybody acknowledged it. */
export function isAnnunciated(facts: AlarmFacts): boolean {
  return (isStanding(facts) || !facts.acknowledged) && !isHidden(facts);
}

/** Waits for somebody to see it. */
export function isUnseen(facts: AlarmFacts): boolean {
  return !facts.acknowledged && !isHidden(facts);
}
