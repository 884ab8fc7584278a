import type { Migration } from 'kysely';

/** Cards given at check-in, cards revoked, and what is found wrong about who enters. */
export const accessJudgement: Migration = {
  async up(db) {
    const ticket = db.schema.alterTable('ticket');
    await ticket.addColumn('checked_in_at', 'bigint').execute();
    await ticket.addColumn('entered_at', 'bigint').execute();
    await ticket.addColumn('takes_out', 'text', (column) => column.notNull().defaultTo('[]')).execute();
    await ticket.addColumn('suppresses', 'text').execute();
    await db.schema.createIndex('ticket_window').on('ticket').columns(['to_at', 'from_at']).execute();
    await db.schema
      .createTable('credential')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('ticket', 'text', (column) => column.notNull().references('ticket.id').onDelete('cascade'))
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('given_at', 'bigint', (column) => column.notNull())
      .addColumn('given_by', 'text', (column) => column.notNull())
      .addColumn('returned_at', 'bigint')
      .addColumn('returned_by', 'text')
      .execute();
    await db.schema.createIndex('credential_card').on('credential').columns(['card', 'given_at']).execute();
    await db.schema.createIndex('credential_ticket').on('credential').columns(['ticket']).execute();
    await db.schema
      .createTable('revoked_card')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .execute();
    await db.schema
      .createTable('access_finding')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('clause', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('found_at', 'bigint', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('room', 'text')
      .addColumn('door', 'text')
      .addColumn('ticket', 'text')
      .addColumn('person', 'text')
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .execute();
    await db.schema.createIndex('access_finding_at').on('access_finding').columns(['at', 'id']).execute();
    await db.schema.createIndex('access_finding_ticket').on('access_finding').columns(['ticket']).execute();
  },
};
