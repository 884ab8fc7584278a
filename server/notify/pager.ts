import type { Channel } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import type { IncidentRow } from '../incidents/record.ts';
import { parsePlan, type EscalationPlan, type Recipient } from '../people/roster.ts';
import { newNotification, type NotificationRow, type PagePlanRow } from './record.ts';

/** Where decisions go: into the transaction of the change that caused them. */
export interface PagerOutput {
  notification(row: NotificationRow): void;
  plan(row: PagePlanRow): void;
}

export interface Pager {
  /** Call on every change of an incident, before it is written. */
  follow(incident: IncidentRow, at: number): void;
  /** Something joined the incident that people must be told at once, whatever they know of it: the next `follow` does so, once. */
  urge(incident: string): void;
  /** Once a second: steps whose time has come, and the next channel where nothing was received. True when something was decided. */
  tick(at: number): boolean;
  /** What waits to be sent, in the order in which it was decided. */
  waiting(): readonly NotificationRow[];
  /** Replaces a row after an attempt; a failure for good tries the person's next channel at once. */
  update(row: NotificationRow, at: number): void;
  find(id: string): NotificationRow | undefined;
  /** As it was when it last changed, while something about it is to be sent. */
  incidentOf(id: string): IncidentRow | undefined;
  /** Incidents, not resolved, that a message about was sent to the person. */
  toldOf(person: string): readonly string[];
  /** It belongs to the first step of a new incident: how fast it leaves shows how fast pages are. */
  isFirst(id: string): boolean;
  /** It tells of something pressing that joined an incident: no message of a moment ago holds it back. */
  isPressing(id: string): boolean;
  /** What was sent to the person by the channel about incidents that are not resolved, in the order in which it was decided. */
  sentTo(person: string, channel: Channel): readonly NotificationRow[];
}

interface Paging {
  row: PagePlanRow;
  readonly plan: EscalationPlan;
  /** On the monotonic clock: a wall clock that is set moves no step. */
  readonly startedAt: number;
}

/**
 * Decides who is told what about incidents. The escalation is fixed when an incident is opened or becomes more urgent; an acknowledgement,
 * the end of the condition or a merge ends it. Who was told of a disturbance is told that it is over; nobody else is.
 */
export function createPager(options: {
  readonly escalationFor: (incident: IncidentRow, at: number) => EscalationPlan;
  readonly newId: (at: number) => string;
  readonly output: PagerOutput;
  readonly restored: {
    readonly plans: readonly PagePlanRow[];
    readonly notifications: readonly NotificationRow[];
    /** That the notifications are about. */
    readonly incidents: readonly IncidentRow[];
  };
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}): Pager {
  const { escalationFor, newId, output, restored, clock } = options;
  const pagings = new Map<string, Paging>();
  /** By incident, in the order in which they were decided. */
  const rows = new Map<string, Map<string, NotificationRow>>();
  /** Incidents that people are to be told of again, and whether that is decided. */
  const urged = new Map<string, boolean>();
  const incidents = new Map(restored.incidents.map((incident) => [incident.id, incident]));
  const byId = new Map<string, NotificationRow>();
  const firsts = new Set<string>();
  /** Pages that were decided because something pressing joined. */
  const pressing = new Set<string>();
  /** On the monotonic clock, by id: when it was sent, and by incident: when something was last decided. A wall clock that is set moves neither. */
  const sentAt = new Map<string, number>();
  const decidedAt = new Map<string, number>();
  const ago = (then: number): number => clock.monotonic() - Math.max(0, clock.now() - then);
  for (const row of restored.plans)
    pagings.set(row.incident, {
      row,
      plan: parsePlan(row.plan),
      startedAt: ago(row.started_at),
    });
  for (const row of restored.notifications) {
    remember(row);
    decidedAt.set(row.incident, ago(row.created_at));
    if (row.sent_at !== null) sentAt.set(row.id, ago(row.sent_at));
  }

  function remember(row: NotificationRow): void {
    const known = rows.get(row.incident) ?? new Map<string, NotificationRow>();
    rows.set(row.incident, known.set(row.id, row));
    byId.set(row.id, row);
  }

  /** A copy: rows are replaced while they are gone through. */
  function rowsOf(incident: string): NotificationRow[] {
    return [...(rows.get(incident)?.values() ?? [])];
  }

  function put(row: NotificationRow): void {
    remember(row);
    output.notification(row);
  }

  function savePlan(paging: Paging, change: Partial<PagePlanRow>): void {
    paging.row = { ...paging.row, ...change, version: paging.row.version + 1 };
    output.plan(paging.row);
  }

  function begin(incident: IncidentRow, at: number): void {
    const { id, priority } = incident;
    const plan = escalationFor(incident, at);
    const before = pagings.get(id)?.row;
    const paging: Paging = {
      row: {
        incident: id,
        priority,
        plan: JSON.stringify(plan),
        started_at: at,
        taken: 0,
        open: 1,
        version: before?.version ?? 0,
      },
      plan,
      startedAt: clock.monotonic(),
    };
    pagings.set(id, paging);
    const isUrged = urged.get(id) === false;
    const earlier = new Set(rowsOf(id).map((row) => row.id));
    takeSteps(paging, { at, elapsedMs: 0 });
    if (isUrged) {
      urged.set(id, true);
      for (const row of rowsOf(id)) if (!earlier.has(row.id)) pressing.add(row.id);
    }
    if (before === undefined) for (const row of rowsOf(id)) firsts.add(row.id);
    savePlan(paging, {});
  }

  /** Steps that are due; after the last one it is repeated. True when one was taken. */
  function takeSteps(paging: Paging, { at, elapsedMs }: { at: number; elapsedMs: number }): boolean {
    const { steps, repeatEveryMs } = paging.plan;
    const last = steps.at(-1);
    if (last === undefined) return false;
    let { taken } = paging.row;
    for (const step of steps.slice(taken)) {
      if (elapsedMs < step.afterMs) break;
      for (const recipient of step.recipients) page(paging, recipient, { at, step: taken });
      taken += 1;
    }
    // However long nothing ran, the last step is repeated once, not once for each time that was missed.
    const repeats = Math.floor((elapsedMs - last.afterMs) / repeatEveryMs);
    if (taken >= steps.length && steps.length + repeats > taken) {
      taken = steps.length + repeats;
      for (const recipient of last.recipients) page(paging, recipient, { at, step: taken - 1 });
    }
    if (taken === paging.row.taken) return false;
    paging.row = { ...paging.row, taken };
    return true;
  } // prettier-ignore

  function page(paging: Paging, { person, channels }: Recipient, { at, step }: { at: number; step: number }): void {
    const [channel] = channels;
    if (channel === undefined) return;
    put(newRow({ incident: paging.row.incident, person, channel, kind: 'page', step }, at));
  } // prettier-ignore

  function newRow(
    what: Pick<NotificationRow, 'incident' | 'person' | 'channel' | 'kind' | 'step'>,
    at: number,
  ): NotificationRow {
    decidedAt.set(what.incident, clock.monotonic());
    return newNotification(what, { id: newId(at), at });
  }

  /** What waits to be sent; `kinds`: of these only. */
  function cancel(incident: string, why: string, kinds = allKinds): void {
    for (const row of rowsOf(incident))
      if (row.state === 'waiting' && kinds.includes(row.kind))
        put({ ...row, state: 'cancelled', answer: why, version: row.version + 1 });
  }

  /** Tells that it is over, once, on the channel by which each person got the page. */
  function recover(incident: string, at: number): void {
    const told = new Map<string, NotificationRow>();
    for (const row of rowsOf(incident))
      if (row.kind === 'page' && row.state === 'sent') told.set(`${row.person} ${row.channel}`, row);
      else if (row.kind === 'recovery' && row.state !== 'cancelled') told.delete(`${row.person} ${row.channel}`);
    for (const { person, channel, step } of told.values())
      put(newRow({ incident, person, channel, kind: 'recovery', step }, at));
  } // prettier-ignore

  /** The channel after the one that failed or brought no sign of arriving. True when there is one. */
  function nextChannel(paging: Paging, row: NotificationRow, at: number): boolean {
    const { steps } = paging.plan;
    const step = steps[Math.min(row.step, steps.length - 1)];
    const channels = step?.recipients.find(({ person }) => person === row.person)?.channels ?? [];
    const channel = channels[channels.indexOf(row.channel) + 1];
    if (channel === undefined) return false;
    const isTried = rowsOf(row.incident).some(
      (other) => other.kind === row.kind && other.person === row.person && other.step === row.step && other.channel === channel && other.id > row.id,
    );
    if (isTried) return false;
    put(newRow({ incident: row.incident, person: row.person, channel, kind: row.kind, step: row.step }, at));
    return true;
  } // prettier-ignore

  /** Nobody of the step can be reached: its time to answer is not waited for. */
  function bringForward(paging: Paging, step: number, at: number): void {
    const { steps } = paging.plan;
    const next = steps[paging.row.taken];
    if (next === undefined || paging.row.taken !== step + 1) return;
    const ofStep = rowsOf(paging.row.incident).filter((row) => row.kind === 'page' && row.step === step);
    if (ofStep.some(({ state }) => state !== 'failed')) return;
    for (const recipient of next.recipients) page(paging, recipient, { at, step: step + 1 });
    savePlan(paging, { taken: step + 2 });
  }

  /** It came back after it was acknowledged, or something new joined it; who was told a moment ago is not told again at once. */
  function isForgotten(incident: IncidentRow, { plan }: Paging): boolean {
    const isOver = incident.returned_at !== null || incident.merged_into !== null;
    if (isOver || isSeen(incident)) return false;
    return clock.monotonic() - (decidedAt.get(incident.id) ?? -Infinity) >= plan.repeatEveryMs;
  }

  return {
    follow(incident, at) {
      const { id } = incident;
      incidents.set(id, incident);
      const paging = pagings.get(id);
      const isOver = incident.returned_at !== null;
      if (paging === undefined) {
        if (!isOver && incident.active > 0) begin(incident, at);
        else if (incident.resolved_at !== null) forgetIfDone(id);
        return;
      }
      const isOpen = paging.row.open === 1;
      if (incident.merged_into !== null) {
        cancel(id, `merged into ${incident.merged_into}`);
        if (isOpen) savePlan(paging, { open: 0 });
      } else if (isOver) {
        if (isOpen) savePlan(paging, { open: 0 });
        recover(id, at);
        if (incident.resolved_at !== null && incident.acknowledged_at !== null)
          cancel(id, 'over and acknowledged', ['page']);
      } else if (incident.priority < paging.row.priority || urged.get(id) === false) begin(incident, at);
      else if (isOpen && isSeen(incident)) {
        cancel(id, `acknowledged by ${incident.acknowledged_by ?? 'an operator'}`);
        savePlan(paging, { open: 0 });
      } else if (!isOpen && !isSeen(incident)) {
        if (isForgotten(incident, paging)) begin(incident, at);
      }
      if (incident.resolved_at === null) return;
      pagings.delete(id);
      urged.delete(id);
      forgetIfDone(id);
    },
    urge(incident) {
      if (!urged.has(incident)) urged.set(incident, false);
    },
    tick(at) {
      const now = clock.monotonic();
      let decided = false;
      for (const paging of pagings.values()) {
        if (paging.row.open !== 1) {
          const incident = incidents.get(paging.row.incident);
          if (incident === undefined || !isForgotten(incident, paging)) continue;
          begin(incident, at);
          decided = true;
          continue;
        }
        const elapsedMs = now - paging.startedAt;
        if (takeSteps(paging, { at, elapsedMs })) {
          savePlan(paging, {});
          decided = true;
        }
        for (const row of rowsOf(paging.row.incident)) {
          if (row.kind !== 'page' || row.state !== 'sent' || row.received_at !== null) continue;
          if (now - (sentAt.get(row.id) ?? now) < paging.plan.nextChannelAfterMs) continue;
          decided = nextChannel(paging, row, at) || decided;
        }
      }
      return decided;
    },
    waiting: () =>
      [...byId.values()].filter(({ state }) => state === 'waiting').sort((a, b) => (a.id < b.id ? -1 : 1)),
    update(row, at) {
      put(row);
      if (row.state === 'sent' && !sentAt.has(row.id)) sentAt.set(row.id, clock.monotonic());
      const paging = pagings.get(row.incident);
      // The condition ended while the page was on its way.
      const incident = incidents.get(row.incident);
      const isOver = incident?.returned_at !== null && incident?.merged_into === null;
      if (row.state === 'sent' && row.kind === 'page' && isOver) recover(row.incident, at);
      if (row.state === 'failed' && paging !== undefined) {
        if (row.kind === 'sla-warning' || row.kind === 'sla-breach') nextChannel(paging, row, at);
        else if (row.kind === 'page' && paging.row.open === 1 && !nextChannel(paging, row, at))
          bringForward(paging, row.step, at);
      }
      if (paging === undefined) forgetIfDone(row.incident);
    },
    find: (id) => byId.get(id),
    isFirst: (id) => firsts.has(id),
    isPressing: (id) => pressing.has(id),
    incidentOf: (id) => incidents.get(id),
    sentTo: (person, channel) =>
      [...byId.values()]
        .filter((row) => row.state === 'sent' && row.person === person && row.channel === channel)
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    toldOf: (person) =>
      [...rows.keys()].filter((incident) =>
        rowsOf(incident).some((row) => row.person === person && row.state === 'sent'),
      ),
  };

  function forgetIfDone(incident: string): void {
    if (rowsOf(incident).some(({ state }) => state === 'waiting')) return;
    for (const { id } of rowsOf(incident)) {
      byId.delete(id);
      sentAt.delete(id);
      firsts.delete(id);
      pressing.delete(id);
    }
    rows.delete(incident);
    incidents.delete(incident);
    decidedAt.delete(incident);
  }
}

function isSeen({ unacknowledged }: IncidentRow): boolean {
  return unacknowledged === 0;
}

const allKinds: readonly NotificationRow['kind'][] = ['page', 'recovery'];
