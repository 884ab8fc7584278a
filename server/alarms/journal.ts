import { siteOfAlarm } from '../../core/alarm-key.ts';
import { describeQuality } from '../../core/reading.ts';
import type { AlarmJournalTable, AlarmOccurrenceTable, AlarmStateTable } from '../db/schema/alarms.ts';
import { limitOf, type BoundAlarm } from '../../config/alarms/bind.ts';
import type { AlarmChange } from './engine.ts';
import { quiet, type AlarmFacts, type Occurrence } from './facts.ts';
import { transition, type AlarmEvent } from './transition.ts';

/** Rows are values: a change makes a new one, so that what waits to be written does not change underneath. */
export type StateRow = Readonly<AlarmStateTable>;
export type OccurrenceRow = Readonly<AlarmOccurrenceTable>;
export type JournalRow = Readonly<AlarmJournalTable>;

/** What one change leaves to be written. */
export interface AlarmRecord {
  /** The present facts; absent when only the worst value changed. */
  readonly state?: StateRow;
  readonly occurrence?: OccurrenceRow;
  readonly journal?: JournalRow;
}

export interface AlarmRecorder {
  record(change: AlarmChange): AlarmRecord;
  /** The latest occurrence of an alarm. */
  occurrence(key: string): OccurrenceRow | undefined;
}

const retiredReason = 'Tidak ada lagi dalam konfigurasi (no longer in the configuration)';

/** Numbers the journal without gaps and keeps the latest occurrence of every alarm. */
export function createAlarmRecorder(restored: {
  readonly lastSequence: number;
  readonly occurrences: ReadonlyMap<string, OccurrenceRow>;
}): AlarmRecorder {
  const latest = new Map(restored.occurrences);
  let sequence = restored.lastSequence;

  function nextOccurrence({ key, alarm, facts }: AlarmChange): OccurrenceRow | undefined {
    const known = latest.get(key);
    const { occurrence, occurrences } = facts;
    if (occurrence === null) return undefined;
    if (known?.number === occurrences) {
      return {
        ...known,
        until_at: occurrence.until,
        worst: known.worst === null ? null : occurrence.worst,
        version: known.version + 1,
      };
    }
    return alarm === undefined ? undefined : occurrenceRow(alarm, occurrence, occurrences);
  }

  return {
    occurrence: (key) => latest.get(key),
    record(change) {
      const { key, before, facts } = change;
      const changed = facts.occurrence !== before.occurrence ? nextOccurrence(change) : undefined;
      if (changed !== undefined) latest.set(key, changed);
      const occurrence = changed === undefined ? {} : { occurrence: changed };
      const { why } = change;
      if (why === 'worsen' || why === 'pend' || why === 'settle') return occurrence;
      sequence += 1;
      const journal = journalRow(change, why, sequence);
      return { ...occurrence, journal, state: stateRow(key, facts, sequence) };
    },
  };
}

/** A new occurrence of an alarm. */
function occurrenceRow(
  { key, point, test, owner }: BoundAlarm,
  { since, until, value, worst }: Occurrence,
  number: number,
): OccurrenceRow {
  // A lost device has a state but no number, and a silent point has neither.
  const numeric = point.source.from !== 'link' && test.kind !== 'stale';
  return {
    alarm: key,
    number,
    point: point.id,
    owner,
    unit: point.unit,
    since_at: since,
    until_at: until,
    value: numeric ? value : null,
    worst: numeric ? worst : null,
    state: point.states?.get(value) ?? null,
    limit_value: limitOf(test),
    version: 1,
  };
}

function stateRow(alarm: string, facts: AlarmFacts, version: number): StateRow {
  return {
    alarm,
    in_alarm: facts.inAlarm ? 1 : 0,
    latched: facts.latched ? 1 : 0,
    acknowledged: facts.acknowledged ? 1 : 0,
    shelved_at: facts.shelf?.since ?? null,
    shelved_until: facts.shelf?.until ?? null,
    suppressed: facts.suppressed ? 1 : 0,
    suppressed_by: facts.suppressedBy,
    chattering: facts.chattering ? 1 : 0,
    out_of_service: facts.outOfService ? 1 : 0,
    occurrence: facts.occurrences,
    version,
  };
}

/** The way back, after a restart. */
export function factsOf(state: StateRow, occurrence: OccurrenceRow | undefined): AlarmFacts {
  return {
    inAlarm: state.in_alarm === 1,
    latched: state.latched === 1,
    acknowledged: state.acknowledged === 1,
    shelf:
      state.shelved_until === null
        ? null
        : { since: state.shelved_at ?? state.shelved_until, until: state.shelved_until },
    suppressed: state.suppressed === 1,
    suppressedBy: state.suppressed_by,
    chattering: state.chattering === 1,
    outOfService: state.out_of_service === 1,
    pending: null,
    occurrence:
      occurrence === undefined
        ? null
        : {
            since: occurrence.since_at,
            until: occurrence.until_at,
            value: occurrence.value ?? Number.NaN,
            worst: occurrence.worst ?? Number.NaN,
          },
    occurrences: state.occurrence,
  };
}

function journalRow(
  { key, alarm, facts, from, to, at, sourceAt, value, quality, order }: AlarmChange,
  why: JournalRow['why'],
  sequence: number,
): JournalRow {
  const present = Number.isFinite(value) && alarm?.point.source.from !== 'link' ? value : null;
  const { quality: name, reason } = describeQuality(quality);
  return {
    sequence,
    alarm: key,
    site: siteOfAlarm(key),
    occurrence: facts.occurrences,
    source_at: sourceAt,
    server_at: at,
    from_state: from,
    to_state: to,
    why,
    value: present,
    limit_value: alarm === undefined ? null : limitOf(alarm.test),
    quality: reason ?? name,
    actor: order?.actor ?? null,
    reason: order?.reason ?? ownReason(why, facts),
    shelved_until: facts.shelf?.until ?? null,
    latched: facts.latched ? 1 : 0,
  };
}

/** Why the system did it by itself. */
function ownReason(why: JournalRow['why'], { suppressedBy }: AlarmFacts): string | null {
  if (why === 'retire') return retiredReason;
  return why === 'design-suppress' ? suppressedBy : null;
}

/**
 * The facts that a whole journal of one alarm leads to, in the order of its sequence. What is not journalled is not
 * there: the worst value and a delay under way.
 */
export function replay(rows: readonly JournalRow[]): AlarmFacts {
  return rows.reduce((facts, row) => {
    const event = eventOf(row);
    return event === undefined ? facts : transition(facts, event).facts;
  }, quiet);
}

function eventOf(row: JournalRow): AlarmEvent | undefined {
  const sourceAt = row.source_at ?? row.server_at;
  switch (row.why) {
    case 'raise':
      return { kind: 'raise', since: sourceAt, value: row.value ?? Number.NaN, latch: row.latched === 1 };
    case 'return':
      return { kind: 'return', until: sourceAt };
    case 'retire':
      return { kind: 'retire', until: sourceAt };
    case 'shelve':
      return row.shelved_until === null
        ? undefined
        : { kind: 'shelve', since: row.server_at, until: row.shelved_until };
    case 'design-suppress':
      return { kind: 'design-suppress', reason: row.reason ?? '' };
    default:
      return { kind: row.why };
  }
}
