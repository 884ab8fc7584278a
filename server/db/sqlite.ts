import { DatabaseSync } from '@photostructure/sqlite';
import {
  CompiledQuery, SqliteDialect, SqliteDriver,
  type DatabaseConnection, type Driver, type SqliteDatabase, type SqliteDialectConfig, type SqliteStatement,
} from 'kysely'; // prettier-ignore

/** Waits for the other writer (a command line beside the server), ms. */
const busyTimeoutMs = 5_000;

/**
 * kysely on a SQLite file. WAL lets readers go on while one writes; synchronous FULL because an acknowledged
 * incident or ticket must survive a power cut.
 */
export function sqliteDialect(path: string): SqliteDialect {
  const database = new DatabaseSync(path);
  database.exec(
    `pragma busy_timeout = ${busyTimeoutMs}; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;`,
  );
  return new ImmediateSqliteDialect({ database: adapt(database) });
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config);
  }
}

/** A deferred transaction that reads and then writes fails at once when another process wrote between: take the lock first. */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** The closure holds the database as long as a statement: a statement used after its database is collected crashes the process. */
function adapt(database: InstanceType<typeof DatabaseSync>): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql): SqliteStatement {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(toSql)),
        run: (parameters) => statement.run(...parameters.map(toSql)),
        *iterate(parameters) {
          yield* statement.iterate(...parameters.map(toSql));
        },
      };
    },
  };
}

function toSql(value: unknown): string | number | bigint | null | Uint8Array {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(
    `cannot store a ${typeof value} in the database; schema.ts holds text, numbers and bytes only`,
  );
}
