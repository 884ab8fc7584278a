import type { TicketTable } from '../db/schema/tickets.ts';

/** A ticket without what is personal, as one of its events keeps it: whoever edits the ticket later is found. `entered_at` is
 * left out: it repeats an access event. */
export function particularsOf(ticket: TicketTable, rooms: readonly string[]): string {
  const { id, service, site, unit, accompanied, activity, from_at, to_at, created_at, created_by } = ticket;
  const { state, escort, answered_at, fulfilled_at, closed_at, checked_in_at, takes_out, suppresses } =
    ticket;
  const { reference, reference_at, series, series_at } = ticket;
  return JSON.stringify({
    id, service, site, rooms: rooms.toSorted(), unit, accompanied, activity, from_at, to_at, created_at, created_by,
    state, escort, answered_at, fulfilled_at, closed_at, checked_in_at, takes_out, suppresses, reference, reference_at, series, series_at,
  }); // prettier-ignore
}
