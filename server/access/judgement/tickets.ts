import type { TicketState } from '../../contracts/tickets.ts';

/** A ticket as far as entries are judged by it. Times in epoch ms. */
export interface JudgedTicket {
  readonly id: string;
  readonly site: string;
  /** Empty: the whole site. */
  readonly rooms: readonly string[];
  readonly unit: string;
  readonly pic: string;
  /** The PIC goes along. */
  readonly accompanied: boolean;
  readonly persons: readonly { readonly name: string; readonly party: 'employee' | 'third-party' }[];
  readonly escort: string | null;
  readonly from: number;
  readonly to: number;
  readonly state: TicketState;
  readonly checkedInAt: number | null;
  readonly fulfilledAt: number | null;
  /** When a door let the first of its persons in. */
  readonly enteredAt: number | null;
}

/** A person of a ticket: the place in its list, or its PIC. */
export type TicketPerson = number | 'pic';

const approved = new Set<TicketState>([
  'approved',
  'scheduled',
  'checked-in',
  'fulfilled',
  'closed',
  'reopened',
]);

/** Somebody has said yes to it. */
export function isApproved({ state }: JudgedTicket): boolean {
  return approved.has(state);
}

/** The name that a person of the ticket goes by. */
export function nameOf(ticket: JudgedTicket, person: TicketPerson): string {
  return person === 'pic' ? ticket.pic : (ticket.persons[person]?.name ?? '');
}

export function isThirdParty(ticket: JudgedTicket, person: TicketPerson): boolean {
  return person !== 'pic' && ticket.persons[person]?.party === 'third-party';
}

/** The same name, however it is spaced and capitalised. */
export function sameName(name: string): string {
  return name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** Tickets by id and by the names on them. */
export interface TicketIndex {
  set(ticket: JudgedTicket): void;
  remove(id: string): void;
  get(id: string): JudgedTicket | undefined;
  /** Of the person or PIC of that name, with the place in the list. */
  ofName(name: string): readonly { readonly ticket: JudgedTicket; readonly person: TicketPerson }[];
  /** That the technical officer of that name escorts. */
  escortedBy(name: string): readonly JudgedTicket[];
  all(): Iterable<JudgedTicket>;
}

/** @param onChange called with the id of a ticket that was put in, replaced or removed */
export function createTicketIndex(onChange: (id: string) => void): TicketIndex {
  const byId = new Map<string, JudgedTicket>();
  const idsByName = new Map<string, Set<string>>();
  const idsByEscort = new Map<string, Set<string>>();

  function link(index: Map<string, Set<string>>, name: string, id: string): void {
    const key = sameName(name);
    const ids = index.get(key);
    if (ids === undefined) index.set(key, new Set([id]));
    else ids.add(id);
  }

  function unlink(index: Map<string, Set<string>>, name: string, id: string): void {
    const key = sameName(name);
    const ids = index.get(key);
    ids?.delete(id);
    if (ids?.size === 0) index.delete(key);
  }

  function remove(id: string): void {
    const ticket = byId.get(id);
    if (ticket === undefined) return;
    byId.delete(id);
    onChange(id);
    for (const { name } of ticket.persons) unlink(idsByName, name, id);
    unlink(idsByName, ticket.pic, id);
    if (ticket.escort !== null) unlink(idsByEscort, ticket.escort, id);
  }

  function named(index: Map<string, Set<string>>, name: string): JudgedTicket[] {
    return [...(index.get(sameName(name)) ?? [])].flatMap((id) => byId.get(id) ?? []);
  }

  return {
    set(ticket) {
      remove(ticket.id);
      byId.set(ticket.id, ticket);
      onChange(ticket.id);
      for (const { name } of ticket.persons) link(idsByName, name, ticket.id);
      link(idsByName, ticket.pic, ticket.id);
      if (ticket.escort !== null) link(idsByEscort, ticket.escort, ticket.id);
    },
    remove,
    get: (id) => byId.get(id),
    ofName: (name) =>
      named(idsByName, name).map((ticket) => {
        const place = ticket.persons.findIndex((each) => sameName(each.name) === sameName(name));
        return { ticket, person: place < 0 ? ('pic' as const) : place };
      }),
    escortedBy: (name) => named(idsByEscort, name),
    all: () => byId.values(),
  };
}
