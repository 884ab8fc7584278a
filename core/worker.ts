import { parentPort, Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';

/** Several threads with node's usual 48 MB of young objects each would take a quarter of the server's memory. */
const youngMb = 8;

/**
 * Starts a worker thread on one of our own modules: `startWorker(new URL('../server/writer.ts', import.meta.url), data)`.
 * Compiled, the module beside it is `.js`; run from source, the thread first learns to read TypeScript, which
 * Node's workers do not inherit from tsx or vitest.
 * @param options.maxYoungGenerationSizeMb more for a thread that makes much and soon ends
 */
export function startWorker(
  module: URL,
  workerData: unknown,
  { maxYoungGenerationSizeMb = youngMb }: { readonly maxYoungGenerationSizeMb?: number } = {},
): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), { workerData, resourceLimits });
  }
  const tsx = import.meta.resolve('tsx/esm/api');
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); })`;
  return new Worker(load, { eval: true, workerData });
}

/** The main thread's handle on a worker that performs tasks one after the other, in the order they were sent. */
export interface TaskThread<Task> {
  /** Resolves with the task's result; rejects when the task failed or the thread died before it answered. */
  send(task: Task): Promise<unknown>;
  /** What is wrong while the thread is down or its last task failed. */
  problem(): string | undefined;
  /** Lets the tasks that were sent finish, then ends the thread. */
  close(): Promise<void>;
}

type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Error };
interface Request {
  readonly id: number;
  /** `undefined` asks the thread to end. */
  readonly task: unknown;
}

const firstRestartMs = 500;
const longestRestartMs = 30_000;

/**
 * Starts a thread on a module that calls `performTasks`. Rejects when the thread cannot start the first time; one that dies
 * later is started again, with growing pauses. `name` is used in messages ("the writing thread").
 */
export async function openTaskThread<Task>(options: {
  readonly module: URL;
  readonly workerData: unknown;
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<TaskThread<Task>> {
  const { module, workerData, name, clock, log } = options;
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  const closing = new AbortController();
  let worker: Worker | undefined;
  let lastId = 0;
  let deaths = 0;
  let problem: string | undefined;

  function settle(answer: Exclude<Answer, { kind: 'ready' }>): void {
    const entry = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'failed') {
      problem = answer.error.message;
      entry?.reject(answer.error);
      return;
    }
    problem = undefined;
    deaths = 0;
    entry?.resolve(answer.result);
  }

  /** Resolves when the thread is ready, rejects when it ends before. */
  function start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const started = startWorker(module, workerData);
      let reason = new Error(`${name} ended`);
      started.on('error', (error) => {
        reason = new Error(`${name} died: ${String(error)}`, { cause: error });
      });
      started.on('message', (answer: Answer) => {
        if (answer.kind === 'ready') {
          worker = started;
          resolve();
        } else settle(answer);
      });
      started.on('exit', () => {
        const wasReady = worker === started;
        worker = undefined;
        for (const entry of waiting.values()) entry.reject(reason);
        waiting.clear();
        if (!wasReady) {
          reject(reason);
          return;
        }
        if (closing.signal.aborted) return;
        problem = reason.message;
        log.error({ reason: reason.message }, `${name} is lost`);
        void restart();
      });
    });
  }

  async function restart(): Promise<void> {
    while (worker === undefined && !closing.signal.aborted) {
      const pauseMs = Math.min(firstRestartMs * 2 ** deaths, longestRestartMs);
      await clock.sleep(pauseMs, closing.signal);
      deaths += 1;
      if (closing.signal.aborted) return;
      try {
        await start();
        problem = undefined;
        log.info(`${name} runs again`);
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  function send(task: Task | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (worker === undefined) {
        reject(new Error(problem ?? `${name} is closed`));
        return;
      }
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, task } satisfies Request, []);
    });
  }

  await start();
  return {
    send,
    problem: () => problem,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      if (worker === undefined) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      // A failure at the end has already been reported to the sender; the thread ends in any case.
      await send(undefined).catch(() => undefined);
      await ended;
    },
  };
}

/**
 * The thread's side: performs each task as it comes and sends its result, or its error, back. `close` runs at the end. A task
 * that is not one (`parse` throws) ends the thread: main and thread then disagree about the protocol.
 */
export function performTasks<Task>(options: {
  readonly parse: (task: unknown) => Task;
  readonly perform: (task: Task) => unknown;
  readonly close: () => void;
}): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a worker thread only');
  const send = (answer: Answer): void => port.postMessage(answer);

  function answerOf(id: number, work: () => unknown): Answer {
    try {
      return { kind: 'done', id, result: work() };
    } catch (error) {
      return { kind: 'failed', id, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  port.on('message', ({ id, task }: Request) => {
    if (task === undefined) {
      send(answerOf(id, options.close));
      port.close();
      return;
    }
    const parsed = options.parse(task);
    send(answerOf(id, () => options.perform(parsed)));
  });
  send({ kind: 'ready' });
}
