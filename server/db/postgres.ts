import {
  CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler,
  type DatabaseConnection, type Dialect, type Driver, type Kysely, type QueryResult,
} from 'kysely'; // prettier-ignore
import { Pool, types as parsers, type CustomTypesConfig, type PoolClient } from 'pg';
import { ConstraintViolation, DatabaseBusy, DatabaseUnavailable, DatabaseUnusable } from './errors.ts';

export interface PostgresTimeouts {
  /** How long a statement waits for a row that another transaction holds. */
  readonly busyMs: number;
  /** How long a statement may take before its caller is let go, and how long a connection may take to open. */
  readonly deadlineMs: number;
}
const defaults: PostgresTimeouts = { busyMs: 5_000, deadlineMs: 10_000 };
const connections = 10;
/** PostgreSQL's number for the type bigint. */
const int8 = 20;

export function isPostgresUrl(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}

/** Host, port and database; never the password, nor the user beside it. */
export function describePostgres(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `PostgreSQL ${hostname}:${port === '' ? '5432' : port}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}

/** kysely on PostgreSQL through a pool that opens a new connection when one was lost, with errors typed as on SQLite. */
export function postgresDialect(url: string, timeouts: Partial<PostgresTimeouts> = {}): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PooledPostgresDriver(url, { ...defaults, ...timeouts }),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/**
 * Times and counts are bigint there, which pg reads as text: 2^53 ms is far enough away. Set on the pool, not on the module, which others
 * may use too.
 */
const types: CustomTypesConfig = {
  getTypeParser(type: number, format?: 'text' | 'binary') {
    if (type === int8) return Number;
    return format === 'binary' ? parsers.getTypeParser(type, 'binary') : parsers.getTypeParser(type, 'text');
  },
};

class PooledPostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #where: string;
  constructor(url: string, { busyMs, deadlineMs }: PostgresTimeouts) {
    this.#where = describePostgres(url);
    this.#pool = new Pool({
      connectionString: url,
      application_name: 'pantau',
      max: connections,
      types,
      connectionTimeoutMillis: deadlineMs,
      // The server gives up first; the client's own timeout is for a server that hangs.
      statement_timeout: deadlineMs,
      query_timeout: deadlineMs + 1_000,
      lock_timeout: busyMs,
      idle_in_transaction_session_timeout: 6 * deadlineMs,
      keepAlive: true,
      allowExitOnIdle: true,
    });
    // An idle connection was lost; the next question opens another. Without a listener the process would end.
    this.#pool.on('error', () => undefined);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }
  async acquireConnection(): Promise<PostgresConnection> {
    try {
      return new PostgresConnection(await this.#pool.connect(), this.#where);
    } catch (error) {
      const known = typed(error, this.#where);
      // Refused by name, password or database: not until somebody acts.
      if (known === error && error instanceof Error)
        throw new DatabaseUnusable(`${this.#where}: ${error.message}; check PANTAU_DATABASE_URL`, {
          cause: error,
        });
      throw known;
    }
  }
  async beginTransaction(connection: PostgresConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'));
  }
  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    // A lost connection has taken its transaction with it.
    if (!connection.isLost())
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
  }
  releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
    return Promise.resolve();
  }
  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient;
  readonly #where: string;
  #lost = false;
  readonly #onError = (): void => {
    this.#lost = true;
  };
  constructor(client: PoolClient, where: string) {
    this.#client = client;
    this.#where = where;
    // Lost between two statements of a transaction: the next one reports it.
    client.on('error', this.#onError);
  }

  isLost(): boolean {
    return this.#lost;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const { command, rowCount, rows } = await this.#client.query(query.sql, [...query.parameters]);
      const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE';
      return { rows, ...(counts ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
    } catch (error) {
      const known = typed(error, this.#where);
      // Results that still arrive on this connection are discarded.
      if (known instanceof DatabaseUnavailable) this.#lost = true;
      throw known;
    }
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('operations queries are not streamed: page them');
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#lost);
  }
}

/** By SQLSTATE; an error without one comes from the socket. */
function typed(error: unknown, where: string): unknown {
  if (!(error instanceof Error)) return error;
  const state = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const options = { cause: error };
  // lock_not_available, serialization_failure, deadlock_detected
  if (['55P03', '40001', '40P01'].includes(state))
    return new DatabaseBusy(`${where}: another transaction holds the rows (${error.message})`, options);
  if (state.startsWith('23')) return new ConstraintViolation(error.message, options);
  // query_canceled by the statement's time limit: the connection is good.
  if (state === '57014') return new DatabaseBusy(`${where}: ${error.message}`, options);
  // Of connections, resources, the operator, the system; 25P03 ended an idle transaction.
  const isServerTrouble = /^(08|53|57|58|XX)/.test(state) || state === '25P03';
  const isServerWord = /^[0-9A-Z]{5}$/.test(state);
  if (isServerTrouble || !isServerWord)
    return new DatabaseUnavailable(`${where}: ${error.message}`, { ...options, outcomeUnknown: true });
  return error;
}
