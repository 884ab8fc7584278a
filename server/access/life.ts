import { nearestCalendar } from '../../config/lookup.ts';
import { inWib, minutesOfDay } from '../../core/wib.ts';
import { addWorkingTime, isWorkingDay } from '../incidents/working-time.ts';
import type { Calendar } from '../../config/schema/calendar.ts';
import { roles, type Role } from '../contracts/common.ts';
import {
  ticketAction,
  type TicketAction,
  type TicketRefusalCode,
  type TicketState,
  type TicketView,
} from '../contracts/tickets.ts';

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
export const answerWithinMs = 6 * hourMs;

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

/** Why an action cannot be done now: in words for whoever reads the answer, and as a code for pages. */
export interface Refusal {
  readonly code: TicketRefusalCode;
  readonly message: string;
}

/** Undefined when it can be done. */
export function refusalOf(action: TicketAction, ticket: TicketFacts, now: number): Refusal | undefined {
  const { from } = steps[action];
  const { state } = ticket;
  if (!from.includes(state))
    return {
      code: 'wrong-state',
      message: `the ticket is ${state}; "${action}" needs one that is ${from.join(' or ')}`,
    };
  if (action === 'approve' && now >= ticket.to_at)
    return { code: 'window-over', message: 'its window is over; reject it, and ask for a new ticket' };
  if (action === 'check-in' && now < ticket.from_at - earlyMs)
    return {
      code: 'too-early',
      message: `its window begins at ${new Date(ticket.from_at).toISOString()}; check-in opens 30 minutes before`,
    };
  if (action === 'check-in' && now >= ticket.to_at)
    return { code: 'window-over', message: 'its window is over; ask for a new ticket' };
  if (action === 'reopen' && ticket.fulfilled_at !== null && now - ticket.fulfilled_at > reopenWithinMs)
    return {
      code: 'too-late-to-reopen',
      message: 'it was fulfilled more than 7 days ago (ITSM.3); ask for a new ticket',
    };
  return undefined;
}

/** Everything that a user of the role can do now. */
export function actionsOf(ticket: TicketFacts, now: number, role: Role): TicketAction[] {
  return ticketAction.options.filter(
    (action) =>
      roles.indexOf(role) >= roles.indexOf(steps[action].role) &&
      refusalOf(action, ticket, now) === undefined,
  );
}

/** When the request is to be answered: six working hours after it came (ITSM.3). */
export function answerDueAt(createdAt: number, calendars: readonly Calendar[]): number {
  return addWorkingTime(createdAt, answerWithinMs, calendars);
}

/** Why the day on which a visit begins is not worked; null when it is. */
export function dayOffOf(from: number, calendars: readonly Calendar[]): TicketView['dayOff'] {
  const weekday = inWib(from).getUTCDay();
  if (weekday === 0 || weekday === 6) return 'weekend';
  return isWorkingDay(from, calendars) ? null : 'holiday';
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
