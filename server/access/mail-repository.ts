import type { Database } from '../db/schema.ts';
import type { TicketEventTable, TicketMailTable } from '../db/schema/tickets.ts';
import { ticketRepository, type TicketRecord } from './repository.ts';

/** The only place that knows how mails about tickets are stored; a new one is written with its step (`repository.ts`). */
export interface MailRepository {
  /** What became of them; an older version changes nothing. */
  save(mails: readonly TicketMailTable[]): Promise<void>;
  /** Oldest first. */
  of(ticket: string): Promise<TicketMailTable[]>;
  /** What is still to be sent, in the order in which it was decided, with the ticket as it is now. */
  waiting(): Promise<{ mail: TicketMailTable; ticket: TicketRecord; event: TicketEventTable }[]>;
}

export function mailRepository(db: Database): MailRepository {
  const tickets = ticketRepository(db);
  return {
    async save(mails) {
      await db.transaction().execute(async (trx) => {
        for (const { id, version, state, attempts, next_at, sent_at, answer, message, thread } of mails)
          await trx
            .updateTable('ticket_mail')
            .set({ version, state, attempts, next_at, sent_at, answer, message, thread })
            .where('id', '=', id)
            .where('version', '<', version)
            .execute();
      });
    },
    of: (ticket) =>
      db.selectFrom('ticket_mail').selectAll().where('ticket', '=', ticket).orderBy('id').execute(),
    async waiting() {
      const mails = await db
        .selectFrom('ticket_mail')
        .selectAll()
        .where('state', '=', 'waiting')
        .orderBy('id')
        .execute();
      const found = [];
      for (const mail of mails) {
        const ticket = await tickets.find(mail.ticket);
        const event = await db
          .selectFrom('ticket_event')
          .selectAll()
          .where('id', '=', mail.event)
          .executeTakeFirst();
        if (ticket !== undefined && event !== undefined) found.push({ mail, ticket, event });
      }
      return found;
    },
  };
}
