import { anywhere, evidenceOf, expiresAt, type Inside } from '../presence/presence.ts';
import { ticketHolder, ticketPersonOf, type Credentials, type HolderKey } from './holders.ts';
import type { JudgeFacts } from './facts.ts';
import type { Insiders } from './insiders.ts';
import type { Finding } from './kinds.ts';
import { isApproved, isThirdParty, sameName, type JudgedTicket, type TicketIndex } from './tickets.ts';

/** What only time makes wrong: nobody came, nobody left, a third party is alone. Pure. */

const minuteMs = 60_000;
/** The PIC walks in behind the persons of the ticket. */
const aloneMs = 2 * minuteMs;
/** Tools are packed and the way out takes its time. */
const overStayMs = 10 * minuteMs;
/** What ended longer ago is history: no finding is made of it any more. */
const judgedWithinMs = 24 * 3_600_000;

export interface ConditionContext {
  readonly tickets: TicketIndex;
  readonly credentials: Pick<Credentials, 'hasCard'>;
  readonly insiders: Pick<Insiders, 'find' | 'ofTicket' | 'tickets' | 'leftAt'>;
  /** Sites whose readers have reported somebody: where none does, an entry that is missing says nothing. */
  readonly heardFrom: ReadonlySet<string>;
  readonly facts: Pick<JudgeFacts, 'escortedSites' | 'transitRooms' | 'wasSkipped'>;
}

type Now = ConditionContext & { readonly now: number };

/** Everything that is wrong with a ticket and its persons at `now`, and the next moment at which time alone may change that. */
export function judgeTicket(
  id: string,
  context: Now,
): { readonly wrong: readonly Finding[]; readonly next: number } {
  const ticket = context.tickets.get(id);
  if (ticket === undefined) return { wrong: [], next: Infinity };
  const { now } = context;
  const missing = context.heardFrom.has(ticket.site) ? noEntry(ticket, context) : undefined;
  const wrong = missing === undefined ? [] : [missing];
  const inside = context.insiders.ofTicket(id);
  for (const each of inside) {
    if (evidenceOf(each, now) === 'expired') continue;
    const stay = overStay(ticket, each, now);
    if (stay !== undefined) wrong.push(stay);
    const person = ticketPersonOf(each.holder)?.person;
    if (person === undefined || !isThirdParty(ticket, person)) continue;
    const alone = unaccompanied(ticket, each, context);
    if (alone !== undefined) wrong.push(alone);
  }
  const next = momentsOf(ticket, inside, context).filter((moment) => moment >= now);
  return { wrong, next: Math.min(...next) };
}

/** When a condition of the ticket or its persons may begin or end without anything happening. */
function momentsOf(ticket: JudgedTicket, inside: readonly Inside[], { insiders }: Now): number[] {
  const { to } = ticket;
  const moments = [to, to + judgedWithinMs];
  if (inside.length === 0) return moments;
  moments.push(to + overStayMs);
  const picLeftAt = lastOfPic(ticket, insiders);
  for (const each of inside) moments.push(expiresAt(each), aloneSince(each, picLeftAt) + aloneMs);
  return moments;
}

function lastOfPic(ticket: JudgedTicket, insiders: ConditionContext['insiders']): number {
  return Math.max(0, ...picKeys(ticket).map((key) => insiders.leftAt(key)));
}

function aloneSince(inside: Inside, picLeftAt: number): number {
  return Math.max(inside.since, picLeftAt);
}

function noEntry(ticket: JudgedTicket, { facts, now }: Now): Finding | undefined {
  const { id, site, to, enteredAt, state } = ticket;
  if (now < to || now - to > judgedWithinMs || enteredAt !== null) return undefined;
  if (!isApproved(ticket) || state === 'reopened') return undefined;
  // Nobody had the time to come that the clock left out.
  if (facts.wasSkipped?.(to) === true) return undefined;
  return {
    id: `no-entry ${id} ${to}`,
    kind: 'no-entry',
    at: to, site,
    room: null, door: null,
    ticket: id,
    person: null,
    events: [],
  };
} // prettier-ignore

function overStay(ticket: JudgedTicket, inside: Inside, now: number): Finding | undefined {
  const end = ticket.to + overStayMs;
  // Whoever came after the window is found for that.
  if (now < end || inside.arrivedAt >= ticket.to) return undefined;
  return {
    id: `over-stay ${inside.holder} ${ticket.to}`,
    kind: 'over-stay',
    at: end,
    ...placeOf(inside, ticket),
    events: [],
  };
}

/** Since when no PIC is inside decides, so that each time the PIC leaves is a finding of its own. */
function unaccompanied(
  ticket: JudgedTicket,
  inside: Inside,
  { credentials, insiders, facts, now }: Now,
): Finding | undefined {
  if (!facts.escortedSites.has(inside.site)) return undefined;
  if (facts.transitRooms.has(`${inside.site}/${inside.room}`)) return undefined;
  const picInside = picKeys(ticket).some((key) => {
    const pic = insiders.find(key);
    return pic?.site === inside.site && evidenceOf(pic, now) !== 'expired';
  });
  if (picInside) return undefined;
  const picLeftAt = lastOfPic(ticket, insiders);
  // Without a card of their own, PICs go in with the others, as was said at check-in.
  const isAssumed =
    picLeftAt === 0 &&
    ticket.accompanied &&
    ticket.checkedInAt !== null &&
    !credentials.hasCard(ticket.id, 'pic') &&
    !ticket.persons.some(
      ({ name }, place) => sameName(name) === sameName(ticket.pic) && credentials.hasCard(ticket.id, place),
    );
  if (isAssumed) return undefined;
  const since = aloneSince(inside, picLeftAt);
  if (now - since < aloneMs) return undefined;
  return {
    id: `unaccompanied ${inside.holder} ${since}`,
    kind: 'unaccompanied',
    at: since,
    ...placeOf(inside, ticket),
    events: [],
  };
}

/** The PIC as such, and as one of the persons listed. */
function picKeys(ticket: JudgedTicket): HolderKey[] {
  const listed = ticket.persons.flatMap(({ name }, place) =>
    sameName(name) === sameName(ticket.pic) ? ticketHolder(ticket.id, place) : [],
  );
  return [ticketHolder(ticket.id, 'pic'), ...listed];
}

function placeOf(
  inside: Inside,
  ticket: JudgedTicket,
): Pick<Finding, 'site' | 'room' | 'door' | 'ticket' | 'person'> {
  const room = inside.room === anywhere ? null : inside.room;
  return { site: inside.site, room, door: null, ticket: ticket.id, person: inside.holder };
}
