import type { TicketTable } from '../db/schema.ts';

/** A ticket without what is personal, as one of its events keeps it: whoever edits the ticket later is found. */
export function particularsOf(ticket: TicketTable, rooms: readonly string[]): string {
  const { id, service, site, unit, accompanied, activity, from_at, to_at, created_at, created_by } = ticket;
  const { state, escort, answered_at, fulfilled_at, closed_at } = ticket;
  return JSON.stringify({
    id, service, site, rooms: rooms.toSorted(), unit, accompanied, activity, from_at, to_at, created_at, created_by,
    state, escort, answered_at, fulfilled_at, closed_at,
  }); // prettier-ignore
}
