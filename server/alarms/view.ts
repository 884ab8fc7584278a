import type { Label, Priority } from '../../config/schema/common.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type {
  AlarmConditions,
  StandingAlarmView,
  JournalEntryView,
  OccurrenceView,
} from '../contracts/alarms.ts';
import { limitOf, type BoundAlarm } from '../../config/alarms/bind.ts';
import { alarmState, type AlarmFacts } from './facts.ts';
import { shelvingOf } from './shelving.ts';
import type { JournalRow, OccurrenceRow } from './journal.ts';

/** Alarms as clients see them (contracts/alarms). */

/** `nameOf` is undefined for a point that the configuration no longer has: its owner is called as it was then. */
export function occurrenceView(
  row: OccurrenceRow,
  nameOf: (point: string) => Label | undefined,
): OccurrenceView {
  return {
    point: row.point,
    owner: row.owner,
    ownerName: nameOf(row.point) ?? { id: row.owner, en: row.owner },
    unit: row.unit,
    since: iso(row.since_at),
    until: isoOrNull(row.until_at),
    value: row.value,
    worst: row.worst,
    state: row.state,
    limit: row.limit_value,
  };
}

export function alarmConditions(facts: AlarmFacts): AlarmConditions {
  return {
    alarmState: alarmState(facts),
    acknowledged: facts.acknowledged,
    latched: facts.latched,
    shelvedUntil: isoOrNull(facts.shelf?.until ?? null),
    suppressed: facts.suppressed,
    suppressedBy: facts.suppressedBy,
    chattering: facts.chattering,
    outOfService: facts.outOfService,
  };
}

export function alarmDetail(
  { key, rule, point, clause, owner, test }: BoundAlarm,
  now: {
    readonly nameOf: (point: string) => Label | undefined;
    readonly facts: AlarmFacts;
    readonly occurrence: OccurrenceRow | undefined;
    readonly incident: string | null;
    readonly priority: Priority;
    readonly durable: boolean;
  },
): StandingAlarmView {
  const never = {
    point: point.id,
    owner,
    ownerName: now.nameOf(point.id) ?? { id: owner, en: owner },
    unit: point.unit,
    since: null,
    until: null,
    value: null,
    worst: null,
    state: null,
    limit: limitOf(test),
  };
  return {
    ...(now.occurrence === undefined ? never : occurrenceView(now.occurrence, now.nameOf)),
    ...alarmConditions(now.facts),
    id: key,
    incident: now.incident,
    site: point.site,
    room: point.room ?? null,
    rule: rule.rule,
    name: rule.name,
    level: rule.level ?? null,
    shelving: shelvingOf(rule),
    discipline: rule.discipline,
    priority: now.priority,
    clause,
    durable: now.durable,
  };
}

export function journalEntry(row: JournalRow, durable: boolean): JournalEntryView {
  return {
    sequence: row.sequence,
    alarm: row.alarm,
    site: row.site,
    occurrence: row.occurrence,
    sourceAt: isoOrNull(row.source_at),
    serverAt: iso(row.server_at),
    from: row.from_state,
    to: row.to_state,
    why: row.why,
    value: row.value,
    limit: row.limit_value,
    quality: row.quality,
    actor: row.actor,
    reason: row.reason,
    shelvedUntil: isoOrNull(row.shelved_until),
    durable,
  };
}
