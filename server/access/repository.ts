import { sql, type Selectable } from 'kysely';
import { addTicketEvent } from '../audit/entries.ts';
import { before, behind, type ListPlace } from '../db/list-place.ts';
import { inChunks } from '../db/rows.ts';
import type { Database, Executor } from '../db/schema.ts';
import type { TicketEventTable, TicketMailTable, TicketTable } from '../db/schema/tickets.ts';
import type { Touch } from '../incidents/repository.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

type TicketRow = Selectable<TicketTable>;
export interface TicketRecord extends TicketRow {
  /** Empty: the whole site. */
  readonly rooms: readonly string[];
}

/** Before its window, in it, after it. */
type WindowState = 'upcoming' | 'open' | 'past';

export interface TicketFilter {
  readonly site?: SiteFilter | undefined;
  readonly window?: WindowState | undefined;
  readonly state?: TicketTable['state'] | undefined;
  readonly series?: string | undefined;
  /** In unit, PIC, activity, escort, number elsewhere, or a person's name; never in identities. */
  readonly text?: string | undefined;
  /** Epoch ms: tickets whose window overlaps [from, to). */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `window`, unless told otherwise: latest window first; `arrival`: in the order in which they came. */
  readonly order?: 'window' | 'arrival' | undefined;
  /** `from_at` (by arrival `created_at`) and id of the last one shown. */
  readonly after?: ListPlace | undefined;
  readonly limit: number;
  readonly now: number;
}

/** Their window is nobody's time. */
const nobodyComes = ['rejected', 'cancelled'] as const;

/** What an action changes of a ticket. */
export type TicketChange = Partial<Omit<TicketTable, 'id' | 'created_at' | 'created_by'>> & {
  readonly rooms?: readonly string[];
};

/** A ticket as it is written: with its first step, and the mail that tells of it. */
export interface NewTicket {
  readonly ticket: TicketRecord;
  readonly event: NewTicketEvent;
  readonly mail?: TicketMailTable | undefined;
}

/** A step of a ticket and what it changes. */
export interface TicketStep {
  readonly change: TicketChange;
  readonly event: NewTicketEvent;
  readonly mail?: TicketMailTable | undefined;
  /** What else belongs to it. */
  readonly also?: ((tx: Executor) => Promise<void>) | undefined;
}

/** What was done; the log adds the ticket as it is then. */
export type NewTicketEvent = Omit<TicketEventTable, 'particulars'>;

/** The only place that knows how tickets are stored. */
export interface TicketRepository {
  /** All of them, or none: rejects with ConstraintViolation when an id or reference is taken. */
  add(tickets: readonly NewTicket[]): Promise<void>;
  /** Ticket, event and mail in one transaction; false when the ticket is not in that state any more. */
  change(id: string, from: TicketTable['state'], step: TicketStep): Promise<boolean>;
  /** Oldest first. */
  events(id: string): Promise<TicketEventTable[]>;
  find(id: string): Promise<TicketRecord | undefined>;
  /** Those of the numbers that a ticket has already, with its id. */
  byReference(references: readonly string[]): Promise<ReadonlyMap<string, string>>;
  list(filter: TicketFilter): Promise<TicketRecord[]>;
  /** Tickets, neither rejected nor cancelled, whose window touches that time, of all sites. */
  around(time: { readonly from: number; readonly to: number }): Promise<TicketRecord[]>;
  /** The first time that a door let one of its persons in; a later one changes nothing. */
  entered(id: string, at: number): Promise<void>;
  /** Ids of the requests that wait for an answer, in the order in which they came. */
  waiting(): Promise<string[]>;
  /** Tickets, neither rejected nor cancelled, of that place whose window overlaps that time, earliest first. */
  touching(touch: Touch): Promise<TicketRecord[]>;
}

/** Within the caller's transaction. */
export async function insertTicket(
  trx: Executor,
  { ticket: { rooms, ...ticket }, event, mail }: NewTicket,
): Promise<void> {
  await trx.insertInto('ticket').values(ticket).execute();
  await insertRooms(trx, ticket.id, rooms);
  await addTicketEvent(trx, event, ticket);
  if (mail !== undefined) await trx.insertInto('ticket_mail').values(mail).execute();
}

async function insertRooms(trx: Executor, ticket: string, rooms: readonly string[]): Promise<void> {
  const rows = [...new Set(rooms)].map((room) => ({ ticket, room }));
  if (rows.length > 0) await trx.insertInto('ticket_room').values(rows).execute();
}

export function ticketRepository(db: Database): TicketRepository {
  async function withRooms(tickets: readonly TicketRow[]): Promise<TicketRecord[]> {
    if (tickets.length === 0) return [];
    const ids = tickets.map((ticket) => ticket.id);
    const byTicket = new Map<string, string[]>(ids.map((id) => [id, []]));
    await inChunks(ids, async (chunk) => {
      const rooms = await db
        .selectFrom('ticket_room')
        .selectAll()
        .where('ticket', 'in', [...chunk])
        .orderBy('room')
        .execute();
      for (const { ticket, room } of rooms) byTicket.get(ticket)?.push(room);
    });
    return tickets.map((ticket) => ({ ...ticket, rooms: byTicket.get(ticket.id) ?? [] }));
  }

  return {
    change(id, from, { change: { rooms, ...change }, event, mail, also }) {
      return db.transaction().execute(async (tx) => {
        const ticket = await tx
          .updateTable('ticket')
          .set(change)
          .where('id', '=', id)
          .where('state', '=', from)
          .returningAll()
          .executeTakeFirst();
        if (ticket === undefined) return false;
        if (rooms !== undefined) {
          await tx.deleteFrom('ticket_room').where('ticket', '=', id).execute();
          await insertRooms(tx, id, rooms);
        }
        await addTicketEvent(tx, event, ticket);
        if (mail !== undefined) await tx.insertInto('ticket_mail').values(mail).execute();
        await also?.(tx);
        return true;
      });
    },

    events: (id) =>
      db.selectFrom('ticket_event').selectAll().where('ticket', '=', id).orderBy('id').execute(),

    add(tickets) {
      return db.transaction().execute(async (tx) => {
        for (const each of tickets) await insertTicket(tx, each);
      });
    },

    async byReference(references) {
      const known = new Map<string, string>();
      await inChunks(references, async (chunk) => {
        const rows = await db
          .selectFrom('ticket')
          .select(['reference', 'id'])
          .where('reference', 'in', [...chunk])
          .execute();
        for (const { reference, id } of rows) if (reference !== null) known.set(reference, id);
      });
      return known;
    },

    async waiting() {
      const rows = await db
        .selectFrom('ticket')
        .select('id')
        .where('state', '=', 'submitted')
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id }) => id);
    },

    async find(id) {
      const [ticket] = await withRooms(
        await db.selectFrom('ticket').selectAll().where('id', '=', id).execute(),
      );
      return ticket;
    },

    async list({ site, window, state, series, text, from, to, order = 'window', after, limit, now }) {
      const [column, direction] =
        order === 'window' ? (['from_at', 'desc'] as const) : (['created_at', 'asc'] as const);
      let query = db
        .selectFrom('ticket')
        .selectAll()
        .orderBy(column, direction)
        .orderBy('id', direction)
        .limit(limit);
      if (site !== undefined) query = query.where(ofSites(site));
      if (window !== undefined) query = query.where('state', 'not in', [...nobodyComes]);
      if (state !== undefined) query = query.where('state', '=', state);
      if (series !== undefined) query = query.where('series', '=', series);
      if (window === 'upcoming') query = query.where('from_at', '>', now);
      if (window === 'open') query = query.where('from_at', '<=', now).where('to_at', '>', now);
      if (window === 'past') query = query.where('to_at', '<=', now);
      if (from !== undefined) query = query.where('to_at', '>', from);
      if (to !== undefined) query = query.where('from_at', '<', to);
      if (text !== undefined) {
        const part = text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
        const columns = ['unit', 'pic', 'activity', 'escort', 'reference'] as const;
        query = query.where((eb) => {
          const holds = (name: (typeof columns)[number] | 'persons', pattern: string) =>
            sql<boolean>`lower(${eb.ref(name)}) like ${pattern} escape '\\'`;
          return eb.or([
            ...columns.map((name) => holds(name, `%${part}%`)),
            // A text with a digit could be part of an identity, which nobody may find out by asking.
            ...(/\d/.test(part) ? [] : [holds('persons', `%"name":"%${part}%`)]),
          ]);
        });
      }
      if (after !== undefined)
        query = query.where(direction === 'desc' ? before(after, column) : behind(after, column));
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
