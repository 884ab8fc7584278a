import { nearestCalendar } from '../../config/lookup.ts';
import { inWib, minutesOfDay } from '../../core/wib.ts';
import { addWorkingTime } from '../incidents/working-time.ts';
import type { Calendar } from '../../config/schema/calendar.ts';
import type { Role } from '../contracts/common.ts';
import { ticketAction, type TicketAction, type TicketState } from '../contracts/tickets.ts';

/** The life of an access ticket (ITSM.3): what may be done in which state, by whom, and by when. */

interface Step {
  readonly from: readonly TicketState[];
  readonly to: TicketState;
  readonly role: Role;
}

/** An approval that already names the escort officer leads to `scheduled` (`stepOf`). */
export const steps: Readonly<Record<TicketAction, Step>> = {
  approve: { from: ['submitted'], to: 'approved', role: 'manager' },
  reject: { from: ['submitted'], to: 'rejected', role: 'manager' },
  schedule: { from: ['approved', 'scheduled', 'reopened'], to: 'scheduled', role: 'operator' },
  'check-in': { from: ['scheduled'], to: 'checked-in', role: 'operator' },
  fulfil: { from: ['checked-in'], to: 'fulfilled', role: 'operator' },
  close: { from: ['fulfilled'], to: 'closed', role: 'operator' },
  reopen: { from: ['fulfilled', 'closed'], to: 'reopened', role: 'operator' },
  cancel: { from: ['submitted', 'approved', 'scheduled', 'reopened'], to: 'cancelled', role: 'operator' },
};

/** Persons may come so much before the window: formalities at the door take their time. */
const earlyMs = 30 * 60_000;
const reopenWithinMs = 7 * 86_400_000;
const hourMs = 3_600_000;
/** The norm of the catalogue, in working time: the answer to a request. */
const answerWithinMs = 6 * hourMs;

export interface TicketFacts {
  readonly state: TicketState;
  readonly from_at: number;
  readonly to_at: number;
  readonly created_at: number;
  /** When the request was approved or rejected. */
  readonly answered_at: number | null;
  readonly fulfilled_at: number | null;
  readonly closed_at: number | null;
}

/** Why the action cannot be done now, in words for the person who tries; undefined when it can. */
export function refusalOf(action: TicketAction, ticket: TicketFacts, now: number): string | undefined {
  const { from } = steps[action];
  const { state } = ticket;
  if (!from.includes(state))
    return `the ticket is ${state}; "${action}" needs one that is ${from.join(' or ')}`;
  if (action === 'approve' && now >= ticket.to_at)
    return 'its window is over; reject it, and ask for a new ticket';
  if (action === 'check-in' && now < ticket.from_at - earlyMs)
    return `its window begins at ${new Date(ticket.from_at).toISOString()}; check-in opens 30 minutes before`;
  if (action === 'check-in' && now >= ticket.to_at) return 'its window is over; ask for a new ticket';
  if (action === 'reopen' && ticket.fulfilled_at !== null && now - ticket.fulfilled_at > reopenWithinMs)
    return 'it was fulfilled more than 7 days ago (ITSM.3); ask for a new ticket';
  return undefined;
}

/** Everything that can be done now. */
export function actionsOf(ticket: TicketFacts, now: number): TicketAction[] {
  return ticketAction.options.filter((action) => refusalOf(action, ticket, now) === undefined);
}

/** When the request is to be answered: six working hours after it came (ITSM.3). */
export function answerDueAt(createdAt: number, calendars: readonly Calendar[]): number {
  return addWorkingTime(createdAt, answerWithinMs, calendars);
}

/** When a fulfilled ticket is to be closed: one working day after the activity, at the hour at which it ended. */
export function closeDueAt(endedAt: number, calendars: readonly Calendar[]): number {
  return addWorkingTime(endedAt, workingDayMs(endedAt, calendars), calendars);
}

/** The length of a working day by the calendar; 8 hours where none says. */
function workingDayMs(at: number, calendars: readonly Calendar[]): number {
  const hours = nearestCalendar(inWib(at).getUTCFullYear(), calendars)?.workingHours;
  if (hours === undefined) return 8 * hourMs;
  return (minutesOfDay(hours.to) - minutesOfDay(hours.from)) * 60_000;
}
