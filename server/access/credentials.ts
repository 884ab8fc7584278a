import type { Clock } from '../../core/clock.ts';
import type { TicketAction } from '../contracts/tickets.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Database, Executor } from '../db/schema.ts';
import type { CredentialTable, RevokedCardTable } from '../db/schema/access.ts';
import { sameCard } from './judgement/holders.ts';
import type { TicketPerson } from './judgement/tickets.ts';

/** A card for a person of a ticket. */
export interface GivenCard {
  readonly person: TicketPerson;
  readonly card: string;
}

interface RevocationFilter {
  /** Id of the last one shown. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The only place that knows how cards are stored. */
export interface CredentialRepository {
  /** Given and not returned, and those that were returned since. */
  since(time: number): Promise<CredentialTable[]>;
  ofTicket(ticket: string): Promise<CredentialTable[]>;
  give(cards: readonly CredentialTable[], on: Executor): Promise<void>;
  /** Every card of the ticket that is out. */
  takeBack(ticket: string, by: { readonly at: number; readonly actor: string }, on: Executor): Promise<void>;
  revoke(card: RevokedCardTable): Promise<void>;
  /** Undefined: there is none, or it has ended. */
  endRevocation(
    id: string,
    by: { readonly at: number; readonly actor: string },
  ): Promise<RevokedCardTable | undefined>;
  /** Those in force, and those that ended since. */
  revokedSince(time: number): Promise<RevokedCardTable[]>;
  /** Newest first, those that ended as well. */
  revocations(filter: RevocationFilter): Promise<RevokedCardTable[]>;
}

export function credentialRepository(db: Database): CredentialRepository {
  return {
    since: (time) =>
      db
        .selectFrom('credential')
        .selectAll()
        .where((eb) => eb.or([eb('returned_at', 'is', null), eb('returned_at', '>=', time)]))
        .orderBy('given_at')
        .orderBy('id')
        .execute(),
    ofTicket: (ticket) =>
      db.selectFrom('credential').selectAll().where('ticket', '=', ticket).orderBy('id').execute(),
    async give(cards, on) {
      if (cards.length > 0)
        await on
          .insertInto('credential')
          .values([...cards])
          .execute();
    },
    async takeBack(ticket, { at, actor }, on) {
      await on
        .updateTable('credential')
        .set({ returned_at: at, returned_by: actor })
        .where('ticket', '=', ticket)
        .where('returned_at', 'is', null)
        .execute();
    },
    async revoke(card) {
      await db.insertInto('revoked_card').values(card).execute();
    },
    endRevocation: (id, { at, actor }) =>
      db
        .updateTable('revoked_card')
        .set({ ended_at: at, ended_by: actor })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .returningAll()
        .executeTakeFirst(),
    revokedSince: (time) =>
      db
        .selectFrom('revoked_card')
        .selectAll()
        .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>=', time)]))
        .execute(),
    revocations({ before, limit }) {
      let query = db.selectFrom('revoked_card').selectAll().orderBy('id', 'desc').limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      return query.execute();
    },
  };
}

/** Cards of visitors, and cards that open nothing any more. */
export interface CredentialService {
  /** Why these cards cannot be given, in words; undefined: they can. */
  refusalOf(cards: readonly GivenCard[], persons: number): Promise<string | undefined>;
  /** What an action does to the cards of a ticket, in its transaction; undefined: nothing. */
  changeWith(
    action: TicketAction,
    what: { readonly ticket: string; readonly cards: readonly GivenCard[]; readonly actor: string },
  ): ((tx: Executor) => Promise<void>) | undefined;
  /** Tells who listens; call it once the transaction is over. */
  changed(): Promise<void>;
  onChange(listener: () => void | Promise<void>): void;
  ofTicket(ticket: string): Promise<CredentialTable[]>;
  revoke(card: string, why: { readonly reason: string; readonly actor: string }): Promise<RevokedCardTable>;
  endRevocation(id: string, actor: string): Promise<RevokedCardTable | undefined>;
  revocations(filter: RevocationFilter): Promise<RevokedCardTable[]>;
}

export function createCredentials(options: {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
  /** Cards of the staff belong to nobody else. */
  readonly staffCards: ReadonlySet<string>;
}): CredentialService {
  const { db, clock, randomBytes, staffCards } = options;
  const repository = credentialRepository(db);
  const listeners: (() => void | Promise<void>)[] = [];
  const changed = async (): Promise<void> => {
    for (const listener of listeners) await listener();
  };
  const newId = (): string => sortableId(clock.now(), randomBytes);

  return {
    changed,
    async refusalOf(cards, persons) {
      if (cards.length === 0) return undefined;
      const now = clock.now();
      const out = new Map(
        (await repository.since(now))
          .filter(({ returned_at: returned }) => returned === null)
          .map((each) => [sameCard(each.card), each]),
      );
      const revoked = new Set(
        (await repository.revokedSince(now))
          .filter(({ ended_at: ended }) => ended === null)
          .map(({ card }) => sameCard(card)),
      );
      const given = new Set<string>();
      for (const { person, card } of cards) {
        const key = sameCard(card);
        if (person !== 'pic' && person >= persons)
          return `cards: there is no person ${person}; the list holds ${persons}, counted from 0`;
        if (given.has(key)) return `cards: "${card}" is given twice; one card for one person`;
        if (staffCards.has(key)) return `cards: "${card}" is a card of the staff; give one for visitors`;
        if (revoked.has(key)) return `cards: "${card}" is revoked; give another one`;
        const other = out.get(key);
        if (other !== undefined)
          return `cards: "${card}" is still out for ticket ${other.ticket}; fulfil that ticket first`;
        given.add(key);
      }
      return undefined;
    },
    changeWith(action, { ticket, cards, actor }) {
      const at = clock.now();
      if (action === 'fulfil') return (tx) => repository.takeBack(ticket, { at, actor }, tx);
      if (action !== 'check-in' || cards.length === 0) return undefined;
      const rows = cards.map(({ person, card }): CredentialTable => ({
        id: newId(),
        card: sameCard(card),
        ticket,
        person: String(person),
        given_at: at,
        given_by: actor,
        returned_at: null,
        returned_by: null,
      }));
      return (tx) => repository.give(rows, tx);
    },
    onChange: (listener) => void listeners.push(listener),
    ofTicket: (ticket) => repository.ofTicket(ticket),
    async revoke(card, { reason, actor }) {
      const row: RevokedCardTable = {
        id: newId(),
        card: sameCard(card),
        reason,
        at: clock.now(),
        actor,
        ended_at: null,
        ended_by: null,
      };
      await repository.revoke(row);
      await changed();
      return row;
    },
    async endRevocation(id, actor) {
      const ended = await repository.endRevocation(id, { at: clock.now(), actor });
      if (ended !== undefined) await changed();
      return ended;
    },
    revocations: (filter) => repository.revocations(filter),
  };
}
