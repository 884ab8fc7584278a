import type { Executor } from '../db/schema.ts';
import type { AuditEntryTable, PersonalErasureTable } from '../db/schema/log.ts';
import type { FieldEventTable } from '../db/schema/access.ts';
import type { HandoverTable } from '../db/schema/people.ts';
import type { IdentityLookupTable, TicketEventTable, TicketTable } from '../db/schema/tickets.ts';
import type { LoadTestSignatureTable } from '../db/schema/load-tests.ts';
import { appendToLog } from './log.ts';
import { particularsOf } from './particulars.ts';
import {
  provableAudit,
  provableErasure,
  provableFieldEvent,
  provableHandoverIn,
  provableHandoverOut,
  provableLookup,
  provableSignature,
  provableTicketEvent,
} from './sources.ts';

/** One call for each kind of row that the log proves; in the transaction that writes the row, as its last step. */

export function logFieldEvents(trx: Executor, rows: readonly FieldEventTable[]): Promise<void> {
  return appendToLog(
    trx,
    rows.map((row) => ({ kind: 'access-event', row: provableFieldEvent(row) })),
  );
}

export function logAudit(trx: Executor, rows: readonly AuditEntryTable[]): Promise<void> {
  return appendToLog(
    trx,
    rows.map((row) => ({ kind: 'audit', row: provableAudit(row) })),
  );
}

export function logLookup(trx: Executor, row: IdentityLookupTable): Promise<void> {
  return appendToLog(trx, [{ kind: 'identity-lookup', row: provableLookup(row) }]);
}

/** Writes the event and logs it, with the ticket as it is now. */
export async function addTicketEvent(
  trx: Executor,
  event: Omit<TicketEventTable, 'particulars'>,
  ticket: TicketTable,
): Promise<void> {
  const rooms = await trx
    .selectFrom('ticket_room')
    .select('room')
    .where('ticket', '=', event.ticket)
    .orderBy('room')
    .execute();
  const particulars = particularsOf(
    ticket,
    rooms.map(({ room }) => room),
  );
  const row: TicketEventTable = { ...event, particulars };
  await trx.insertInto('ticket_event').values(row).execute();
  // What is personal of the ticket is proven by its latest event; that it was once another is nobody's business any more.
  await trx
    .updateTable('log_personal')
    .set({ salt: null })
    .where('sequence', 'in', (query) =>
      query
        .selectFrom('log_entry')
        .innerJoin('ticket_event', 'ticket_event.id', 'log_entry.ref')
        .select('log_entry.sequence')
        .where('log_entry.kind', '=', 'ticket-event')
        .where('ticket_event.ticket', '=', event.ticket),
    )
    .execute();
  await appendToLog(trx, [{ kind: 'ticket-event', row: provableTicketEvent(row, ticket) }]);
}

/** What was signed, by whom and in which form; the document itself is proven by its hash in the row. */
export function logLoadTestSignature(trx: Executor, row: Readonly<LoadTestSignatureTable>): Promise<void> {
  return appendToLog(trx, [{ kind: 'load-test-signature', row: provableSignature(row) }]);
}

export function logErasure(trx: Executor, row: PersonalErasureTable): Promise<void> {
  return appendToLog(trx, [{ kind: 'erasure', row: provableErasure(row) }]);
}

export function logHandover(
  trx: Executor,
  signed: 'handover-out' | 'handover-in',
  row: Readonly<HandoverTable>,
): Promise<void> {
  const provable = signed === 'handover-out' ? provableHandoverOut(row) : provableHandoverIn(row);
  return appendToLog(trx, [{ kind: signed, row: provable }]);
}
