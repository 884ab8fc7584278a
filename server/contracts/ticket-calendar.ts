import { z } from 'zod';
import { instant } from './common.ts';
import { nearbyTest } from './ticket-approval.ts';
import { ticketState } from './tickets.ts';

/** What goes on at a site in a month, WIB. */
export const ticketCalendar = z.object({
  site: z.string(),
  month: z.string(),
  /** Every day of the month. */
  days: z.array(z.object({ date: z.iso.date(), dayOff: z.enum(['weekend', 'holiday']).nullable() })),
  /** Earliest first. `ticket` null: a visit of a series that gets its ticket later. */
  visits: z.array(
    z.object({
      ticket: z.string().nullable(),
      series: z.string().nullable(),
      from: instant,
      to: instant,
      unit: z.string(),
      activity: z.string(),
      state: ticketState.nullable(),
    }),
  ),
  /** Genset runs, planned tests, and the next test in the month by whose end it must have been run. */
  loadTests: z.array(nearbyTest),
  /** There were more; the earliest are shown. */
  isCut: z.boolean(),
});
export type TicketCalendar = z.infer<typeof ticketCalendar>;
