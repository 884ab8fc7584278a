import { sql, type Migration } from 'kysely';

/** Revisions of the reports of genset runs, what is signed of them, and what they found wanting. */
export const loadTestRevisions: Migration = {
  async up(db) {
    await db.schema
      .alterTable('load_test')
      .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
    await db.schema
      .createTable('load_test_revision')
      .addColumn('test', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('made_at', 'bigint', (column) => column.notNull())
      .addColumn('made_by', 'text')
      .addColumn('reason', 'text')
      .addColumn('content', 'text', (column) => column.notNull())
      .addColumn('sealed_at', 'bigint')
      .addColumn('sealed', 'text')
      .addColumn('sha256', 'text')
      .addPrimaryKeyConstraint('load_test_revision_key', ['test', 'revision'])
      .execute();
    await sql`insert into load_test_revision (test, revision, made_at, content)
      select id, 1, made_at, content from load_test`.execute(db);
    await db.schema
      .createTable('load_test_signature')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('test', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('form', 'text', (column) => column.notNull())
      .addColumn('signed_by', 'text', (column) => column.notNull())
      .addColumn('signed_at', 'bigint', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('evidence', 'text')
      .addColumn('file', 'text')
      .execute();
    await db.schema
      .createIndex('load_test_signature_of')
      .on('load_test_signature')
      .columns(['test', 'revision'])
      .execute();
    await db.schema
      .createTable('load_test_deficiency')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('test', 'text', (column) => column.notNull())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('added_by', 'text', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('closed_by', 'text')
      .addColumn('closed_at', 'bigint')
      .addColumn('closing', 'text')
      .execute();
    await db.schema
      .createIndex('load_test_deficiency_site')
      .on('load_test_deficiency')
      .columns(['site', 'closed_at'])
      .execute();
  },
};
