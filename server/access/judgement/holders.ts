import type { AccessEvent } from '../../../core/access-event.ts';
import { sameName, type TicketIndex, type TicketPerson } from './tickets.ts';

/** A member of the staff (people.yaml), as far as doors know them. */
export interface StaffMember {
  readonly person: string;
  readonly name: string;
  readonly cards: readonly string[];
}

/** A card that was given to a person of a ticket at check-in; times in epoch ms. */
export interface Assignment {
  readonly card: string;
  readonly ticket: string;
  readonly person: TicketPerson;
  readonly from: number;
  /** When it was returned. */
  readonly to: number | null;
}

/** A card that opens nothing any more. */
interface Revocation {
  readonly card: string;
  readonly from: number;
  /** When it was taken back. */
  readonly to: number | null;
}

/** Whose credential was used. */
export type Holder =
  | { readonly kind: 'staff'; readonly member: StaffMember }
  | { readonly kind: 'ticket'; readonly ticket: string; readonly person: TicketPerson }
  | { readonly kind: 'revoked'; readonly of: Holder | undefined }
  /** A name without a ticket, or nothing that is known at all. */
  | { readonly kind: 'unknown' };

/** `staff:andi`, `ticket:ID#0`, `ticket:ID#pic`: refers to a person and names nobody. */
export type HolderKey = string;

export function holderKey(holder: Holder): HolderKey | undefined {
  if (holder.kind === 'staff') return `staff:${holder.member.person}`;
  if (holder.kind === 'ticket') return ticketHolder(holder.ticket, holder.person);
  return holder.kind === 'revoked' && holder.of !== undefined ? holderKey(holder.of) : undefined;
}

export function ticketHolder(ticket: string, person: TicketPerson): HolderKey {
  return `ticket:${ticket}#${person}`;
}

/** Undefined: a member of the staff. */
export function ticketPersonOf(
  holder: HolderKey,
): { readonly ticket: string; readonly person: TicketPerson } | undefined {
  const [, ticket, place] = /^ticket:(.*)#(.*)$/.exec(holder) ?? [];
  if (ticket === undefined || place === undefined) return undefined;
  return { ticket, person: place === 'pic' ? place : Number(place) };
}

/** Which credential belongs to whom. */
export interface Credentials {
  setStaff(staff: readonly StaffMember[]): void;
  setAssignments(assignments: readonly Assignment[]): void;
  setRevocations(revocations: readonly Revocation[]): void;
  /** Whether the person of the ticket was ever given a card. */
  hasCard(ticket: string, person: TicketPerson): boolean;
  holderOf(event: Pick<AccessEvent, 'at' | 'card' | 'person'>, tickets: TicketIndex): Holder;
}

/** People spell card numbers as they like; controllers give digits or hex. */
export function sameCard(card: string): string {
  return card.trim().toUpperCase();
}

/** A ticket of that name this far from its window is somebody's of the same name. */
const nearMs = 36 * 3_600_000;

/** @param onAssigned called when cards were given or taken back */
export function createCredentials(onAssigned: () => void): Credentials {
  let staffByCard = new Map<string, StaffMember>();
  let staffByName = new Map<string, StaffMember>();
  let assignmentsByCard = new Map<string, Assignment[]>();
  let withCard = new Set<HolderKey>();
  let revokedByCard = new Map<string, Revocation[]>();

  function ofCard(card: string, at: number): Holder | undefined {
    const member = staffByCard.get(card);
    if (member !== undefined) return { kind: 'staff', member };
    // The latest that began before: a card that was returned and not given again is still that person's.
    let latest: Assignment | undefined;
    for (const each of assignmentsByCard.get(card) ?? [])
      if (each.from <= at && (latest === undefined || each.from > latest.from)) latest = each;
    return latest === undefined
      ? undefined
      : { kind: 'ticket', ticket: latest.ticket, person: latest.person };
  }

  function ofName(name: string, { at, tickets }: { at: number; tickets: TicketIndex }): Holder | undefined {
    const member = staffByName.get(sameName(name));
    if (member !== undefined) return { kind: 'staff', member };
    const near = tickets
      .ofName(name)
      .filter(({ ticket }) => at >= ticket.from - nearMs && at <= ticket.to + nearMs)
      .toSorted((a, b) => distance(a.ticket, at) - distance(b.ticket, at))[0];
    return near === undefined ? undefined : { kind: 'ticket', ticket: near.ticket.id, person: near.person };
  }

  return {
    setStaff(staff) {
      staffByCard = new Map(
        staff.flatMap((each) => each.cards.map((card) => [sameCard(card), each] as const)),
      );
      staffByName = new Map(
        staff.flatMap((each) => [each.person, each.name].map((name) => [sameName(name), each] as const)),
      );
    },
    setAssignments(assignments) {
      assignmentsByCard = new Map();
      withCard = new Set(assignments.map(({ ticket, person }) => ticketHolder(ticket, person)));
      for (const each of assignments) push(assignmentsByCard, sameCard(each.card), each);
      onAssigned();
    },
    setRevocations(revocations) {
      revokedByCard = new Map();
      for (const each of revocations) push(revokedByCard, sameCard(each.card), each);
    },
    hasCard: (ticket, person) => withCard.has(ticketHolder(ticket, person)),
    holderOf({ at, card, person }, tickets) {
      const byCard = card === undefined ? undefined : ofCard(sameCard(card), at);
      const revoked =
        card !== undefined &&
        (revokedByCard.get(sameCard(card)) ?? []).some(
          ({ from, to }) => from <= at && (to === null || at < to),
        );
      if (revoked) return { kind: 'revoked', of: byCard };
      return (
        byCard ?? (person === undefined ? undefined : ofName(person, { at, tickets })) ?? { kind: 'unknown' }
      );
    },
  };
}

function distance({ from, to }: { readonly from: number; readonly to: number }, at: number): number {
  return at < from ? from - at : Math.max(0, at - to);
}

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
