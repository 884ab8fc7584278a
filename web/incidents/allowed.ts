import type { AlarmConditions } from '../../server/contracts/alarms.ts';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { isWaiting } from '../../domain/severity.ts';

/** What an operator can do with an incident as it is. */
export interface AllowedActions {
  readonly acknowledge: boolean;
  /** Alarms that nobody has acknowledged. */
  readonly waiting: number;
  /** Some alarm is latched and its condition is over: it can be reset. One whose condition is still active cannot. */
  readonly reset: boolean;
}

export function allowedActions(incident: IncidentView): AllowedActions {
  return {
    acknowledge: isWaiting(incident),
    waiting: incident.unacknowledged,
    reset:
      incident.state === 'open' && incident.alarms.some((alarm) => alarm.latched && alarm.until !== null),
  };
}

export type AlarmVerb =
  | 'ack'
  | 'reset'
  | 'shelve'
  | 'unshelve'
  | 'suppress'
  | 'unsuppress'
  | 'out-of-service'
  | 'return-to-service';

/** What an operator can do with one alarm as it is. Verbs are those of the API. */
export function allowedVerbs(alarm: AlarmConditions & { readonly until: string | null }): AlarmVerb[] {
  const verbs: (AlarmVerb | false)[] = [
    !alarm.acknowledged && 'ack',
    alarm.latched && alarm.until !== null && 'reset',
    alarm.shelvedUntil === null ? 'shelve' : 'unshelve',
    alarm.suppressed ? 'unsuppress' : 'suppress',
    alarm.outOfService ? 'return-to-service' : 'out-of-service',
  ];
  return verbs.filter((verb) => verb !== false);
}

/** The API refuses these without a reason. */
export function needsReason(verb: AlarmVerb): boolean {
  return verb === 'shelve' || verb === 'suppress' || verb === 'out-of-service';
}
