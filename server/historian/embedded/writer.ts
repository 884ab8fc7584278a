import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import { startWorker } from '../../../core/worker.ts';
import { reply, type Request, type Task } from './protocol.ts';

/** The main thread's handle on the writing thread. */
export interface Writer {
  /** Resolves when the thread has done it (an append: when it is durable); rejects when it failed or the thread died. */
  send(task: Task): Promise<void>;
  /** What is wrong while the thread is down or its last task failed. */
  problem(): string | undefined;
  close(): Promise<void>;
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

const firstRestartMs = 500;
const longestRestartMs = 30_000;

/** Rejects when the thread cannot start the first time; a thread that dies later is started again, ever more slowly. */
export async function startWriter(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Writer> {
  const { path, clock, log } = options;
  const waiting = new Map<number, Waiting>();
  const closing = new AbortController();
  let worker: Worker | undefined;
  let lastId = 0;
  let deaths = 0;
  let problem: string | undefined;

  function settle(id: number, error: string | undefined): void {
    const entry = waiting.get(id);
    waiting.delete(id);
    problem = error;
    if (error !== undefined) {
      entry?.reject(new Error(error));
      return;
    }
    deaths = 0;
    entry?.resolve();
  }

  /** Resolves when the thread is ready, rejects when it ends before. */
  function start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const started = startWorker(new URL('./worker.ts', import.meta.url), { path });
      let reason = 'the writing thread ended';
      started.on('error', (error) => {
        reason = `the writing thread died: ${String(error)}`;
      });
      started.on('message', (message: unknown) => {
        const answer = reply.parse(message);
        if (answer.kind === 'ready') {
          worker = started;
          resolve();
        } else settle(answer.id, answer.kind === 'failed' ? answer.error : undefined);
      });
      started.on('exit', () => {
        const wasReady = worker === started;
        worker = undefined;
        for (const entry of waiting.values()) entry.reject(new Error(reason));
        waiting.clear();
        if (!wasReady) {
          reject(new Error(reason));
          return;
        }
        if (closing.signal.aborted) return;
        problem = reason;
        log.error({ reason }, 'historian: the writing thread is lost');
        void restart();
      });
    });
  }

  async function restart(): Promise<void> {
    while (worker === undefined && !closing.signal.aborted) {
      await clock.until(
        clock.now() + Math.min(firstRestartMs * 2 ** deaths, longestRestartMs),
        closing.signal,
      );
      deaths += 1;
      if (closing.signal.aborted) return;
      try {
        await start();
        problem = undefined;
        log.info('historian: the writing thread runs again');
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  function send(task: Task): Promise<void> {
    return new Promise((resolve, reject) => {
      if (worker === undefined) {
        reject(new Error(problem ?? 'the historian is closed'));
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
      await send({ kind: 'close' });
      await ended;
    },
  };
}
