import { anywhere, evidenceOf, type Inside } from '../presence/presence.ts';
import type { Credentials, HolderKey } from './holders.ts';
import { ticketHolder } from './holders.ts';
import type { JudgeFacts } from './facts.ts';
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
  readonly credentials: Credentials;
  readonly insideBy: ReadonlyMap<HolderKey, Inside>;
  /** When a person was last seen to leave. */
  readonly leftAt: ReadonlyMap<HolderKey, number>;
  /** Sites whose readers have reported somebody: where none does, an entry that is missing says nothing. */
  readonly heardFrom: ReadonlySet<string>;
  readonly facts: Pick<JudgeFacts, 'escortedSites' | 'transitRooms'>;
  readonly now: number;
}

/** Everything that is wrong at `now`. */
export function judgeConditions(context: ConditionContext): Finding[] {
  const found: Finding[] = [];
  for (const ticket of context.tickets.all()) {
    const missing = context.heardFrom.has(ticket.site) ? noEntry(ticket, context.now) : undefined;
    if (missing !== undefined) found.push(missing);
  }
  for (const [key, inside] of context.insideBy) {
    const [, id = '', place = ''] = /^ticket:(.*)#(.*)$/.exec(key) ?? [];
    const ticket = context.tickets.get(id);
    if (ticket === undefined || evidenceOf(inside, context.now) === 'expired') continue;
    const stay = overStay(ticket, inside, context.now);
    if (stay !== undefined) found.push(stay);
    const person = place === 'pic' ? place : Number(place);
    if (!isThirdParty(ticket, person)) continue;
    const alone = unaccompanied(ticket, inside, context);
    if (alone !== undefined) found.push(alone);
  }
  return found;
}

function noEntry(ticket: JudgedTicket, now: number): Finding | undefined {
  const { id, site, to, enteredAt, state } = ticket;
  if (now < to || now - to > judgedWithinMs || enteredAt !== null) return undefined;
  if (!isApproved(ticket) || state === 'reopened') return undefined;
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
  { credentials, insideBy, leftAt, facts, now }: ConditionContext,
): Finding | undefined {
  if (!facts.escortedSites.has(inside.site)) return undefined;
  if (facts.transitRooms.has(`${inside.site}/${inside.room}`)) return undefined;
  const keys = picKeys(ticket);
  const picInside = keys.some((key) => {
    const pic = insideBy.get(key);
    return pic?.site === inside.site && evidenceOf(pic, now) !== 'expired';
  });
  if (picInside) return undefined;
  const picLeftAt = Math.max(0, ...keys.map((key) => leftAt.get(key) ?? 0));
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
  const since = Math.max(inside.since, picLeftAt);
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
