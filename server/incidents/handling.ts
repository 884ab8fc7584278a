import { DateTime } from 'luxon';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Clock } from '../../core/clock.ts';
import type { AlarmEngine } from '../alarms/engine.ts';
import type { IncidentView } from '../contracts/incidents.ts';
import { unseenIn } from './live.ts';
import type { OpenIncidents } from './open-incidents.ts';
import type { IncidentReader } from './reader.ts';
import type { IncidentRow, TimelineEvent } from './record.ts';
import { dueAt, pausesOf, type Pause, type SlaRules } from './sla.ts';
import type { IncidentWriter } from './writer.ts';

/** It cannot be done as the incident is; the message says what can be. */
export class HandlingRefused extends Error {
  override readonly name = 'HandlingRefused';
}

/** Too much is waiting for the store: further commands are refused. */
export class StoreBehind extends Error {
  override readonly name = 'StoreBehind';
  constructor() {
    super('not kept: the store has not written for long; see GET health, then try again');
  }
}

type Done = Promise<IncidentView | undefined>;

/** What people do with an incident from its opening to its end. Undefined: there is no such incident. Rejects with HandlingRefused or StoreBehind. */
export interface Handling {
  /** Changes its row and adds to its timeline, whether it is over or not. `decide` may throw. */
  amend(id: string, decide: (incident: IncidentRow) => Amendment): Done;
  /** `to`: a person of people.yaml or a user; null: nobody. */
  assign(id: string, by: { readonly actor: string; readonly to: string | null }): Done;
  pause(id: string, by: { readonly actor: string; readonly reason: string }): Done;
  resume(id: string, by: { readonly actor: string }): Done;
  /** Records what it was and what was done. Acknowledges what waits; refused while an alarm is active. */
  close(id: string, by: { readonly actor: string; readonly cause: string; readonly remedy: string }): Done;
  /** Within some calendar days after it was resolved. */
  reopen(id: string, by: { readonly actor: string; readonly reason: string }): Done;
}

interface Amendment {
  readonly change: Partial<IncidentRow>;
  readonly event: TimelineEvent;
}

export function createHandling(options: {
  readonly clock: Pick<Clock, 'now'>;
  readonly rules: SlaRules;
  readonly mayPause: boolean;
  readonly reopenWithinDays: number;
  readonly open: OpenIncidents;
  readonly writer: IncidentWriter;
  readonly reader: IncidentReader;
  readonly engine: Pick<AlarmEngine, 'command'>;
}): Handling {
  const { clock, rules, mayPause, reopenWithinDays, open, writer, reader, engine } = options;

  async function amend(id: string, decide: (incident: IncidentRow) => Amendment): Done {
    const found = await reader.record(id);
    if (found === undefined) return undefined;
    if (writer.isFull()) throw new StoreBehind();
    const { change, event } = decide(reader.newest(found).incident);
    // What was decided may have ended it.
    const live = open.find(id);
    writer.event(id, event);
    if (live !== undefined) open.amend(live, change, event.at);
    else {
      const record = reader.newest(found);
      const incident = { ...record.incident, ...change, version: record.incident.version + 1 };
      writer.incident({ ...record, incident }, true);
    }
    writer.flushSoon();
    return reader.get(id);
  }

  /** The deadline follows the pauses. */
  function withPauses(incident: IncidentRow, pauses: readonly Pause[]): Partial<IncidentRow> {
    const due = dueAt(incident.opened_at, incident.priority, { ...rules, pauses });
    return { pauses: JSON.stringify(pauses), due_at: due };
  }

  return {
    amend,
    assign: (id, { actor, to }) =>
      amend(id, () => ({
        change: { assigned_to: to },
        event: { at: clock.now(), kind: 'assigned', actor, note: to === null ? null : `→ ${to}` },
      })),
    pause: (id, { actor, reason }) =>
      amend(id, (incident) => {
        if (!mayPause)
          throw new HandlingRefused(
            'the time to resolve is not paused here: the catalogue knows no pause; to allow it, write "sla: { pauses: true }" in pantau.yaml',
          );
        mustStand(incident);
        const pauses = pausesOf(incident);
        if (pauses.some(({ to }) => to === null)) throw new HandlingRefused('it is paused already');
        const at = clock.now();
        const pause: Pause = { from: at, to: null, kind: 'paused', by: actor, reason };
        return {
          change: withPauses(incident, [...pauses, pause]),
          event: { at, kind: 'paused', actor, note: reason },
        };
      }),
    resume: (id, { actor }) =>
      amend(id, (incident) => {
        const at = clock.now();
        const pauses = pausesOf(incident);
        if (!pauses.some(({ to }) => to === null)) throw new HandlingRefused('it is not paused');
        return {
          change: withPauses(incident, ended(pauses, at)),
          event: { at, kind: 'resumed', actor },
        };
      }),
    async close(id, { actor, cause, remedy }) {
      const live = open.find(id);
      if (live !== undefined && live.incident.active > 0)
        throw new HandlingRefused(
          `${live.incident.active} of its alarms are still active: an incident is closed when its condition is over`,
        );
      const waiting = live === undefined ? [] : unseenIn(live);
      return amend(id, (incident) => {
        if (incident.merged_into !== null)
          throw new HandlingRefused(`it was merged: close incident ${incident.merged_into}`);
        if (incident.found_cause !== null)
          throw new HandlingRefused('cause and remedy are recorded already; to change them, reopen it');
        const at = clock.now();
        if (waiting.length > 0)
          engine.command(waiting, { kind: 'acknowledge' }, { actor, reason: null, scope: 'incident' });
        const current = open.find(id)?.incident ?? incident;
        const pauses = pausesOf(current);
        return {
          change: {
            found_cause: cause,
            remedy,
            acknowledged_at: current.acknowledged_at ?? at,
            acknowledged_by: current.acknowledged_by ?? actor,
            ...(pauses.some(({ to }) => to === null) ? withPauses(current, ended(pauses, at)) : {}),
          },
          event: { at, kind: 'closed', actor, note: `${cause}\n${remedy}` },
        };
      });
    },
    async reopen(id, { actor, reason }) {
      const found = await reader.record(id);
      if (found === undefined) return undefined;
      const linked = await reader.linked(id);
      if (writer.isFull()) throw new StoreBehind();
      const record = reader.newest(found);
      const { incident } = record;
      const at = clock.now();
      if (incident.merged_into !== null)
        throw new HandlingRefused(`it was merged: reopen incident ${incident.merged_into}`);
      if (incident.resolved_at === null || open.find(id) !== undefined)
        throw new HandlingRefused('it is open');
      if (at > lastMoment(incident.resolved_at, reopenWithinDays, rules.calendars))
        throw new HandlingRefused(
          `it was resolved more than ${reopenWithinDays} calendar days ago (BAB III); write a note here, and report what is wrong now as a new disturbance`,
        );
      const gap: Pause = { from: incident.returned_at ?? incident.resolved_at, to: at, kind: 'resolved', by: actor, reason };
      const change = {
        ...withPauses(incident, [...pausesOf(incident), gap]),
        resolved_at: null,
        reopened_at: at,
        found_cause: null,
        remedy: null,
      };
      const before =
        incident.found_cause === null ? '' : `\n(${incident.found_cause}; ${incident.remedy ?? ''})`;
      writer.event(id, { at, kind: 'reopened', actor, note: `${reason}${before}` });
      open.reopen(record, { linked, change, at });
      writer.flushSoon();
      return reader.get(id);
    },
  }; // prettier-ignore
}

function mustStand({ returned_at: returned, resolved_at: resolved, reopened_at: reopened }: IncidentRow): void {
  if (resolved !== null || (returned !== null && reopened === null))
    throw new HandlingRefused('its condition is over: its clock has stopped');
} // prettier-ignore

function ended(pauses: readonly Pause[], at: number): Pause[] {
  return pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
}

/** The end of the last calendar day on which it can be reopened. */
function lastMoment(resolvedAt: number, days: number, calendars: readonly Calendar[]): number {
  const zone = calendars[0]?.zone ?? 'Asia/Jakarta';
  return DateTime.fromMillis(resolvedAt, { zone }).plus({ days }).endOf('day').toMillis();
}
