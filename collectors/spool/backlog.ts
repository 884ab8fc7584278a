import type { Logger } from 'pino';
import type { NamedReading } from '../../core/reading.ts';
import type { BatchName, Spool, SpooledBatch, SpoolFigures } from './spool.ts';
import { addTallies, noTally, tallyOf, type Tally } from './tally.ts';

/**
 * What waits for delivery: on disk where the disk takes it, else in memory, bounded. Never throws: a full disk must not stop
 * what can still be delivered. Ids below zero are in memory.
 */
export interface Backlog {
  keep(readings: readonly NamedReading[], name?: BatchName): number;
  /** The oldest that waits and is not in `except`. */
  next(except: ReadonlySet<number>): SpooledBatch | undefined;
  name(id: number, name: BatchName): void;
  delivered(id: number): void;
  setAside(id: number, reason: string): void;
  split(id: number): void;
  /** Once a second: what is in memory goes to the disk as soon as it takes it. */
  tick(): void;
  state(): SpoolFigures & { readonly problem: string | null };
  close(): void;
}

/** About ten minutes of a site, 100 bytes each. */
const maxInMemory = 200_000;

export function createBacklog(options: { readonly spool: Spool; readonly log: Logger }): Backlog {
  const { spool, log } = options;
  let memory: SpooledBatch[] = [];
  let lastId = 0;
  let problem: string | undefined;
  /** Lost, but the disk does not take even that. */
  let unsaid: Tally = noTally;
  /** Delivered, but the disk does not let go of it. */
  const gone = new Set<number>();

  /** Undefined when the disk refused. */
  function attempt<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }

  /** Undefined when the disk refused; edges are logged. */
  function put(readings: readonly NamedReading[], name: BatchName | undefined): number | undefined {
    try {
      const id = spool.put(readings, name);
      if (problem !== undefined) log.info('spool: the disk takes readings again');
      problem = undefined;
      return id;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (problem === undefined)
        log.error({ reason }, 'spool: the disk takes nothing; readings wait in memory');
      problem = reason;
      return undefined;
    }
  }

  function change(id: number, work: () => void): void {
    if (attempt(() => (work(), true)) === undefined) gone.add(id);
  }

  function hold(readings: readonly NamedReading[], name: BatchName | undefined): number {
    lastId -= 1;
    memory.push({ id: lastId, name, readings });
    let count = memory.reduce((sum, batch) => sum + batch.readings.length, 0);
    let dropped = 0;
    while (count > maxInMemory && memory.length > 1) {
      const oldest = memory.shift()?.readings ?? [];
      count -= oldest.length;
      dropped += oldest.length;
      unsaid = addTallies(unsaid, tallyOf(oldest.map(({ at }) => at)));
    }
    if (dropped > 0)
      log.error({ dropped }, 'spool: too many readings wait in memory, the oldest are dropped');
    return lastId;
  }

  function forget(id: number): void {
    memory = memory.filter((batch) => batch.id !== id);
  }

  function giveToDisk(): void {
    for (const id of gone) {
      if (attempt(() => (spool.remove(id), true)) === undefined) return;
      gone.delete(id);
    }
    for (const { id, readings, name } of memory) {
      if (put(readings, name) === undefined) return;
      forget(id);
    }
    if (unsaid.readings > 0 && attempt(() => (spool.countLost(unsaid), true)) === true) unsaid = noTally;
  }

  return {
    keep: (readings, name) => put(readings, name) ?? hold(readings, name),
    next(except) {
      const stored = attempt(() => spool.next(new Set([...except, ...gone])));
      return stored ?? memory.find(({ id }) => !except.has(id));
    },
    name(id, name) {
      // A name that the disk does not take is given anew after a restart; the store knows the readings by point and time.
      if (id > 0) attempt(() => spool.name(id, name));
      else memory = memory.map((batch) => (batch.id === id ? { ...batch, name } : batch));
    },
    delivered(id) {
      if (id > 0) change(id, () => spool.remove(id));
      else forget(id);
    },
    setAside(id, reason) {
      log.error({ reason }, 'the server refuses a batch for good; it is set aside in the spool');
      if (id > 0) change(id, () => spool.setAside(id, reason));
      else forget(id);
    },
    split(id) {
      const batch = memory.find((each) => each.id === id);
      if (id > 0) change(id, () => spool.split(id));
      if (batch === undefined) return;
      forget(id);
      const middle = Math.ceil(batch.readings.length / 2);
      hold(batch.readings.slice(0, middle), undefined);
      hold(batch.readings.slice(middle), undefined);
    },
    tick: giveToDisk,
    state() {
      const stored = spool.state();
      const inMemory = memory.reduce((sum, batch) => sum + batch.readings.length, 0);
      const oldest = memory[0]?.readings[0]?.at ?? null;
      return {
        ...stored,
        readings: stored.readings + inMemory,
        oldestAt: stored.oldestAt ?? oldest,
        lost: addTallies(stored.lost, unsaid),
        problem: problem ?? null,
      };
    },
    close() {
      giveToDisk();
      const lost = memory.reduce((sum, batch) => sum + batch.readings.length, 0);
      if (lost > 0) log.error({ lost }, 'spool: closed with readings that the disk did not take');
      spool.close();
    },
  };
}
