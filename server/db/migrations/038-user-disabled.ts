import type { Migration } from 'kysely';

/** An account can be closed without being removed: its name stays in what it did. */
export const userDisabled: Migration = {
  async up(db) {
    await db.schema.alterTable('user').addColumn('disabled_at', 'bigint').execute();
  },
};
