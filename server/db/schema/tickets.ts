import type { PermitWork, TicketEventAction, TicketState } from '../../contracts/tickets.ts';

/** Access-request tickets. */
export interface TicketTables {
  ticket: TicketTable;
  ticket_room: TicketRoomTable;
  ticket_event: TicketEventTable;
  ticket_series: TicketSeriesTable;
  ticket_mail: TicketMailTable;
  identity_lookup: IdentityLookupTable;
}

export interface TicketTable {
  id: string;
  service: string;
  site: string;
  unit: string;
  pic: string;
  /** 0 or 1. */
  accompanied: number;
  /** JSON: contracts/tickets persons. */
  persons: string;
  activity: string;
  from_at: number;
  to_at: number;
  superior_email: string;
  created_at: number;
  created_by: string;
  state: TicketState;
  /** The technical officer who goes along (*petugas teknis pendamping*). */
  escort: string | null;
  /** Approved or rejected. */
  answered_at: number | null;
  fulfilled_at: number | null;
  closed_at: number | null;
  checked_in_at: number | null;
  /** A door let the first of its persons in. */
  entered_at: number | null;
  /** JSON list: devices of the site that the work takes out of service. */
  takes_out: string;
  /** The alarms of its rooms that the work causes are suppressed while it goes on. */
  suppresses: PermitWork | null;
  pic_email: string | null;
  /** JSON: contracts/tickets `ticketFields`. */
  fields: string;
  /** The number of the request in another system. */
  reference: string | null;
  /** When the other system last changed it, by its own clock. */
  reference_at: number | null;
  /** The series of visits that made it, and for which visit. */
  series: string | null;
  series_at: number | null;
}

/** A ticket without rooms is for the whole site. */
interface TicketRoomTable {
  ticket: string;
  room: string;
}

/** What was done with a ticket. */
export interface TicketEventTable {
  id: string;
  ticket: string;
  at: number;
  action: TicketEventAction;
  actor: string;
  note: string | null;
  /** JSON: the ticket as it was then, but for what is personal; null: before the log was kept. */
  particulars: string | null;
}

/** Visits that come again. */
export interface TicketSeriesTable {
  id: string;
  site: string;
  /** JSON: the request without its times. */
  template: string;
  /** JSON: contracts/ticket-series `repetition`. */
  repetition: string;
  first_at: number;
  duration_ms: number;
  /** Visits before it have their ticket. */
  made_until: number;
  created_at: number;
  created_by: string;
  ended_at: number | null;
  ended_by: string | null;
}

/** A mail about a step of a ticket: the outbox, as `notification` is that of incidents. */
export interface TicketMailTable {
  id: string;
  ticket: string;
  /** The step that it tells. */
  event: string;
  recipient: string;
  cc: string | null;
  created_at: number;
  next_at: number;
  state: 'waiting' | 'sent' | 'failed' | 'cancelled';
  attempts: number;
  sent_at: number | null;
  answer: string | null;
  message: string | null;
  thread: string | null;
  version: number;
}

/** Somebody has read the identities of a ticket's persons. */
export interface IdentityLookupTable {
  id: string;
  ticket: string;
  at: number;
  user_name: string;
  reason: string;
}
