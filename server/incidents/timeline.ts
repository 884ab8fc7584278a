import type { AlarmChange } from '../alarms/engine.ts';
import { isStanding } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import type { TimelineEvent } from './record.ts';

const retiredNote = 'Tidak ada lagi dalam konfigurasi (no longer in the configuration)';

/** The line of the timeline for a change of a linked alarm; undefined when the incident's own entry covers it. */
export function eventOf(change: AlarmChange, occurrence: OccurrenceRow): TimelineEvent | undefined {
  const { why, at, order, before, facts } = change;
  const event = { at, point: occurrence.point, actor: order?.actor ?? null, note: order?.reason ?? null };
  switch (why) {
    case 'raise':
      return { at, kind: 'alarm-raised', point: occurrence.point, value: occurrence.value };
    case 'return':
      return { at, kind: 'alarm-returned', point: occurrence.point };
    case 'retire':
      return isStanding(before) ? { ...event, kind: 'alarm-returned', note: retiredNote } : undefined;
    case 'acknowledge':
      return order?.scope === 'alarm' ? { ...event, kind: 'alarm-acknowledged' } : undefined;
    case 'reset':
      return order?.scope === 'alarm' ? { ...event, kind: 'alarm-reset' } : undefined;
    case 'shelve':
      return { ...event, kind: 'alarm-shelved', value: facts.shelf?.until ?? null };
    case 'unshelve':
    case 'shelf-end':
      return { ...event, kind: 'alarm-unshelved' };
    case 'suppress':
      return { ...event, kind: 'alarm-suppressed' };
    case 'design-suppress':
      return { ...event, kind: 'alarm-suppressed', note: facts.suppressedBy };
    case 'unsuppress':
    case 'design-unsuppress':
      return { ...event, kind: 'alarm-unsuppressed' };
    case 'chatter':
      return { ...event, kind: 'alarm-chattering' };
    case 're-alarm':
      return { ...event, kind: 'alarm-again' };
    case 'out-of-service':
      return { ...event, kind: 'alarm-out-of-service' };
    case 'return-to-service':
      return { ...event, kind: 'alarm-in-service' };
    default:
      return undefined;
  }
}
