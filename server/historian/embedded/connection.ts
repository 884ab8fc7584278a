import { setImmediate as nextTurn } from 'node:timers/promises';
import { openForReading, type Database } from './schema.ts';
import { readable } from './readable.ts';

/** Work that names what it has done at each step, in values looked at, and may be set aside after any of them. */
export type Work<Result> = Generator<number, Result, undefined>;

/** The connection that reads, on the calling thread, in turns of a few milliseconds between which the event loop runs. */
export interface Connection {
  readonly database: Database;
  /** Each turn sees one state of the file; what lies between two steps is not torn apart by what is written meanwhile. */
  readonly run: <Result>(work: Work<Result>, signal?: AbortSignal) => Promise<Result>;
  /** What cannot be decoded is a gap, and counted. */
  readonly readable: <T>(read: () => T) => T | undefined;
  readonly damaged: () => number;
  readonly close: () => void;
}

/** Two or three milliseconds' worth. */
const valuesPerTurn = 30_000;

/** One owner of the connection and its statements. */
export function openConnection(path: string): Connection {
  const database = openForReading(path);
  let closed = false;
  let damaged = 0;

  function turn<Result>(work: Work<Result>): IteratorResult<number, Result> {
    database.exec('begin');
    try {
      let spent = 0;
      for (;;) {
        const step = work.next();
        if (step.done === true) return step;
        spent += step.value;
        if (spent >= valuesPerTurn) return step;
      }
    } finally {
      if (database.isTransaction) database.exec('commit');
    }
  }

  return {
    database,
    async run(work, signal) {
      for (;;) {
        await nextTurn();
        signal?.throwIfAborted();
        if (closed) throw new Error('the historian is closed');
        const step = turn(work);
        if (step.done === true) return step.value;
      }
    },
    readable: (read) =>
      readable(read, () => {
        damaged += 1;
      }),
    damaged: () => damaged,
    close() {
      if (closed) return;
      closed = true;
      database.close();
    },
  };
}
