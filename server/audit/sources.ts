import { sql } from 'kysely';
import { attributeText } from '../../core/access-event.ts';
import type { FieldEvent } from '../../core/field-event.ts';
import type { Executor } from '../db/schema.ts';
import type { AuditEntryTable, PersonalErasureTable } from '../db/schema/log.ts';
import type { FieldEventTable } from '../db/schema/access.ts';
import type { HandoverTable } from '../db/schema/people.ts';
import type { IdentityLookupTable, TicketEventTable } from '../db/schema/tickets.ts';
import type { LoadTestSignatureTable } from '../db/schema/load-tests.ts';
import { logKinds, type Columns, type LogKind, type Provable } from './record.ts';

/** Attributes of field events that identify a person. */
export const personalAttributes = ['card', 'person'] as const;
/** Columns of a ticket that do; `persons` holds names and identity numbers. */
const personalTicketColumns = ['pic', 'pic_email', 'persons', 'superior_email', 'fields'] as const;

const attributePrefix = 'attributes.';

export function provableFieldEvent(row: FieldEventTable): Provable {
  const attributes = attributesOf(row.attributes);
  const personal: Record<string, string> = {};
  for (const name of personalAttributes) {
    const value = attributes?.[name];
    if (value !== undefined && value !== null) personal[attributePrefix + name] = JSON.stringify(value);
  }
  return {
    ref: row.id,
    personal,
    columnsWithout(fields) {
      if (fields.length === 0 || attributes === undefined) return { ...row };
      const { card, person, ...columns } = row;
      const rest = Object.entries(attributes).filter(([name]) => !fields.includes(attributePrefix + name));
      // The columns that are searched repeat the attribute; what does not is left, and no leaf fits it.
      const isLeft = (name: (typeof personalAttributes)[number]): boolean =>
        !fields.includes(attributePrefix + name) || row[name] !== (attributeText(attributes[name]) ?? null);
      return {
        ...columns,
        attributes: JSON.stringify(Object.fromEntries(rest)),
        ...(isLeft('card') ? { card } : {}),
        ...(isLeft('person') ? { person } : {}),
      };
    },
  };
}

/** Undefined: not as this program writes it, so somebody else did. It is then taken as it is, and no leaf fits it. */
function attributesOf(text: string): FieldEvent['attributes'] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFlat(parsed) && JSON.stringify(parsed) === text ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Written out: a schema takes several times as long, and a million are looked at. */
function isFlat(value: unknown): value is FieldEvent['attributes'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => each === null || typeof each !== 'object');
}

type PersonalTicketColumns = Readonly<Record<(typeof personalTicketColumns)[number], string | null>>;

/** An event also commits to what is personal of its ticket, as long as it is the latest: `ticket` is undefined of earlier ones. */
export function provableTicketEvent(
  row: TicketEventTable,
  ticket: PersonalTicketColumns | undefined,
): Provable {
  const personal: Record<string, string> = {};
  for (const column of personalTicketColumns) {
    const value = row.particulars === null ? undefined : ticket?.[column];
    if (value !== undefined && value !== null && value !== '') personal[`ticket.${column}`] = value;
  }
  return { ref: row.id, personal, isSuperseded: ticket === undefined, columnsWithout: () => ({ ...row }) };
}

/** Rows that hold nothing personal but the names of those who act, which accountability asks for. */
const plain = (ref: string, columns: Columns): Provable => ({
  ref,
  personal: {},
  columnsWithout: () => columns,
});

export const provableAudit = (row: AuditEntryTable): Provable => plain(row.id, { ...row });
export const provableLookup = (row: IdentityLookupTable): Provable => plain(row.id, { ...row });
export const provableErasure = (row: PersonalErasureTable): Provable => plain(row.id, { ...row });
export const provableSignature = (row: Readonly<LoadTestSignatureTable>): Provable =>
  plain(row.id, { ...row });
export const provableKey = (publicKey: string): Provable => plain(publicKey, { publicKey });
/** What the outgoing shift signed. */
export const provableHandoverOut = ({
  in_person: _person,
  in_user: _user,
  in_at: _at,
  in_remark: _remark,
  ...signed
}: Readonly<HandoverTable>): Provable => plain(signed.id, signed);
export const provableHandoverIn = ({
  id,
  in_person,
  in_user,
  in_at,
  in_remark,
}: Readonly<HandoverTable>): Provable => plain(id, { id, in_person, in_user, in_at, in_remark });

/** Where the rows of a kind are. */
interface Source {
  readonly table: string;
  /** By `ref`; those that are gone are missing. */
  load(db: Executor, refs: readonly string[]): Promise<Provable[]>;
  /** Up to so many rows that should be in the log and are not, by id. */
  unlogged(db: Executor, limit: number): Promise<string[]>;
}

export const sources: Readonly<Record<LogKind, Source>> = {
  key: {
    table: 'log_entry',
    load: (_db, refs) => Promise.resolve(refs.map(provableKey)),
    unlogged: () => Promise.resolve([]),
  },
  'access-event': {
    table: 'field_event',
    load: async (db, refs) =>
      (await db.selectFrom('field_event').selectAll().where('id', 'in', refs).execute()).map(
        provableFieldEvent,
      ),
    unlogged: (db, limit) => unlogged(db, { kind: 'access-event', table: 'field_event', limit }),
  },
  audit: {
    table: 'audit_entry',
    load: async (db, refs) =>
      (await db.selectFrom('audit_entry').selectAll().where('id', 'in', refs).execute()).map(provableAudit),
    unlogged: (db, limit) => unlogged(db, { kind: 'audit', table: 'audit_entry', limit }),
  },
  'ticket-event': {
    table: 'ticket_event',
    async load(db, refs) {
      const events = await db.selectFrom('ticket_event').selectAll().where('id', 'in', refs).execute();
      const tickets = [...new Set(events.map(({ ticket }) => ticket))];
      if (tickets.length === 0) return [];
      const rows = await db
        .selectFrom('ticket')
        .select(['id', ...personalTicketColumns])
        .where('id', 'in', tickets)
        .execute();
      const byId = new Map(rows.map((ticket) => [ticket.id, ticket]));
      const logged = await db
        .selectFrom('ticket_event')
        .innerJoin('log_entry', (join) =>
          join.onRef('log_entry.ref', '=', 'ticket_event.id').on('log_entry.kind', '=', 'ticket-event'),
        )
        .select(['ticket_event.ticket', 'ticket_event.id'])
        .where('ticket_event.ticket', 'in', tickets)
        .orderBy('log_entry.sequence')
        .execute();
      const latest = new Map(logged.map(({ ticket, id }) => [ticket, id]));
      return events.map((event) =>
        provableTicketEvent(
          event,
          latest.get(event.ticket) === event.id ? byId.get(event.ticket) : undefined,
        ),
      );
    },
    unlogged: (db, limit) => unlogged(db, { kind: 'ticket-event', table: 'ticket_event', limit }),
  },
  'handover-out': {
    table: 'handover',
    load: async (db, refs) =>
      (await db.selectFrom('handover').selectAll().where('id', 'in', refs).execute()).map(
        provableHandoverOut,
      ),
    unlogged: (db, limit) =>
      unlogged(db, { kind: 'handover-out', table: 'handover', limit, when: sql`and out_at is not null` }),
  },
  'handover-in': {
    table: 'handover',
    load: async (db, refs) =>
      (await db.selectFrom('handover').selectAll().where('id', 'in', refs).execute()).map(provableHandoverIn),
    unlogged: (db, limit) =>
      unlogged(db, { kind: 'handover-in', table: 'handover', limit, when: sql`and in_at is not null` }),
  },
  'identity-lookup': {
    table: 'identity_lookup',
    load: async (db, refs) =>
      (await db.selectFrom('identity_lookup').selectAll().where('id', 'in', refs).execute()).map(
        provableLookup,
      ),
    unlogged: (db, limit) => unlogged(db, { kind: 'identity-lookup', table: 'identity_lookup', limit }),
  },
  erasure: {
    table: 'personal_erasure',
    load: async (db, refs) =>
      (await db.selectFrom('personal_erasure').selectAll().where('id', 'in', refs).execute()).map(
        provableErasure,
      ),
    unlogged: (db, limit) => unlogged(db, { kind: 'erasure', table: 'personal_erasure', limit }),
  },
  'load-test-signature': {
    table: 'load_test_signature',
    load: async (db, refs) =>
      (await db.selectFrom('load_test_signature').selectAll().where('id', 'in', refs).execute()).map(
        provableSignature,
      ),
    unlogged: (db, limit) =>
      unlogged(db, { kind: 'load-test-signature', table: 'load_test_signature', limit }),
  },
};

export function isLogKind(kind: string): kind is LogKind {
  return logKinds.some((known) => known === kind);
}

async function unlogged(
  db: Executor,
  {
    kind,
    table,
    limit,
    when = sql``,
  }: { kind: LogKind; table: string; limit: number; when?: ReturnType<typeof sql> },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(table)} where not exists
      (select 1 from log_entry where log_entry.kind = ${kind} and log_entry.ref = ${sql.table(table)}.id) ${when}
    order by id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
