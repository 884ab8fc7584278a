import type { Migration } from 'kysely';

/** Mails about the steps of a ticket wait here until the mail server has them. */
export const ticketMails: Migration = {
  async up(db) {
    await db.schema
      .createTable('ticket_mail')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ticket', 'text', (column) => column.notNull().references('ticket.id').onDelete('cascade'))
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('cc', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('answer', 'text')
      .addColumn('message', 'text')
      .addColumn('thread', 'text')
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('ticket_mail_ticket').on('ticket_mail').columns(['ticket', 'id']).execute();
    await db.schema.createIndex('ticket_mail_state').on('ticket_mail').columns(['state', 'id']).execute();
  },
};
