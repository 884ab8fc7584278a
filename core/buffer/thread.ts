import type { Logger } from 'pino';
import type { Batch, Buffer, BufferState, PutOptions } from '../buffer.ts';
import type { Clock } from '../clock.ts';
import type { NamedReading } from '../reading.ts';
import { openTaskThread } from '../worker.ts';
import { pack, unpack } from './codec.ts';
import { answer, batchAnswer, stateAnswer, type Task } from './protocol.ts';

/**
 * A Buffer whose methods resolve once they are done. They reject only while the thread behind is dead: whoever put something then
 * still has it.
 */
export interface AsyncBuffer {
  /** Resolves when it is on disk. */
  put(readings: readonly NamedReading[], options?: Pick<PutOptions, 'taken'>): Promise<number>;
  next(): Promise<Batch | undefined>;
  accept(id: number): Promise<void>;
  reject(id: number, reason: string): Promise<void>;
  retry(id: number): Promise<void>;
  split(id: number): Promise<void>;
  /** Call about once a second; the buffer looks after itself meanwhile. */
  state(): Promise<BufferState>;
  close(): Promise<void>;
}

/** A disk buffer in its own thread, so that fsync and compression never hold up the event loop. */
export async function openBufferThread(options: {
  readonly path: string;
  readonly limitBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<AsyncBuffer> {
  const { path, limitBytes, clock, log } = options;
  const thread = await openTaskThread<Task>({
    module: new URL('./worker.ts', import.meta.url),
    workerData: { path, limitBytes },
    name: "the buffer's thread",
    clock,
    log,
  });

  async function ask(task: Task): Promise<unknown> {
    const { result, lines } = answer.parse(await thread.send(task));
    for (const { level, fields, message } of lines) log[level](fields, message);
    return result;
  }

  return {
    put: async (readings, { taken = false } = {}) =>
      Number(await ask({ kind: 'put', pack: pack(readings), taken })),
    async next() {
      const batch = batchAnswer.parse(await ask({ kind: 'next' }));
      return batch === undefined
        ? undefined
        : { id: batch.id, name: undefined, readings: unpack(batch.pack) };
    },
    accept: async (id) => void (await ask({ kind: 'accept', id })),
    reject: async (id, reason) => void (await ask({ kind: 'reject', id, reason })),
    retry: async (id) => void (await ask({ kind: 'retry', id })),
    split: async (id) => void (await ask({ kind: 'split', id })),
    state: async () => stateAnswer.parse(await ask({ kind: 'state' })),
    close: () => thread.close(),
  };
}

/** A buffer of this thread in the same shape. */
export function asyncBuffer(buffer: Buffer): AsyncBuffer {
  // `then`, not `async` alone: the work is done before the call returns, as with any method of a Buffer.
  const done = <Result>(result: Result): Promise<Result> => Promise.resolve(result);
  return {
    put: (readings, options) => done(buffer.put(readings, options)),
    next: () => done(buffer.next()),
    accept: (id) => done(buffer.accept(id)),
    reject: (id, reason) => done(buffer.reject(id, reason)),
    retry: (id) => done(buffer.retry(id)),
    split: (id) => done(buffer.split(id)),
    state() {
      buffer.tick();
      return done(buffer.state());
    },
    close: () => done(buffer.close()),
  };
}
