import type { NamedReading } from './reading.ts';

/**
 * A bounded queue of readings between a producer that never waits and a receiver that may be away. The producer calls `put`. The
 * consumer calls `next` and answers for each batch with `accept`, `reject` or `retry`. Two forms, one contract suite: memory
 * (`buffer/memory.ts`) and disk (`buffer/disk.ts`), the latter also in its own thread (`buffer/thread.ts`).
 *
 * Nothing here throws: what cannot be kept is dropped, oldest first, counted and reported in `state`.
 */
export interface Buffer {
  /** Returns the batch's id. Durable when it returns, if the buffer is on a disk that takes it. */
  put(readings: readonly NamedReading[], options?: PutOptions): number;
  /** Hands out the oldest batch that is not handed out; undefined when there is none. */
  next(): Batch | undefined;
  /** Delivered: the batch is deleted. */
  accept(id: number): void;
  /** The receiver will never take it: counted, kept on disk for inspection, never handed out again. */
  reject(id: number, reason: string): void;
  /** Not delivered: the batch waits again, in its old place. */
  retry(id: number): void;
  /** Too large for the receiver: two halves without a name wait in its place. */
  split(id: number): void;
  /** The name under which the batch is being sent; it survives a restart. */
  name(id: number, name: BatchName): void;
  /** Call about once a second: moves what is held in memory to disk, looks after the file. */
  tick(): void;
  state(): BufferState;
  close(): void;
}

export interface PutOptions {
  readonly name?: BatchName;
  /** The producer is delivering it already: as if `next` had handed it out. */
  readonly taken?: boolean;
}

/** Identifies a batch forever, once it was sent: a receiver recognises a repetition by it. */
export interface BatchName {
  readonly run: string;
  readonly sequence: number;
}

export interface Batch {
  readonly id: number;
  /** Undefined: never sent. */
  readonly name: BatchName | undefined;
  readonly readings: readonly NamedReading[];
}

export interface BufferState {
  /** Waiting, taken ones included. */
  readonly readings: number;
  /** Time of the oldest reading that waits, epoch ms. */
  readonly oldestAt: number | null;
  /** On disk. */
  readonly bytes: number;
  /** Dropped since the buffer was made: it was full, the disk took nothing, or the file was damaged. */
  readonly lost: Tally;
  /** Rejected by the receiver since the buffer was made. */
  readonly refused: { readonly readings: number; readonly reason: string | null };
  /** Why the disk is not used at the moment. */
  readonly problem: string | null;
}

/** A number of readings and the span of time they cover (epoch ms; null when there are none). */
export interface Tally {
  readonly readings: number;
  readonly from: number | null;
  readonly to: number | null;
}

export const noTally: Tally = { readings: 0, from: null, to: null };

/** Pure. */
export function addTallies(a: Tally, b: Tally): Tally {
  if (a.readings === 0) return b;
  if (b.readings === 0) return a;
  return {
    readings: a.readings + b.readings,
    from: Math.min(a.from ?? Infinity, b.from ?? Infinity),
    to: Math.max(a.to ?? -Infinity, b.to ?? -Infinity),
  };
}

/** Of readings; times in any order. */
export function tallyOf(times: Iterable<number>): Tally {
  let readings = 0;
  let from = Infinity;
  let to = -Infinity;
  for (const at of times) {
    readings += 1;
    from = Math.min(from, at);
    to = Math.max(to, at);
  }
  return readings === 0 ? noTally : { readings, from, to };
}
