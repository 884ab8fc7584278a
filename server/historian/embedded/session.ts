import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import { type Reader, openReader } from './reader.ts';
import { type TaskThread, openTaskThread } from '../../../core/worker.ts';
import type { Task } from './protocol.ts';

/** One file that is open: a thread that writes it and a connection that reads it. */
export interface Session {
  readonly writer: Writer;
  readonly reader: Reader;
  /** False once the file at the path is another one, or none. */
  isAtItsPath(): boolean;
  close(): Promise<void>;
}

/** Rejects when the file cannot be opened or is damaged. */
export async function openSession(options: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Session> {
  const { path } = options;
  const writer = await startWriter(options);
  try {
    const reader = openReader(path);
    const inode = inodeOf(path);
    return {
      writer,
      reader,
      isAtItsPath: () => inodeOf(path) === inode,
      async close() {
        reader.close();
        await writer.close();
      },
    };
  } catch (error) {
    await writer.close();
    throw error;
  }
}

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

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
