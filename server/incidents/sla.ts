import { z } from 'zod';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Priority } from '../../config/schema/common.ts';
import type { Standard } from '../../config/schema/standard.ts';
import type { IncidentRow } from './record.ts';
import { addWorkingTime, isWorkingTime, workingMsBetween } from './working-time.ts';

/** The clocks of BAB III table 2: P1 counts around the clock, the others count working hours. Pure. */

export interface SlaRules {
  readonly resolve: Standard['priorities']['resolve'];
  readonly calendars: readonly Calendar[];
}

/** Time that does not count, epoch ms; `to` null: it goes on. */
export interface Pause {
  readonly from: number;
  readonly to: number | null;
  /** `resolved`: it was taken for solved until somebody reopened it. */
  readonly kind: 'paused' | 'resolved';
  readonly by: string;
  readonly reason: string;
}

const pauses = z.array(
  z.object({
    from: z.number(),
    to: z.number().nullable(),
    kind: z.enum(['paused', 'resolved']),
    by: z.string(),
    reason: z.string(),
  }),
);

/** Pauses as the row keeps them. */
export function pausesOf({ pauses: text }: Pick<IncidentRow, 'pauses'>): Pause[] {
  return text === '[]' ? [] : pauses.parse(JSON.parse(text));
}

const msPerHour = 3_600_000;
/** A warning comes when this part of the time is used. */
export const warnAtPart = 0.75;

/** What may be used of it: 1 is all. */
interface Span {
  readonly pauses?: readonly Pause[];
  readonly part?: number;
}

/** When an incident must be solved, epoch ms; while it is paused, as if the pause ended at once. */
export function dueAt(
  openedAt: number,
  priority: Priority,
  { resolve, calendars, pauses: gaps = [], part = 1 }: SlaRules & Span,
): number {
  const { hours, clock } = resolve[priority];
  const count = counterOf(clock, calendars);
  let restMs = hours * msPerHour * part;
  let from = openedAt;
  for (const gap of gaps.toSorted((a, b) => a.from - b.from)) {
    const usedMs = count.between(from, gap.from);
    // Pauses after the deadline change nothing: it has passed.
    if (usedMs >= restMs) break;
    restMs -= usedMs;
    from = Math.max(from, gap.to ?? gap.from);
  }
  return count.add(from, restMs);
}

/** How an incident's clock stands. */
export interface SlaState {
  readonly clock: 'around-the-clock' | 'working-hours';
  /** `waiting`: outside of working hours; `stopped`: the disturbance is over. */
  readonly state: 'counting' | 'waiting' | 'paused' | 'stopped';
  readonly totalMs: number;
  /** Of counted time; negative: over by that much. */
  readonly remainingMs: number;
  readonly warned: boolean;
  readonly breached: boolean;
  readonly pause: Pause | null;
}

type Clocked = Pick<
  IncidentRow,
  'priority' | 'due_at' | 'pauses' | 'returned_at' | 'resolved_at' | 'reopened_at'
>;

export function slaOf(incident: Clocked, { resolve, calendars }: SlaRules, now: number): SlaState {
  const { hours, clock } = resolve[incident.priority];
  const count = counterOf(clock, calendars);
  const totalMs = hours * msPerHour;
  const pause = pausesOf(incident).find(({ to }) => to === null) ?? null;
  const stoppedAt = stopOf(incident);
  const at = Math.min(now, stoppedAt ?? now, pause?.from ?? now);
  const { due_at: due } = incident;
  const remainingMs = at <= due ? count.between(at, due) : -count.between(due, at);
  const running = clock === 'around-the-clock' || isWorkingTime(now, calendars) ? 'counting' : 'waiting';
  return {
    clock,
    state: stoppedAt === null ? (pause === null ? running : 'paused') : 'stopped',
    totalMs,
    remainingMs,
    warned: remainingMs <= totalMs * (1 - warnAtPart),
    breached: at > due,
    pause,
  };
}

/** Neither stopped nor paused; outside of working hours too, when nothing is added. */
export function isRunning(incident: Clocked): boolean {
  return stopOf(incident) === null && !pausesOf(incident).some(({ to }) => to === null);
}

/** When the condition was over; of an incident that was reopened, when a person has closed it. */
function stopOf({ returned_at: returned, resolved_at: resolved, reopened_at: reopened }: Clocked): number | null {
  if (reopened !== null) return resolved;
  return returned ?? resolved;
} // prettier-ignore

interface Counter {
  between(from: number, to: number): number;
  add(from: number, durationMs: number): number;
}

function counterOf(clock: SlaState['clock'], calendars: readonly Calendar[]): Counter {
  return clock === 'around-the-clock'
    ? { between: (from, to) => Math.max(0, to - from), add: (from, durationMs) => from + durationMs }
    : {
        between: (from, to) => workingMsBetween(from, to, calendars),
        add: (from, durationMs) => addWorkingTime(from, durationMs, calendars),
      };
}
