import type { Clock } from '../../../core/clock.ts';
import { iso, isoOrNull } from '../../../core/time.ts';
import type { ErasureView, PersonExport } from '../../contracts/persons.ts';
import { ticketFields, type TicketState } from '../../contracts/tickets.ts';
import { sortableId, type RandomBytes } from '../../db/id.ts';
import type { Database } from '../../db/schema.ts';
import type { IdentityLookups } from '../identities.ts';
import { copiesOf } from '../mails.ts';
import { erase } from './erase.ts';
import { heldOf, type Held, type HeldTicket } from './held.ts';
import { namesOf, type Subject } from './subject.ts';

interface AskedBy {
  readonly actor: string;
  readonly reason: string;
}

/** Why nothing was erased. */
export class ErasureRefused extends Error {
  override readonly name = 'ErasureRefused';
}

/** Rights of the persons on tickets by UU 27/2022: a copy of what is held, and its erasure. */
export interface PersonService {
  /** Undefined: nothing is held about the subject. Rejects with ErasureRefused while a ticket or series of visits needs the data. */
  erase(subject: Subject, by: AskedBy): Promise<ErasureView | undefined>;
  /** Written down as a look-up of each ticket before it is answered; undefined: nothing is held. */
  export(subject: Subject, by: AskedBy): Promise<PersonExport | undefined>;
}

/** States in which nobody needs the persons of a ticket any more. */
export const over: ReadonlySet<TicketState> = new Set(['rejected', 'closed', 'cancelled']);

export function createPersons({
  db,
  clock,
  randomBytes,
  lookups,
  onErased,
}: {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: RandomBytes;
  readonly lookups: Pick<IdentityLookups, 'record'>;
  /** Whoever keeps tickets or cards in memory reads these again. */
  readonly onErased: (tickets: readonly string[]) => Promise<void>;
}): PersonService {
  const newId = (at: number): string => sortableId(at, randomBytes);
  return {
    async erase(subject, { actor, reason }) {
      const done = await db.transaction().execute(async (trx) => {
        const held = await heldOf(trx, subject);
        if (isEmpty(held)) return undefined;
        refuseWhileNeeded(held);
        return { held, ...(await erase(trx, { held, at: clock.now(), actor, reason, newId })) };
      });
      if (done === undefined) return undefined;
      await onErased(done.tickets.map(({ id }) => id));
      const { held, record, values } = done;
      return {
        id: record.id,
        at: iso(record.at),
        actor,
        reason,
        tickets: held.tickets.length,
        events: held.events.length,
        cards: held.cards.length,
        mails: held.mails.length,
        series: held.series.length,
        values,
      };
    },

    async export(subject, { actor, reason }) {
      const held = await heldOf(db, subject);
      if (isEmpty(held)) return undefined;
      const tickets = held.tickets.map(({ ticket }) => ticket.id);
      const earlier = await lookupsOf(db, tickets);
      await lookups.record({ tickets, user: actor, reason });
      return {
        at: iso(clock.now()),
        subject: { identity: subject.identity ?? null, email: subject.email ?? null },
        tickets: held.tickets.map(exportedTicket),
        cards: held.cards.map(({ ticket, card, given_at: givenAt, returned_at: returnedAt }) => ({
          ticket, card, givenAt: iso(givenAt), returnedAt: isoOrNull(returnedAt),
        })), // prettier-ignore
        events: held.events.map(({ id, at, site, room, kind, card, person }) => ({
          id, at: iso(at), site, room, kind, card, person,
        })), // prettier-ignore
        mails: held.mails.map((mail) => ({
          ticket: mail.ticket,
          at: iso(mail.created_at),
          to: mail.recipient,
          cc: copiesOf(mail),
        })),
        series: held.series.map(({ series }) => series.id),
        lookups: earlier,
      };
    },
  };
}

function isEmpty({ tickets, events, series }: Held): boolean {
  return tickets.length === 0 && events.length === 0 && series.length === 0;
}

function refuseWhileNeeded({ tickets, series }: Held): void {
  const open = tickets.map(({ ticket }) => ticket).filter(({ state }) => !over.has(state));
  if (open.length > 0)
    throw new ErasureRefused(
      `ticket ${open.map(({ id, state }) => `${id} (${state})`).join(', ')} is not over: close, reject or cancel it first`,
    );
  const running = series.map((each) => each.series).filter(({ ended_at: ended }) => ended === null);
  if (running.length > 0)
    throw new ErasureRefused(
      `series of visits ${running.map(({ id }) => id).join(', ')} names the person: end it first`,
    );
}

function exportedTicket({ ticket, people, place }: HeldTicket): PersonExport['tickets'][number] {
  const { id, service, site, unit, activity, state } = ticket;
  return {
    id,
    service,
    site,
    unit,
    activity,
    state,
    from: iso(ticket.from_at),
    to: iso(ticket.to_at),
    roles: [
      ...(place.persons.length > 0 ? (['person'] as const) : []),
      ...(place.isPic ? (['pic'] as const) : []),
      ...(place.isSuperior ? (['superior'] as const) : []),
    ],
    names: namesOf(people, place),
    identities: place.persons.flatMap((index) => people.persons[index]?.identity ?? []),
    picEmail: place.isPic ? people.picEmail : null,
    superiorEmail: place.isSuperior ? people.superiorEmail : null,
    fields: ticketFields.parse(JSON.parse(ticket.fields)),
  };
}

async function lookupsOf(db: Database, tickets: readonly string[]): Promise<PersonExport['lookups']> {
  if (tickets.length === 0) return [];
  const rows = await db.selectFrom('identity_lookup').selectAll().where('ticket', 'in', tickets).orderBy('id').execute(); // prettier-ignore
  return rows.map(({ ticket, at, user_name: user, reason }) => ({ ticket, at: iso(at), user, reason }));
}
