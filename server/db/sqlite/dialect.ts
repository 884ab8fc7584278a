import {
  SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler,
  type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type Kysely, type QueryResult,
} from 'kysely'; // prettier-ignore
import type { Rows, SqlValue } from './protocol.ts';
import { createSqliteThread, type Connection, type SqliteThread } from './thread.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

interface SqliteTimeouts {
  /** How long a write waits for another process, or for its turn in this one. */
  readonly busyMs: number;
  /** How long a statement may take before its caller is let go. */
  readonly deadlineMs: number;
}
export interface SqliteOptions {
  readonly timeouts?: Partial<SqliteTimeouts> | undefined;
  /** Called with SQLite's words when a page that is read turns out to be damaged. */
  readonly onDamage?: ((finding: string) => void) | undefined;
}
const defaults: SqliteTimeouts = { busyMs: 5_000, deadlineMs: 10_000 };

/**
 * kysely on a SQLite file, off the event loop: one thread writes, another reads, so a lock of another process or a slow disk
 * stops neither polling nor reading. Transactions and single writes take turns (SQLite has one writer); reads outside a
 * transaction see what is committed. `:memory:` has one connection for all.
 */
export function sqliteDialect(path: string, options: SqliteOptions = {}): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new SqliteThreadDriver(path, options),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** A migration that is killed half-way leaves nothing behind: SQLite's DDL is transactional, kysely does not use that by default. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

interface Access {
  readonly writer: SqliteThread;
  readonly reader: SqliteThread;
  readonly lock: WriteLock;
  readonly timeouts: SqliteTimeouts;
}

class SqliteThreadDriver implements Driver {
  readonly #access: Access;
  constructor(path: string, options: SqliteOptions) {
    const timeouts = { ...defaults, ...options.timeouts };
    const thread = (readOnly: boolean): SqliteThread =>
      createSqliteThread({ path, readOnly, busyTimeoutMs: timeouts.busyMs }, options.onDamage);
    const writer = thread(false);
    const reader = path === ':memory:' ? writer : thread(true);
    this.#access = { writer, reader, timeouts, lock: createWriteLock() };
  }

  async init(): Promise<void> {
    await this.#access.writer.connect();
  }
  acquireConnection(): Promise<SqliteConnection> {
    return Promise.resolve(new SqliteConnection(this.#access));
  }
  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin();
  }
  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.commit();
  }
  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.rollback();
  }
  async releaseConnection(): Promise<void> {
    // The threads stay; a connection is only the bookkeeping of one caller.
  }
  async destroy(): Promise<void> {
    const { reader, writer } = this.#access;
    await reader.close();
    await writer.close();
  }
}

interface Transaction {
  readonly connection: Connection;
  /** Passes the turn to write on. */
  readonly release: () => void;
}

class SqliteConnection implements DatabaseConnection {
  readonly #access: Access;
  #transaction: Transaction | undefined;
  constructor(access: Access) {
    this.#access = access;
  }

  /** A deferred transaction that reads and then writes fails when another process wrote between: take the write lock first. */
  async begin(): Promise<void> {
    const { lock, writer, timeouts } = this.#access;
    const release = await lock.acquire(timeouts.busyMs);
    try {
      const connection = await writer.connect();
      this.#transaction = { connection, release };
      await this.#inTransaction(this.#transaction, raw('begin immediate'));
    } catch (error) {
      if (this.#transaction === undefined) release();
      else await this.rollback();
      throw error;
    }
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    if (transaction === undefined) throw new Error('no transaction to commit');
    await this.#inTransaction(transaction, raw('commit'));
    this.#transaction = undefined;
    transaction.release();
  }

  /** Does not wait for a thread that hangs: its caller has an error to see to. The lock is free when the thread is done. */
  rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    if (transaction === undefined) return Promise.resolve();
    // A thread that died has taken its transaction with it.
    void transaction.connection
      .rollback()
      .catch(() => undefined)
      .finally(transaction.release);
    return Promise.resolve();
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return toResult(await this.#run(query));
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('operations queries are not streamed: an open iterator holds the WAL; page them');
  }

  async #run(query: CompiledQuery): Promise<Rows> {
    const statement = { sql: query.sql, parameters: query.parameters.map(toSql) };
    if (this.#transaction !== undefined) return this.#inTransaction(this.#transaction, statement);
    const { reader, writer, lock, timeouts } = this.#access;
    if (reader !== writer && isRead(query)) {
      const connection = await reader.connect();
      return connection.run({ ...statement, atomic: false }, timeouts.deadlineMs).result;
    }
    const release = await lock.acquire(timeouts.busyMs);
    let settled: Promise<void> = Promise.resolve();
    try {
      const connection = await writer.connect();
      const running = connection.run({ ...statement, atomic: isWrite(query) }, timeouts.deadlineMs);
      settled = running.settled;
      return await running.result;
    } finally {
      void settled.then(release);
    }
  }

  #inTransaction(
    transaction: Transaction,
    statement: { sql: string; parameters: readonly SqlValue[] },
  ): Promise<Rows> {
    const { deadlineMs } = this.#access.timeouts;
    return transaction.connection.run({ ...statement, atomic: false }, deadlineMs).result;
  }
}

const raw = (sql: string): { sql: string; parameters: readonly SqlValue[] } => ({ sql, parameters: [] });

function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

function isWrite({ query: { kind } }: CompiledQuery): boolean {
  return kind === 'InsertQueryNode' || kind === 'UpdateQueryNode' || kind === 'DeleteQueryNode';
}

function toResult<Row>({ rows, changes, insertId }: Rows): QueryResult<Row> {
  return {
    rows,
    ...(changes === undefined ? {} : { numAffectedRows: changes }),
    ...(insertId === undefined ? {} : { insertId }),
  };
}

function toSql(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(
    `cannot store a ${typeof value} in the database; schema.ts holds text, numbers and bytes only`,
  );
}
