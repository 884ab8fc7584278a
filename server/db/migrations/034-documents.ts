import type { Migration } from 'kysely';

/** Documents that prove what no sensor measures; their bytes are in the data folder. */
export const documents: Migration = {
  async up(db) {
    await db.schema
      .createTable('compliance_document')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('note', 'text')
      .addColumn('valid_from', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('added_by', 'text', (column) => column.notNull())
      .addColumn('withdrawn_at', 'bigint')
      .addColumn('withdrawn_by', 'text')
      .addColumn('withdrawn_why', 'text')
      .execute();
    await db.schema
      .createIndex('compliance_document_kind')
      .on('compliance_document')
      .columns(['site', 'kind'])
      .execute();
  },
};
