import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import { openTaskThread, type TaskThread } from '../../../core/worker.ts';
import type { Task } from './protocol.ts';

export type Writer = TaskThread<Task>;

/** Rejects when the file cannot be opened. An append resolves when it is durable. */
export function startWriter(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Writer> {
  const { path, clock, log } = options;
  return openTaskThread<Task>({
    module: new URL('./worker.ts', import.meta.url),
    workerData: { path },
    name: 'the writing thread',
    clock,
    log,
  });
}
