import type { Selectable } from 'kysely';
import { addTicketEvent } from '../audit/entries.ts';
import { inChunks } from '../db/rows.ts';
import type { Database, Executor, TicketEventTable, TicketTable } from '../db/schema.ts';
import type { Touch } from '../incidents/repository.ts';

type TicketRow = Selectable<TicketTable>;
export interface TicketRecord extends TicketRow {
  /** Empty: the whole site. */
  readonly rooms: readonly string[];
}

/** Before its window, in it, after it. */
type WindowState = 'upcoming' | 'open' | 'past';

export interface TicketFilter {
  readonly site?: string | undefined;
  readonly window?: WindowState | undefined;
  readonly state?: TicketTable['state'] | undefined;
  /** `from_at` and id of the last one shown. */
  readonly after?: readonly [number, string] | undefined;
  readonly limit: number;
  readonly now: number;
}

/** Their window is nobody's time. */
const nobodyComes = ['rejected', 'cancelled'] as const;

/** What an action changes of a ticket. */
export type TicketChange = Pick<TicketTable, 'state'> &
  Partial<
    Pick<
      TicketTable,
      | 'escort'
      | 'from_at'
      | 'to_at'
      | 'answered_at'
      | 'fulfilled_at'
      | 'closed_at'
      | 'checked_in_at'
      | 'entered_at'
    >
  >;

/** What was done; the log adds the ticket as it is then. */
export type NewTicketEvent = Omit<TicketEventTable, 'particulars'>;

/** The only place that knows how tickets are stored. */
export interface TicketRepository {
  add(ticket: TicketRecord, event: NewTicketEvent): Promise<void>;
  /** Ticket and event in one transaction; false when the ticket is not in that state any more. */
  change(
    id: string,
    from: TicketTable['state'],
    what: {
      readonly change: TicketChange;
      readonly event: NewTicketEvent;
      /** What else belongs to it. */
      readonly also?: ((tx: Executor) => Promise<void>) | undefined;
    },
  ): Promise<boolean>;
  /** Oldest first. */
  events(id: string): Promise<TicketEventTable[]>;
  find(id: string): Promise<TicketRecord | undefined>;
  /** Latest window first. */
  list(filter: TicketFilter): Promise<TicketRecord[]>;
  /** Tickets, neither rejected nor cancelled, whose window touches that time, of all sites. */
  around(time: { readonly from: number; readonly to: number }): Promise<TicketRecord[]>;
  /** The first time that a door let one of its persons in; a later one changes nothing. */
  entered(id: string, at: number): Promise<void>;
  /** Tickets, neither rejected nor cancelled, of that place whose window overlaps that time, earliest first. */
  touching(touch: Touch): Promise<TicketRecord[]>;
}

export function ticketRepository(db: Database): TicketRepository {
  async function withRooms(tickets: readonly TicketRow[]): Promise<TicketRecord[]> {
    if (tickets.length === 0) return [];
    const ids = tickets.map((ticket) => ticket.id);
    const rooms = await db
      .selectFrom('ticket_room')
      .selectAll()
      .where('ticket', 'in', ids)
      .orderBy('room')
      .execute();
    const byTicket = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (const { ticket, room } of rooms) byTicket.get(ticket)?.push(room);
    return tickets.map((ticket) => ({ ...ticket, rooms: byTicket.get(ticket.id) ?? [] }));
  }

  return {
    change(id, from, { change, event, also }) {
      return db.transaction().execute(async (tx) => {
        const ticket = await tx
          .updateTable('ticket')
          .set(change)
          .where('id', '=', id)
          .where('state', '=', from)
          .returningAll()
          .executeTakeFirst();
        if (ticket === undefined) return false;
        await addTicketEvent(tx, event, ticket);
        await also?.(tx);
        return true;
      });
    },

    events: (id) =>
      db.selectFrom('ticket_event').selectAll().where('ticket', '=', id).orderBy('id').execute(),

    async add({ rooms, ...ticket }, event) {
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('ticket').values(ticket).execute();
        const rows = [...new Set(rooms)].map((room) => ({ ticket: ticket.id, room }));
        if (rows.length > 0) await tx.insertInto('ticket_room').values(rows).execute();
        await addTicketEvent(tx, event, ticket);
      });
    },

    async find(id) {
      const [ticket] = await withRooms(
        await db.selectFrom('ticket').selectAll().where('id', '=', id).execute(),
      );
      return ticket;
    },

    async list({ site, window, state, after, limit, now }) {
      let query = db
        .selectFrom('ticket')
        .selectAll()
        .orderBy('from_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit);
      if (site !== undefined) query = query.where('site', '=', site);
      if (window !== undefined) query = query.where('state', 'not in', [...nobodyComes]);
      if (state !== undefined) query = query.where('state', '=', state);
      if (window === 'upcoming') query = query.where('from_at', '>', now);
      if (window === 'open') query = query.where('from_at', '<=', now).where('to_at', '>', now);
      if (window === 'past') query = query.where('to_at', '<=', now);
      if (after !== undefined) {
        const [from, id] = after;
        query = query.where((eb) =>
          eb.or([eb('from_at', '<', from), eb.and([eb('from_at', '=', from), eb('id', '<', id)])]),
        );
      }
      return withRooms(await query.execute());
    },

    async around({ from, to }) {
      const found = await db
        .selectFrom('ticket')
        .selectAll()
        .where('to_at', '>=', from)
        .where('from_at', '<=', to)
        .where('state', 'not in', [...nobodyComes])
        .orderBy('id')
        .execute();
      const tickets: TicketRecord[] = [];
      await inChunks(found, async (chunk) => void tickets.push(...(await withRooms(chunk))));
      return tickets;
    },

    async entered(id, at) {
      await db
        .updateTable('ticket')
        .set({ entered_at: at })
        .where('id', '=', id)
        .where('entered_at', 'is', null)
        .execute();
    },

    async touching({ site, rooms, from, to }) {
      const overlapping = await withRooms(
        await db
          .selectFrom('ticket')
          .selectAll()
          .where('site', '=', site)
          .where('from_at', '<=', to)
          .where('to_at', '>', from)
          .where('state', 'not in', [...nobodyComes])
          .orderBy('from_at')
          .orderBy('id')
          .execute(),
      );
      return overlapping.filter((ticket) => samePlace(ticket.rooms, rooms));
    },
  };
}

/** No rooms named is the whole site. */
function samePlace(one: readonly string[], other: readonly string[]): boolean {
  return one.length === 0 || other.length === 0 || one.some((room) => other.includes(room));
}
