import { parentPort, workerData } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { inTransaction } from '../../../core/in-transaction.ts';
import { failureOf } from './failure.ts';
import {
  monotonicMs,
  type Reply,
  type Request,
  type SqlValue,
  type Statement,
  type ThreadData,
} from './protocol.ts';

/**
 * A thread that owns one connection, because a write waits for the disk and a lock for another process, and neither may stop
 * polling. It ends when asked to close; an error in a statement is its reply.
 */
type Connection = InstanceType<typeof DatabaseSync>;
type Prepared = ReturnType<Connection['prepare']>;
const statementsKept = 200;

class Overdue extends Error {}

function open({ path, readOnly, busyTimeoutMs }: ThreadData): Connection {
  const database = new DatabaseSync(path, { readOnly });
  database.exec(
    `pragma busy_timeout = ${busyTimeoutMs}; pragma foreign_keys = on; pragma secure_delete = on;`,
  );
  // WAL lets readers go on while one writes; FULL because an acknowledged incident must survive a power cut.
  if (!readOnly) database.exec('pragma journal_mode = wal; pragma synchronous = full;');
  return database;
}

/** Holds the connection beside its statements: a statement used after its database is collected crashes the process. */
function createExecutor(database: Connection) {
  const prepared = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    const [oldest] = prepared.keys();
    if (oldest !== undefined && prepared.size >= statementsKept) prepared.delete(oldest);
    prepared.set(sql, statement);
    return statement;
  }

  function run({ sql, parameters }: Statement): Answer {
    const statement = prepare(sql);
    const values: SqlValue[] = [...parameters];
    if (statement.columns().length > 0) return { rows: statement.all(...values) };
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], changes: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  function rollback(): void {
    if (database.isTransaction) database.exec('rollback');
  }

  function execute(statement: Statement): Answer {
    if (monotonicMs() > statement.deadline) throw new Overdue('too late');
    if (!statement.atomic) return run(statement);
    return inTransaction(database, () => {
      const answer = run(statement);
      if (monotonicMs() > statement.deadline) throw new Overdue('too late');
      return answer;
    });
  }

  return {
    perform(task: Request['task']): Answer {
      if (task.kind === 'statement') return execute(task);
      if (task.kind === 'rollback') rollback();
      else {
        prepared.clear();
        database.close();
      }
      return { rows: [] };
    },
  };
}

interface Answer {
  readonly rows: readonly unknown[];
  readonly changes?: bigint;
  readonly insertId?: bigint;
}

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker thread only');
const reply = (message: Reply | { kind: 'done'; id: number; result: Answer }): void =>
  port.postMessage(message);

try {
  const given: ThreadData = workerData;
  const executor = createExecutor(open(given));
  port.on('message', ({ id, task }: Request) => {
    try {
      reply({ kind: 'done', id, result: executor.perform(task) });
    } catch (error) {
      reply({ kind: 'failed', id, failure: failureOf(error, error instanceof Overdue) });
    }
    if (task.kind === 'close') port.close();
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply({ kind: 'not-opened', failure: failureOf(error) });
  port.close();
}
