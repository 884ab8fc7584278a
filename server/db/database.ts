import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import { DatabaseUnusable, isRetryable } from './errors.ts';
import { migrations } from './migrations/index.ts';
import { describePostgres, isPostgresUrl, postgresDialect } from './postgres.ts';
import type { Database, Schema } from './schema.ts';
import { sqliteDialect, type SqliteOptions } from './sqlite/dialect.ts';

interface OpenOptions extends SqliteOptions {
  /** Called before an existing schema is changed, with what will be run. */
  readonly beforeMigrations?: (pending: readonly string[]) => Promise<void>;
}

/**
 * Opens the operations database and brings it to the newest schema. `where`: a file (its folder is made), `:memory:` or
 * `postgres://user:password@host/database`. Rejects with DatabaseUnusable when a newer version made it. Close with `destroy()`.
 */
export async function openDatabase(where: string, options: OpenOptions = {}): Promise<Database> {
  const onPostgres = isPostgresUrl(where);
  if (where !== ':memory:' && !onPostgres) mkdirSync(dirname(where), { recursive: true });
  const dialect = onPostgres ? postgresDialect(where, options.timeouts) : sqliteDialect(where, options);
  const db = new Kysely<Schema>({ dialect });
  try {
    await migrate(db, onPostgres ? describePostgres(where) : where, options.beforeMigrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

async function migrate(
  db: Database,
  where: string,
  beforeMigrations: OpenOptions['beforeMigrations'],
): Promise<void> {
  const applied = await appliedMigrations(db);
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0)
    throw new DatabaseUnusable(
      `${where} was made by a newer version of Pantau (${unknown.join(', ')}): run that version, or go back to a copy from before`,
    );
  const pending = Object.keys(migrations).filter((name) => !applied.includes(name));
  if (applied.length > 0 && pending.length > 0) await beforeMigrations?.(pending);

  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (isRetryable(error)) throw error;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the schema';
  throw new Error(`the operations database cannot be brought up to date (${failed})`, { cause: error });
}

async function appliedMigrations(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
