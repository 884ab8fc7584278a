import { sql } from 'kysely';
import { z } from 'zod';
import { inChunks } from '../../db/rows.ts';
import type { Executor } from '../../db/schema.ts';
import type { CredentialTable, FieldEventTable } from '../../db/schema/access.ts';
import type { TicketMailTable, TicketSeriesTable, TicketTable } from '../../db/schema/tickets.ts';
import { sameCard } from '../judgement/holders.ts';
import { sameName } from '../judgement/tickets.ts';
import { copiesOf } from '../mails.ts';
import {
  credentialKeysOf,
  namesOf,
  peopleOf,
  placeOf,
  sameIdentity,
  type PeopleOf,
  type Place,
  type Subject,
} from './subject.ts';

export interface HeldTicket {
  readonly ticket: TicketTable;
  readonly people: PeopleOf;
  readonly place: Place;
}

export interface HeldSeries {
  readonly series: TicketSeriesTable;
  readonly template: SeriesTemplate;
  readonly place: Place;
}

/** Every row that is about one person, or is past its period. */
export interface Held {
  readonly tickets: readonly HeldTicket[];
  readonly cards: readonly CredentialTable[];
  readonly events: readonly FieldEventTable[];
  /** To or in copy to an address of the person. */
  readonly mails: readonly TicketMailTable[];
  readonly series: readonly HeldSeries[];
}

const ticketsAtOnce = 500;
/** A name at a door belongs to a ticket of that name this far from its window, as entries are judged. */
const nearMs = 36 * 3_600_000;

/** A list of JSON cannot be searched the same way on both databases: every ticket is looked at, page by page. */
export async function heldOf(db: Executor, subject: Subject): Promise<Held> {
  const tickets = await ticketsOf(db, subject);
  const cards = await cardsOf(db, tickets);
  return {
    tickets,
    cards,
    events: await eventsOf(db, { subject, tickets, cards }),
    mails: await mailsOf(db, tickets),
    series: await seriesOf(db, subject),
  };
}

async function ticketsOf(db: Executor, subject: Subject): Promise<HeldTicket[]> {
  const found: HeldTicket[] = [];
  for (let after = ''; ;) {
    const page = await db
      .selectFrom('ticket')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(ticketsAtOnce)
      .execute();
    for (const ticket of page) {
      const people = peopleOf(ticket);
      const place = placeOf(subject, people);
      if (place !== undefined) found.push({ ticket, people, place });
    }
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
}

async function cardsOf(db: Executor, tickets: readonly HeldTicket[]): Promise<CredentialTable[]> {
  const keys = new Set(
    tickets.flatMap(({ ticket, place }) => credentialKeysOf(place).map((key) => `${ticket.id}#${key}`)),
  );
  const found: CredentialTable[] = [];
  await inChunks(tickets, async (chunk) => {
    const rows = await db
      .selectFrom('credential')
      .selectAll()
      .where('ticket', 'in', chunk.map(({ ticket }) => ticket.id))
      .orderBy('id')
      .execute(); // prettier-ignore
    found.push(...rows.filter(({ ticket, person }) => keys.has(`${ticket}#${person}`)));
  });
  return found;
}

async function eventsOf(
  db: Executor,
  {
    subject,
    tickets,
    cards,
  }: {
    readonly subject: Subject;
    readonly tickets: readonly HeldTicket[];
    readonly cards: readonly CredentialTable[];
  },
): Promise<FieldEventTable[]> {
  const found = new Map<string, FieldEventTable>();
  const keep = (rows: readonly FieldEventTable[]): void => {
    for (const row of rows) found.set(row.id, row);
  };
  for (const { card, given_at: from, returned_at: to } of cards) {
    let query = db
      .selectFrom('field_event')
      .selectAll()
      .where('at', '>=', from)
      .where('card', 'is not', null);
    if (to !== null) query = query.where('at', '<=', to);
    keep(await query.where(sql<boolean>`upper(trim(card)) = ${sameCard(card)}`).execute());
  }
  for (const { ticket, people, place } of tickets) {
    const names = new Set(namesOf(people, place).map(sameName));
    if (names.size === 0) continue;
    const rows = await db
      .selectFrom('field_event')
      .selectAll()
      .where('at', '>=', ticket.from_at - nearMs)
      .where('at', '<=', ticket.to_at + nearMs)
      .where('person', 'is not', null)
      .execute();
    keep(rows.filter(({ person }) => names.has(sameName(person ?? ''))));
  }
  // Terminals may know people by the number itself.
  if (subject.identity !== undefined) {
    const spellings = [...new Set([subject.identity, sameIdentity(subject.identity)])];
    keep(
      await db
        .selectFrom('field_event')
        .selectAll()
        .where((eb) => eb.or([eb('person', 'in', spellings), eb('card', 'in', spellings)]))
        .execute(),
    );
  }
  return [...found.values()].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** Addresses of the person on the tickets. */
export function addressesOf(tickets: readonly HeldTicket[]): Set<string> {
  return new Set(
    tickets.flatMap(({ people, place }) => [
      ...(place.isPic && people.picEmail !== null ? [people.picEmail] : []),
      ...(place.isSuperior ? [people.superiorEmail] : []),
    ]),
  );
}

async function mailsOf(db: Executor, tickets: readonly HeldTicket[]): Promise<TicketMailTable[]> {
  const addresses = addressesOf(tickets);
  if (addresses.size === 0) return [];
  const found: TicketMailTable[] = [];
  await inChunks(tickets, async (chunk) => {
    const rows = await db
      .selectFrom('ticket_mail')
      .selectAll()
      .where('ticket', 'in', chunk.map(({ ticket }) => ticket.id))
      .orderBy('id')
      .execute(); // prettier-ignore
    found.push(
      ...rows.filter((mail) => [mail.recipient, ...copiesOf(mail)].some((address) => addresses.has(address))),
    );
  });
  return found;
}

const templateSchema = z.looseObject({
  pic: z.string(),
  picEmail: z.string().nullish(),
  superiorEmail: z.string(),
  persons: z.array(
    z.object({ name: z.string(), identity: z.string(), party: z.enum(['employee', 'third-party']) }),
  ),
});
export type SeriesTemplate = z.infer<typeof templateSchema>;

export function templateOf({ template }: Pick<TicketSeriesTable, 'template'>): SeriesTemplate {
  return templateSchema.parse(JSON.parse(template));
}

async function seriesOf(db: Executor, subject: Subject): Promise<HeldSeries[]> {
  const rows = await db.selectFrom('ticket_series').selectAll().orderBy('id').execute();
  return rows.flatMap((series) => {
    const template = templateOf(series);
    const place = placeOf(subject, peopleInSeries(template));
    return place === undefined ? [] : [{ series, template, place }];
  });
}

export function peopleInSeries(template: SeriesTemplate): PeopleOf {
  return { ...template, picEmail: template.picEmail ?? null };
}
