import type { Migration } from 'kysely';

/** People: when they are off, the calendars they subscribe to, and the handover of each shift. */
export const people: Migration = {
  async up(db) {
    await db.schema
      .createTable('time_off')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('ended_by', 'text')
      .execute();
    await db.schema
      .createTable('calendar_feed')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('person', 'text')
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('created_by', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('handover')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('shift', 'text', (column) => column.notNull())
      .addColumn('name_id', 'text', (column) => column.notNull())
      .addColumn('name_en', 'text', (column) => column.notNull())
      .addColumn('team', 'text', (column) => column.notNull())
      .addColumn('members', 'text', (column) => column.notNull())
      .addColumn('from_at', 'bigint', (column) => column.notNull().unique())
      .addColumn('to_at', 'bigint', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('content', 'text')
      .addColumn('out_person', 'text')
      .addColumn('out_user', 'text')
      .addColumn('out_at', 'bigint')
      .addColumn('in_person', 'text')
      .addColumn('in_user', 'text')
      .addColumn('in_at', 'bigint')
      .addColumn('in_remark', 'text')
      .execute();
  },
};
