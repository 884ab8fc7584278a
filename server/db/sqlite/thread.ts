import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../../core/worker.ts';
import { DatabaseUnavailable } from '../errors.ts';
import { errorOf, isDamage } from './failure.ts';
import { monotonicMs, type Failure, type Reply, type Request, type Rows, type Statement, type Task, type ThreadData } from './protocol.ts'; // prettier-ignore

/** One connection in one thread. When the thread dies the connection is dead, and with it whatever transaction was open. */
export interface Connection {
  /** Rejects with a typed error, after `deadlineMs` at the latest. */
  run(statement: Omit<Statement, 'kind' | 'deadline'>, deadlineMs: number): Running;
  /** Ends what a failed transaction began; resolves when that is so, however long it takes. */
  rollback(): Promise<void>;
}

interface Running {
  readonly result: Promise<Rows>;
  /** Resolves when the thread is done with it, which may be after the result was given up. Never rejects. */
  readonly settled: Promise<void>;
}

export interface SqliteThread {
  /** Starts the thread if none runs. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

const longestCloseMs = 5_000;

export function createSqliteThread(
  data: ThreadData,
  onDamage: (finding: string) => void = () => undefined,
): SqliteThread {
  const waiting = new Map<number, (outcome: Rows | Error) => void>();
  let running: Promise<{ worker: Worker; connection: Connection }> | undefined;
  let closed = false;
  let lastId = 0;

  function typed(failure: Failure): Error {
    if (isDamage(failure)) onDamage(failure.message);
    return errorOf(failure, data.path);
  }

  function start(): Promise<{ worker: Worker; connection: Connection }> {
    return new Promise((resolve, reject) => {
      const worker = startWorker(new URL('./worker.ts', import.meta.url), data);
      const mine = new Set<number>();
      let death = new DatabaseUnavailable(`${data.path}: its thread ended`);

      function settle(id: number, outcome: Rows | Error): void {
        waiting.get(id)?.(outcome);
        waiting.delete(id);
        mine.delete(id);
        // An idle thread must not keep a process alive that forgot to close its database.
        if (mine.size === 0 && !closed) worker.unref();
      }

      let alive = true;
      function ask(task: Task): Promise<Rows> {
        return new Promise((fulfil, fail) => {
          if (!alive) {
            fail(death);
            return;
          }
          lastId += 1;
          waiting.set(lastId, (outcome) => (outcome instanceof Error ? fail(outcome) : fulfil(outcome)));
          mine.add(lastId);
          worker.ref();
          worker.postMessage({ id: lastId, task } satisfies Request, []);
        });
      }

      const connection: Connection = {
        run(statement, deadlineMs) {
          const answer = ask({ kind: 'statement', ...statement, deadline: monotonicMs() + deadlineMs });
          const settled = answer.then(
            () => undefined,
            () => undefined,
          );
          return { result: withDeadline(answer, deadlineMs, data.path), settled };
        },
        async rollback() {
          await ask({ kind: 'rollback' });
        },
      };

      worker.on('error', (error) => {
        death = new DatabaseUnavailable(`${data.path}: its thread died: ${String(error)}`, { cause: error });
      });
      worker.on('message', (reply: Reply) => {
        if (reply.kind === 'ready') {
          worker.unref();
          resolve({ worker, connection });
        } else if (reply.kind === 'not-opened') reject(typed(reply.failure));
        else if (reply.kind === 'done') settle(reply.id, reply.result);
        else settle(reply.id, typed(reply.failure));
      });
      worker.on('exit', () => {
        alive = false;
        running = undefined;
        for (const id of mine) settle(id, death);
        reject(death);
      });
    });
  }

  return {
    async connect() {
      if (closed) throw new Error(`${data.path} is closed`);
      running ??= start();
      return (await running).connection;
    },
    async close() {
      if (closed) return;
      closed = true;
      if (running === undefined) return;
      const { worker } = await running.catch(() => ({ worker: undefined }));
      if (worker === undefined) return;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.ref();
      worker.postMessage({ id: 0, task: { kind: 'close' } } satisfies Request, []);
      await Promise.race([ended, patience(longestCloseMs)]);
      // Stuck in the disk: it must not keep the process.
      worker.unref();
    },
  };
}

function withDeadline(answer: Promise<Rows>, deadlineMs: number, path: string): Promise<Rows> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new DatabaseUnavailable(`${path}: no answer for ${deadlineMs / 1_000} s; is its disk well?`, {
            outcomeUnknown: true,
          }),
        ),
      deadlineMs,
    );
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
