import type { FieldEvent } from '../../../core/field-event.ts';
import type { Database } from '../../db/schema.ts';
import { credentialRepository } from '../credentials.ts';
import { fieldEventRepository, type FieldEventRow } from '../field-events.ts';
import { ticketRepository, type TicketRecord } from '../repository.ts';
import type { Judge } from './judge.ts';
import { findingRepository, type FindingRow } from './repository.ts';
import type { TicketPerson } from './tickets.ts';

/** What is stored, as far as a judge is given it. */
export interface Records {
  /** Tickets whose windows touch the time. */
  tickets(window: { readonly from: number; readonly to: number }): Promise<TicketRecord[]>;
  /** Gives the judge the cards that were given or revoked since then, or are still out. */
  cards(of: Judge, since: number): Promise<void>;
  /** Newest first; `to` is exclusive. */
  events(from: number, to: { readonly to?: number; readonly site?: string }): Promise<FieldEvent[]>;
  /** The first of its persons was let in. */
  entered(ticket: string, at: number): Promise<unknown>;
  /** Events that arrived days late and are not judged yet, oldest first. */
  late(limit: number): Promise<FieldEvent[]>;
  /** What was found in late events, and that they are judged: both or neither. */
  judged(events: readonly string[], found: readonly FindingRow[]): Promise<void>;
}

const eventsAtOnce = 2_000;
/** A controller that replays a year at the wrong moment must not keep the server from starting. */
const mostEvents = 100_000;

export function recordsOf(db: Database): Records {
  const tickets = ticketRepository(db);
  const cards = credentialRepository(db);
  const fieldEvents = fieldEventRepository(db);
  return {
    tickets: (window) => tickets.around(window),
    async cards(of, since) {
      const given = await cards.since(since);
      const revoked = await cards.revokedSince(since);
      of.credentials.setAssignments(
        given.map(({ card, ticket, person, given_at: from, returned_at: to }) => ({
          card, ticket, from, to,
          person: personOf(person),
        })),
      );
      of.credentials.setRevocations(revoked.map(({ card, at: from, ended_at: to }) => ({ card, from, to })));
    },
    async events(from, { to, site }) {
      const events: FieldEvent[] = [];
      let after: readonly [number, string] | undefined;
      for (;;) {
        const rows = await fieldEvents.list({ site, from, to, after, limit: eventsAtOnce });
        events.push(...rows.map(eventOf));
        const last = rows.at(-1);
        if (last === undefined || rows.length < eventsAtOnce || events.length >= mostEvents) return events;
        after = [last.at, last.id];
      }
    },
    entered: (ticket, at) => tickets.entered(ticket, at),
    late: async (limit) => (await fieldEvents.late(limit)).map(eventOf),
    judged: (events, found) =>
      db.transaction().execute(async (trx) => {
        await findingRepository(trx).add(found);
        await fieldEvents.judged(events, trx);
      }),
  };
} // prettier-ignore

function eventOf({ id, site, device, at, kind, attributes }: FieldEventRow): FieldEvent {
  return { id, source: `${site}/${device}`, at, kind, attributes: attributesOf(attributes) };
}

function personOf(text: string): TicketPerson {
  return text === 'pic' ? text : Number(text);
}

function attributesOf(text: string): FieldEvent['attributes'] {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}
