import { addTicketEvent, logErasure } from '../../audit/entries.ts';
import { personalAttributes } from '../../audit/sources.ts';
import { inChunks } from '../../db/rows.ts';
import type { Executor } from '../../db/schema.ts';
import type { FieldEventTable } from '../../db/schema/access.ts';
import type { PersonalErasureTable } from '../../db/schema/log.ts';
import type { TicketTable } from '../../db/schema/tickets.ts';
import { copiesOf } from '../mails.ts';
import { addressesOf, type Held, type HeldTicket } from './held.ts';
import { erasedText, withoutSubject } from './subject.ts';

/** A value of the log: number of the entry, name of the field. */
type LoggedField = readonly [sequence: number, field: string];

export const erasedAddress = 'dihapus@pantau.invalid';
const prefix = 'attributes.';

/** Ticket columns by the names that the log commits to. */
const loggedColumns = ['pic', 'pic_email', 'persons', 'superior_email', 'fields'] as const;

export interface Erasing {
  readonly held: Held;
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
  readonly newId: (at: number) => string;
}

export interface Erased {
  readonly record: PersonalErasureTable;
  readonly tickets: readonly TicketTable[];
  readonly values: number;
}

/**
 * Deletes what is personal in every row of `held`, with the salts of the log's commitments to it; leaves and proofs stay.
 * In one transaction, with the record that tells `verify-log` an erasure from an edit.
 */
export async function erase(trx: Executor, erasing: Erasing): Promise<Erased> {
  const { held, at, actor, reason, newId } = erasing;
  const id = newId(at);
  const fields: LoggedField[] = [];
  const tickets: TicketTable[] = [];
  for (const event of held.events) fields.push(...(await eraseEvent(trx, event)));
  for (const each of held.tickets) {
    const { logged, ticket } = await eraseTicket(trx, each, { at, actor, id: newId(at) });
    fields.push(...logged);
    tickets.push(ticket);
  }
  await eraseUnlogged(trx, held);
  const record = { id, at, actor, reason, fields: JSON.stringify(fields) };
  await trx.insertInto('personal_erasure').values(record).execute();
  await logErasure(trx, record);
  return { record, tickets, values: fields.length };
}

/** Only what the log has a commitment to can go: anything else would change the leaf. */
async function eraseEvent(trx: Executor, event: FieldEventTable): Promise<LoggedField[]> {
  const committed = await liveFields(trx, { kind: 'access-event', ref: event.id });
  const names = personalAttributes.filter((name) => committed.some(([, field]) => field === prefix + name));
  if (names.length === 0) return [];
  const attributes = Object.entries(attributesOf(event)).filter(
    ([name]) => !names.some((personal) => personal === name),
  );
  const gone = Object.fromEntries(names.map((name) => [name, null]));
  await trx
    .updateTable('field_event')
    .set({ ...gone, attributes: JSON.stringify(Object.fromEntries(attributes)) })
    .where('id', '=', event.id)
    .execute();
  const logged = committed.filter(([, field]) => names.some((name) => field === prefix + name));
  await dropSalts(trx, logged);
  return logged;
}

function attributesOf({ attributes }: FieldEventTable): Record<string, unknown> {
  const parsed: unknown = JSON.parse(attributes);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

/** The ticket goes on without the subject; a new step proves what it holds of the others, and supersedes the earlier ones. */
async function eraseTicket(
  trx: Executor,
  { ticket, place }: HeldTicket,
  step: { readonly id: string; readonly at: number; readonly actor: string },
): Promise<{ logged: LoggedField[]; ticket: TicketTable }> {
  const change = withoutSubject(ticket, place);
  const steps = await trx.selectFrom('ticket_event').select('id').where('ticket', '=', ticket.id).execute();
  const changed = new Set(loggedColumns.filter((column) => change[column] !== undefined).map((column) => `ticket.${column}`)); // prettier-ignore
  const logged: LoggedField[] = [];
  for (const { id: ref } of steps)
    logged.push(...(await liveFields(trx, { kind: 'ticket-event', ref })).filter(([, field]) => changed.has(field))); // prettier-ignore
  const next = await trx
    .updateTable('ticket')
    .set(change)
    .where('id', '=', ticket.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await addTicketEvent(trx, { ...step, ticket: ticket.id, action: 'erase', note: null }, next);
  return { logged, ticket: next };
}

/** What the log does not cover. A returned card stays a card of the house; that this person carried it is gone. */
async function eraseUnlogged(trx: Executor, held: Held): Promise<void> {
  await inChunks(held.cards, (chunk) =>
    trx.updateTable('credential').set({ card: erasedText }).where('id', 'in', chunk.map(({ id }) => id)).execute(),
  ); // prettier-ignore
  const addresses = addressesOf(held.tickets);
  const masked = (address: string): string => (addresses.has(address) ? erasedText : address);
  for (const mail of held.mails) {
    const copies = copiesOf(mail).map(masked);
    await trx
      .updateTable('ticket_mail')
      .set({
        recipient: masked(mail.recipient),
        cc: mail.cc === null ? null : JSON.stringify(copies),
        // What a mail server answers often repeats the address.
        answer: mail.answer === null ? null : erasedText,
      })
      .where('id', '=', mail.id)
      .execute();
  }
  for (const { series, template, place } of held.series) {
    const { picEmail, ...rest } = template;
    const next = {
      ...rest,
      ...(place.isPic || picEmail === undefined ? {} : { picEmail }),
      ...(place.isPic ? { pic: erasedText } : {}),
      ...(place.isSuperior ? { superiorEmail: erasedAddress } : {}),
      persons: template.persons.map((person, index) =>
        place.persons.includes(index) ? { ...person, name: erasedText, identity: erasedText } : person,
      ),
    };
    await trx
      .updateTable('ticket_series')
      .set({ template: JSON.stringify(next) })
      .where('id', '=', series.id)
      .execute();
  }
}

/** Commitments of a row that can still be opened. */
async function liveFields(
  trx: Executor,
  { kind, ref }: { readonly kind: string; readonly ref: string },
): Promise<LoggedField[]> {
  const rows = await trx
    .selectFrom('log_entry')
    .innerJoin('log_personal', 'log_personal.sequence', 'log_entry.sequence')
    .select(['log_personal.sequence', 'log_personal.field'])
    .where('log_entry.ref', '=', ref)
    .where('log_entry.kind', '=', kind)
    .where('log_personal.salt', 'is not', null)
    .orderBy('log_personal.sequence')
    .orderBy('log_personal.field')
    .execute();
  return rows.map(({ sequence, field }) => [sequence, field]);
}

async function dropSalts(trx: Executor, fields: readonly LoggedField[]): Promise<void> {
  for (const [sequence, field] of fields)
    await trx
      .updateTable('log_personal')
      .set({ salt: null })
      .where('sequence', '=', sequence)
      .where('field', '=', field)
      .execute();
}
