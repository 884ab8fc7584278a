import { grouped } from '../../../core/grouped.ts';
import { iso } from '../../../core/time.ts';
import type { BreachLookup, BreachSubject, BreachView } from '../../contracts/breach.ts';
import { ticketFields } from '../../contracts/tickets.ts';
import type { Database } from '../../db/schema.ts';
import type { AuditEntryTable } from '../../db/schema/log.ts';
import type { IdentityLookupTable, TicketTable } from '../../db/schema/tickets.ts';
import { inChunks } from '../../db/rows.ts';
import { maskIdentity } from '../identities.ts';
import { peopleOf, sameIdentity } from './subject.ts';

/** Epoch ms; `to` is exclusive. */
export interface BreachPeriod {
  readonly from: number;
  readonly to: number;
}

export interface BreachFacts {
  readonly lookups: readonly IdentityLookupTable[];
  readonly tickets: ReadonlyMap<string, TicketTable>;
  readonly commands: readonly Pick<
    AuditEntryTable,
    'at' | 'actor' | 'address' | 'method' | 'path' | 'status'
  >[];
  readonly signIns: BreachView['signIns'];
  readonly held: BreachView['held'];
  readonly isCut: boolean;
}

export type BreachBody = Pick<
  BreachView,
  'counts' | 'users' | 'subjects' | 'commands' | 'signIns' | 'held' | 'isCut'
>;

/** A notice with more is made in parts, by shorter periods. */
const mostListed = 5_000;
const firstRefusal = 400;

/** What is on record of a period: look-ups of identities, commands on personal data, and how much was held. */
export async function breachFacts(db: Database, { from, to }: BreachPeriod): Promise<BreachFacts> {
  const found = await db
    .selectFrom('identity_lookup')
    .selectAll()
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('id')
    .limit(mostListed + 1)
    .execute();
  const lookups = found.slice(0, mostListed);
  const tickets = new Map<string, TicketTable>();
  await inChunks([...new Set(lookups.map(({ ticket }) => ticket))], async (ids) => {
    for (const ticket of await db
      .selectFrom('ticket')
      .selectAll()
      .where('id', 'in', [...ids])
      .execute())
      tickets.set(ticket.id, ticket);
  });
  const commands = await db
    .selectFrom('audit_entry')
    .select(['at', 'actor', 'address', 'method', 'path', 'status'])
    .where('at', '>=', from)
    .where('at', '<', to)
    .where((eb) => eb.or([eb('path', 'like', '/persons/%'), eb('path', '=', '/tickets/export')]))
    .orderBy('id')
    .limit(mostListed)
    .execute();
  return {
    lookups,
    tickets,
    commands,
    signIns: await signInsOf(db, { from, to }),
    held: await heldIn(db, { from, to }),
    isCut: found.length > mostListed,
  };
}

async function signInsOf(db: Database, { from, to }: BreachPeriod): Promise<BreachView['signIns']> {
  const rows = await db
    .selectFrom('audit_entry')
    .select((eb) => ['status', eb.fn.countAll().as('count')])
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('path', '=', '/session')
    .where('method', '=', 'POST')
    .groupBy('status')
    .execute();
  const sum = (refused: boolean): number =>
    rows.reduce(
      (all, { status, count }) => all + (status >= firstRefusal === refused ? Number(count) : 0),
      0,
    );
  return { done: sum(false), refused: sum(true) };
}

async function heldIn(db: Database, { from, to }: BreachPeriod): Promise<BreachView['held']> {
  const tickets = await db
    .selectFrom('ticket')
    .select('persons')
    .where('from_at', '<', to)
    .where('to_at', '>=', from)
    .execute();
  const events = async (column: 'card' | 'person'): Promise<number> => {
    const row = await db
      .selectFrom('field_event')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('at', '>=', from)
      .where('at', '<', to)
      .where(column, 'is not', null)
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  };
  const listed = tickets.map(({ persons }): unknown => JSON.parse(persons));
  return {
    tickets: tickets.length,
    persons: listed.reduce<number>((sum, persons) => sum + (Array.isArray(persons) ? persons.length : 0), 0),
    cardEvents: await events('card'),
    namedEvents: await events('person'),
  };
}

/** What a look-up of a ticket shows beside what every viewer sees. */
function fieldsOf(ticket: TicketTable): string[] {
  return ['name', 'identity', ...Object.keys(ticketFields.parse(JSON.parse(ticket.fields)))];
}

/** The body of a package, from the facts: a row for each person, however many look-ups showed the same one. */
export function breachBody({ lookups, tickets, commands, signIns, held, isCut }: BreachFacts): BreachBody {
  const subjects = subjectsOf(lookups, tickets);
  const users = [...grouped(lookups, ({ user_name }) => user_name)].map(([user, own]) => ({
    user,
    lookups: own.length,
    tickets: new Set(own.map(({ ticket }) => ticket)).size,
    firstAt: iso(Math.min(...own.map(({ at }) => at))),
    lastAt: iso(Math.max(...own.map(({ at }) => at))),
  }));
  return {
    counts: {
      lookups: lookups.length,
      users: users.length,
      subjects: subjects.length,
      identities: subjects.filter(({ identity }) => identity !== null).length,
    },
    users: users.toSorted((one, other) => other.lookups - one.lookups),
    subjects,
    commands: commands.map(({ at, actor, address, method, path, status }) => ({
      at: iso(at), actor, address, what: `${method} ${path}`, status,
    })), // prettier-ignore
    signIns,
    held,
    isCut,
  };
}

function subjectsOf(lookups: BreachFacts['lookups'], tickets: BreachFacts['tickets']): BreachSubject[] {
  const found = new Map<string, BreachSubject>();
  for (const { at, ticket: id } of lookups) {
    const ticket = tickets.get(id);
    if (ticket === undefined) continue;
    for (const subject of peopleOn(ticket)) {
      const before = found.get(subject.key);
      found.set(subject.key, {
        ...subject.seen,
        tickets: [...new Set([...(before?.tickets ?? []), id])],
        fields: [...new Set([...(before?.fields ?? []), ...subject.seen.fields])],
        lookups: (before?.lookups ?? 0) + 1,
        lastAt: iso(at),
      });
    }
  }
  return [...found.values()];
}

type Seen = Omit<BreachSubject, 'tickets' | 'lookups' | 'lastAt'>;

function peopleOn(ticket: TicketTable): { readonly key: string; readonly seen: Seen }[] {
  const { pic, picEmail, superiorEmail, persons } = peopleOf(ticket);
  const { unit } = ticket;
  const own = fieldsOf(ticket);
  return [
    ...persons.map(({ name, identity, party }) => ({
      key: `identity ${sameIdentity(identity)}`,
      seen: { name, identity: maskIdentity(identity), role: party, unit, email: null, fields: own },
    })),
    {
      key: `pic ${pic} ${picEmail ?? ''}`,
      seen: { name: pic, identity: null, role: 'pic' as const, unit, email: picEmail, fields: picEmail === null ? ['name'] : ['name', 'email'] },
    },
    ...(superiorEmail === ''
      ? []
      : [
          {
            key: `superior ${superiorEmail}`,
            seen: { name: superiorEmail, identity: null, role: 'superior' as const, unit, email: superiorEmail, fields: ['email'] },
          },
        ]),
  ];
} // prettier-ignore

/** A row for each look-up, for a table; names are those of the ticket as it is now. */
export function breachLookups({ lookups, tickets }: BreachFacts): BreachLookup[] {
  return lookups.map(({ at, user_name: user, reason, ticket: id }) => {
    const ticket = tickets.get(id);
    const persons = ticket === undefined ? [] : peopleOf(ticket).persons;
    return {
      at: iso(at),
      user,
      reason,
      ticket: id,
      site: ticket?.site ?? '',
      persons: persons.map(({ name, identity }) => `${name} (${maskIdentity(identity)})`).join('; '),
      count: persons.length,
      fields: ticket === undefined ? '' : fieldsOf(ticket).join(', '),
    };
  });
}
