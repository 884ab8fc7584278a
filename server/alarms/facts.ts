/**
 * What is true of one alarm (ISA-18.2). There is no status field: the state's name is derived, so that an
 * acknowledgement or a latch is never forgotten because another thing changed. Times are epoch ms.
 */
export interface AlarmFacts {
  readonly inAlarm: boolean;
  /** Stays standing until it is reset, whatever the value does. */
  readonly latched: boolean;
  /** Of the present occurrence; true while there is nothing to acknowledge. */
  readonly acknowledged: boolean;
  /** The value says the opposite of `inAlarm` and the delay is running. */
  readonly pending: Pending | null;
  /** The latest occurrence; null before the first. */
  readonly occurrence: Occurrence | null;
}

/** Both clocks of a flank: readings are judged in source time, `mature` has only the server's. */
export interface Pending {
  readonly since: number;
  readonly seenAt: number;
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
  pending: null,
  occurrence: null,
};

/** Names of ISA-18.2. */
export type AlarmState =
  | 'normal'
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned-unacknowledged'
  | 'latched-unacknowledged'
  | 'latched-acknowledged';

export function alarmState({ inAlarm, latched, acknowledged }: AlarmFacts): AlarmState {
  if (inAlarm) return acknowledged ? 'acknowledged' : 'unacknowledged';
  if (latched) return acknowledged ? 'latched-acknowledged' : 'latched-unacknowledged';
  return acknowledged ? 'normal' : 'returned-unacknowledged';
}

/** Something an incident has to wait for. */
export function isStanding({ inAlarm, latched }: AlarmFacts): boolean {
  return inAlarm || latched;
}
