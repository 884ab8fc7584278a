import { anywhere } from '../presence/presence.ts';
import type { TicketRecord } from '../repository.ts';
import { personsOf } from '../view.ts';
import { ticketHolder } from './holders.ts';
import type { Judge } from './judge.ts';
import { sameName, type JudgedTicket } from './tickets.ts';

/** What the desk says of the persons of a ticket: in with the check-in, out when it is fulfilled. */
export function signsOfDesk(judge: Judge, ticket: TicketRecord): void {
  const { id, site, rooms, state, checked_in_at: checkedInAt, fulfilled_at: fulfilledAt, to_at: until } = ticket;
  const persons = personsOf(ticket);
  const isPicListed = persons.some(({ name }) => sameName(name) === sameName(ticket.pic));
  const places = [...persons.keys(), ...(ticket.accompanied === 1 && !isPicListed ? (['pic'] as const) : [])];
  for (const place of places) {
    const holder = ticketHolder(id, place);
    const sign = { holder, site, until, sign: 'check-in', isFromOutside: false } as const;
    const isKnown = judge.find(holder) !== undefined;
    if (state === 'checked-in' && checkedInAt !== null) {
      const room = rooms.length === 1 ? (rooms[0] ?? anywhere) : anywhere;
      if (!isKnown && judge.leftAt(holder) < checkedInAt) judge.sign({ ...sign, room, at: checkedInAt });
    } else if (fulfilledAt !== null && isKnown) judge.sign({ ...sign, room: null, at: fulfilledAt });
  }
} // prettier-ignore

/** @param enteredAt as this process knows it */
export function judgedTicket(ticket: TicketRecord, enteredAt: number | null): JudgedTicket {
  return {
    id: ticket.id,
    site: ticket.site,
    rooms: ticket.rooms,
    unit: ticket.unit,
    pic: ticket.pic,
    accompanied: ticket.accompanied === 1,
    persons: personsOf(ticket).map(({ name, party }) => ({ name, party })),
    escort: ticket.escort,
    from: ticket.from_at,
    to: ticket.to_at,
    state: ticket.state,
    checkedInAt: ticket.checked_in_at,
    fulfilledAt: ticket.fulfilled_at,
    // The row may not have it yet.
    enteredAt: ticket.entered_at ?? (ticket.state === 'reopened' ? null : enteredAt),
  };
}
