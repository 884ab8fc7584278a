import type { AccessFindingKind } from '../../../config/schema/findings.ts';
import type { Holder } from './holders.ts';
import { isApproved, nameOf, type JudgedTicket, type TicketIndex } from './tickets.ts';

/** May this person be let into this room now? Pure. */

/** Formalities at the door take their time, as check-in allows. */
const earlyMs = 30 * 60_000;
/** A ticket of another day has nothing to do with an entry. */
const nearMs = 24 * 3_600_000;

export interface EntryQuestion {
  readonly holder: Holder;
  readonly site: string;
  readonly room: string;
  /** Way to other rooms (mantrap, corridor): open to whoever may be in any of them. */
  readonly isTransit: boolean;
  readonly at: number;
}

export interface EntryContext {
  readonly tickets: TicketIndex;
  /** On shift or on call there: needs no ticket. */
  readonly isOnDuty: (person: string, place: { readonly site: string; readonly at: number }) => boolean;
}

/** What is wrong with an entry (the worst first), and the ticket it was judged by. */
export interface EntryVerdict {
  readonly ticket: string | null;
  readonly wrong: Extract<
    AccessFindingKind,
    'no-ticket' | 'outside-window' | 'wrong-room' | 'no-check-in'
  > | null;
}

const free: EntryVerdict = { ticket: null, wrong: null };
const noTicket: EntryVerdict = { ticket: null, wrong: 'no-ticket' };
/** From the least to the most: of several tickets, the one that excuses most counts. */
const gravity = ['no-check-in', 'wrong-room', 'outside-window', 'no-ticket'] as const;

export function judgeEntry(question: EntryQuestion, { tickets, isOnDuty }: EntryContext): EntryVerdict {
  const { holder, site, at } = question;
  if (holder.kind === 'unknown' || holder.kind === 'revoked') return noTicket;
  if (holder.kind === 'staff') {
    if (isOnDuty(holder.member.person, { site, at })) return free;
    const { name } = holder.member;
    return best([...tickets.escortedBy(name), ...tickets.ofName(name).map(({ ticket }) => ticket)], question);
  }
  const own = tickets.get(holder.ticket);
  if (own === undefined) return noTicket;
  // A person may have another ticket for the place; the card was given for this one.
  const others = tickets.ofName(nameOf(own, holder.person)).map(({ ticket }) => ticket);
  return best([own, ...others], question);
}

function best(candidates: readonly JudgedTicket[], question: EntryQuestion): EntryVerdict {
  let found = noTicket;
  for (const ticket of candidates) {
    const wrong = judgeByTicket(ticket, question);
    if (wrong === null) return { ticket: ticket.id, wrong };
    if (gravity.indexOf(wrong) < gravity.indexOf(found.wrong ?? 'no-check-in'))
      found = { ticket: ticket.id, wrong };
  }
  return found;
}

function judgeByTicket(
  ticket: JudgedTicket,
  { site, room, isTransit, at }: EntryQuestion,
): EntryVerdict['wrong'] {
  if (ticket.site !== site || !isApproved(ticket)) return 'no-ticket';
  if (at < ticket.from - nearMs || at > ticket.to + nearMs) return 'no-ticket';
  const isOver = at >= ticket.to || (ticket.fulfilledAt !== null && at > ticket.fulfilledAt);
  if (at < ticket.from - earlyMs || isOver) return 'outside-window';
  if (ticket.rooms.length > 0 && !isTransit && !ticket.rooms.includes(room)) return 'wrong-room';
  if (ticket.checkedInAt === null || at < ticket.checkedInAt) return 'no-check-in';
  return null;
}
