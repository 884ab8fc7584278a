import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import { migrations } from './migrations/index.ts';
import type { Database, Schema } from './schema.ts';
import { sqliteDialect, type SqliteTimeouts } from './sqlite/dialect.ts';

/**
 * Opens the operations database and brings it to the newest schema. `path`: a file (its folder is made) or
 * `:memory:`. Rejects when a migration fails; earlier ones stay. Close with `destroy()`.
 */
export async function openDatabase(
  path: string,
  options: { readonly timeouts?: Partial<SqliteTimeouts> } = {},
): Promise<Database> {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const db = new Kysely<Schema>({ dialect: sqliteDialect(path, options.timeouts) });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the schema';
  throw new Error(`the operations database cannot be brought up to date (${failed})`, { cause: error });
}
