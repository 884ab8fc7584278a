import type { Migration } from 'kysely';

/**
 * What keeps a message from being told twice: the message that a notification was handed over in is written before it is handed over, and
 * the link in it is used up by its first use. Messages about one storm share a thread. Devices that receive web push.
 */
export const paging: Migration = {
  async up(db) {
    await db.schema.alterTable('notification').addColumn('message', 'text').execute();
    await db.schema.alterTable('notification').addColumn('thread', 'text').execute();
    await db.schema.alterTable('notification').addColumn('used_at', 'bigint').execute();
    await db.schema
      .createTable('push_subscription')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('endpoint', 'text', (column) => column.notNull().unique())
      .addColumn('p256dh', 'text', (column) => column.notNull())
      .addColumn('auth', 'text', (column) => column.notNull())
      .addColumn('device', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('renewed_at', 'bigint', (column) => column.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('failed_at', 'bigint')
      .addColumn('failure', 'text')
      .addColumn('ended_at', 'bigint')
      .execute();
    await db.schema
      .createIndex('push_subscription_person')
      .on('push_subscription')
      .columns(['person', 'id'])
      .execute();
  },
};
