import type { IncidentView } from '../contracts/incidents.ts';
import {
  ticketFields,
  ticketView as ticketSchema,
  type TicketInput,
  type TicketView,
} from '../contracts/tickets.ts';
import type { Role } from '../contracts/common.ts';
import { workingMsBetween } from '../incidents/working-time.ts';
import type { IncidentRow } from '../incidents/record.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { Calendar } from '../../config/schema/calendar.ts';
import { maskIdentity } from './identities.ts';
import { actionsOf, answerDueAt, answerWithinMs, closeDueAt, dayOffOf } from './life.ts';
import type { TicketRecord } from './repository.ts';

export interface ViewContext {
  readonly now: number;
  readonly calendars: readonly Calendar[];
  /** Of whoever asks: actions are those that this role may do. */
  readonly role: Role;
  /** Among the requests that wait, 1 the first. */
  readonly place: number | null;
}

export function ticketView(
  ticket: TicketRecord,
  incidents: readonly IncidentRow[],
  { now, calendars, role, place }: ViewContext,
): TicketView {
  return {
    id: ticket.id,
    service: ticket.service,
    site: ticket.site,
    rooms: [...ticket.rooms],
    unit: ticket.unit,
    pic: ticket.pic,
    accompanied: ticket.accompanied === 1,
    persons: personsOf(ticket).map((person) => ({ ...person, identity: maskIdentity(person.identity) })),
    activity: ticket.activity,
    from: iso(ticket.from_at),
    to: iso(ticket.to_at),
    superiorEmail: ticket.superior_email,
    picEmail: ticket.pic_email,
    fields: ticketFields.parse(JSON.parse(ticket.fields)),
    reference: ticket.reference,
    series: ticket.series,
    dayOff: dayOffOf(ticket.from_at, calendars),
    createdAt: iso(ticket.created_at),
    createdBy: ticket.created_by,
    state: ticket.state,
    escort: ticket.escort,
    checkedInAt: isoOrNull(ticket.checked_in_at),
    enteredAt: isoOrNull(ticket.entered_at),
    takesOut: takesOutOf(ticket),
    suppresses: ticket.suppresses,
    answer: {
      dueAt: iso(answerDueAt(ticket.created_at, calendars)),
      answeredAt: isoOrNull(ticket.answered_at),
      usedMs: workingMsBetween(ticket.created_at, ticket.answered_at ?? now, calendars),
      normMs: answerWithinMs,
    },
    place,
    close:
      ticket.fulfilled_at === null
        ? null
        : { dueAt: iso(closeDueAt(ticket.fulfilled_at, calendars)), closedAt: isoOrNull(ticket.closed_at) },
    actions: actionsOf(ticket, now, role),
    incidents: incidents.map(incidentOf),
  };
}

/** As a ticket lists it. */
export function incidentOf(incident: IncidentRow): TicketView['incidents'][number] {
  const { id, rule, title_id, title_en, priority, room, opened_at, resolved_at } = incident;
  const title = { id: title_id, en: title_en };
  return { id, rule, title, priority, room, openedAt: iso(opened_at), resolvedAt: isoOrNull(resolved_at) };
}

/** What an approval looks at. */
export function requestOf(ticket: TicketRecord): Pick<TicketInput, 'site' | 'accompanied' | 'persons'> {
  return { site: ticket.site, accompanied: ticket.accompanied === 1, persons: personsOf(ticket) };
}

/** With their identities whole. */
export function personsOf(ticket: TicketRecord): TicketView['persons'] {
  return ticketSchema.shape.persons.parse(JSON.parse(ticket.persons));
}

/** Devices of its site that the work takes out of service, by name. */
export function takesOutOf(ticket: Pick<TicketRecord, 'takes_out'>): string[] {
  return ticketSchema.shape.takesOut.parse(JSON.parse(ticket.takes_out));
}

/** As an incident lists it. */
export function ticketSummary(ticket: TicketRecord): IncidentView['tickets'][number] {
  const { id, service, unit, pic, activity } = ticket;
  return { id, service, unit, pic, activity, from: iso(ticket.from_at), to: iso(ticket.to_at) };
}
