import { z } from 'zod';
import { instant } from './common.ts';
import { permitWork, ticketState, ticketView } from './tickets.ts';

/** A genset run on record, the window of a planned test, or the day by which the next test must have been run. */
export const nearbyTest = z.object({
  /** Of the run; null: it is planned, or only due. */
  id: z.string().nullable(),
  label: z.enum(['test', 'outage', 'no-load', 'aborted', 'unclear', 'planned', 'due']),
  from: instant,
  to: instant,
});
export type NearbyTest = z.infer<typeof nearbyTest>;

/** What whoever approves a ticket should know first: read before the button. */
export const ticketApproval = z.object({
  ticket: z.string(),
  /** Why it cannot be approved now; null: it can. */
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Open now in its rooms, or at its site where it names none. */
  incidents: ticketView.shape.incidents,
  /** Others in its rooms while it lasts, asked for or approved. */
  permits: z.array(
    z.object({
      id: z.string(),
      activity: z.string(),
      from: instant,
      to: instant,
      state: ticketState,
      rooms: z.array(z.string()),
      takesOut: z.array(z.string()),
      suppresses: permitWork.nullable(),
    }),
  ),
  loadTests: z.array(nearbyTest),
});
export type TicketApproval = z.infer<typeof ticketApproval>;
