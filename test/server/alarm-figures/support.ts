import { siteOfAlarm } from '../../../core/alarm-key.ts';
import type { JournalEntry } from '../../../server/alarm-figures/annunciation.ts';
import type { AlarmJournalTable } from '../../../server/db/schema/alarms.ts';
import type { IncidentTable } from '../../../server/db/schema/incidents.ts';

/** Monday 2026-11-02 00:00 WIB. */
export const start = Date.UTC(2026, 10, 1, 17);
export const second = 1_000;
export const minute = 60_000;
export const hour = 3_600_000;
export const day = 86_400_000;

type Why = AlarmJournalTable['why'];
const states: Partial<Record<Why, readonly [from: string, to: string]>> = {
  raise: ['normal', 'unacknowledged'],
  acknowledge: ['unacknowledged', 'acknowledged'],
  return: ['unacknowledged', 'returned-unacknowledged'],
  shelve: ['acknowledged', 'acknowledged+shelved'],
  unshelve: ['acknowledged+shelved', 'acknowledged'],
};

export interface EntrySketch {
  readonly at: number;
  readonly why: Why;
  readonly alarm?: string;
  readonly from?: string;
  readonly to?: string;
  readonly actor?: string;
}

/** An entry with the usual states of its kind. */
export function entry({
  at,
  why,
  alarm = 'hot@dc/env-1/temperature',
  from,
  to,
  actor,
}: EntrySketch): JournalEntry & { readonly why: Why } {
  const [usualFrom = 'normal', usualTo = 'normal'] = states[why] ?? [];
  return {
    sequence: at,
    alarm,
    site: siteOfAlarm(alarm),
    source_at: why === 'raise' || why === 'return' ? at : null,
    server_at: at,
    from_state: from ?? usualFrom,
    to_state: to ?? usualTo,
    why,
    actor: actor ?? null,
  };
}

/** The same as rows of the table, numbered. */
export function journalRows(entries: readonly ReturnType<typeof entry>[], first = 1): AlarmJournalTable[] {
  return entries.map((each, place) => ({
    ...each,
    sequence: first + place,
    occurrence: 1,
    value: 28,
    limit_value: 27,
    quality: 'good',
    reason: null,
    shelved_until: null,
    latched: 0,
  }));
}

/** An open incident of the data centre. */
export function incidentRow(id: string, of: { readonly at: number; readonly rule: string }): IncidentTable {
  return {
    id, group_key: id, site: 'dc', room: null, rule: of.rule, name_id: 'Suhu', name_en: 'Heat', discipline: 'cooling',
    urgency: 'tinggi', impact: 'tinggi', priority: 'P1', clause: 'BAB IV.1.4', opened_at: of.at, due_at: of.at + hour,
    acknowledged_at: null, acknowledged_by: null, returned_at: null, resolved_at: null, merged_into: null,
    title_id: 'Suhu', title_en: 'Heat', causes: '[]', life_safety: 0, active: 1, unacknowledged: 1, total: 1,
    worst_alarm: null, worst_occurrence: null, version: 1, reopened_at: null, pauses: '[]', sla_stage: 0, assigned_to: null,
    found_cause: null, remedy: null, disaster: null,
  }; // prettier-ignore
}
