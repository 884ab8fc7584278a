import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import {
  addTallies,
  noTally,
  type Batch,
  type BatchName,
  type Buffer,
  type PutOptions,
  type Tally,
} from '../buffer.ts';
import { isDamage } from '../damage.ts';
import type { NamedReading } from '../reading.ts';
import { type BatchFile, type FileOptions, openOrReplaceFile, setAside } from './file.ts';
import { createMemoryBuffer } from './memory.ts';

export type BufferLog = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What is held in memory while the disk takes nothing: about ten minutes of a site. */
const maxInMemory = 200_000;
/** Ticks between two log lines about readings that are dropped. */
const ticksBetweenWarnings = 600;

/**
 * On disk where the disk takes it, else in memory, bounded: a full disk must not stop what can still be delivered. Ids below
 * zero are in memory. `open`: how to get the file (again); called when there is none, and retried with every tick.
 */
export function createDiskBuffer(options: {
  readonly file?: BatchFile;
  readonly open?: () => BatchFile;
  /** Of the file, to notice when it is deleted or replaced. */
  readonly path?: string;
  readonly setAside?: (reason: string) => void;
  readonly log: BufferLog;
}): Buffer {
  const { log, path } = options;
  const memory = createMemoryBuffer({ maxReadings: maxInMemory });
  let file = options.file;
  let inode = inodeOf(path);
  let problem: string | undefined;
  /** Lost in memory, and not yet counted on disk. */
  let uncounted: Tally = noTally;
  /** Delivered, but the disk does not delete it. */
  const delivered = new Set<number>();
  /** On disk and handed out. */
  const taken = new Set<number>();
  /** A file that replaces another counts from 1 again: its ids are shifted, so that no id ever means two batches. */
  let shift = 0;
  let lastId = 0;
  let lostBefore = 0;
  let ticksSinceWarning = ticksBetweenWarnings;

  function failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (isDamage(error)) replaceDamaged(reason);
    else if (problem === undefined)
      log.error({ reason }, 'buffer: the disk takes nothing; readings wait in memory');
    problem = reason;
  }

  function opened(): BatchFile {
    if (file !== undefined) return file;
    if (options.open === undefined) throw new Error('the file is not open');
    file = options.open();
    inode = inodeOf(path);
    return file;
  }

  /** Undefined when the disk refused. */
  function attempt<Result>(work: (open: BatchFile) => Result): Result | undefined {
    const wasOpen = file !== undefined;
    try {
      return work(opened());
    } catch (error) {
      if (isDamage(error) || !wasOpen) failed(error);
      return undefined;
    }
  }

  /** Of a batch on disk; true when it is done, or the batch is no longer there. */
  function change(id: number, work: (open: BatchFile, idInFile: number) => void): boolean {
    if (id <= shift) return true;
    return attempt((open) => (work(open, id - shift), true)) === true;
  }

  function putOnDisk(readings: readonly NamedReading[], name: BatchName | undefined): number | undefined {
    try {
      lastId = opened().put(readings, name) + shift;
      if (problem !== undefined) log.info('buffer: the disk takes readings again');
      problem = undefined;
      return lastId;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }

  function forgetFile(): void {
    try {
      file?.close();
    } catch {
      // It is damaged or gone; there is nothing to save.
    }
    file = undefined;
    shift = Math.max(lastId, ...taken);
    taken.clear();
    delivered.clear();
  }

  function replaceDamaged(reason: string): void {
    if (file === undefined || options.open === undefined) return;
    let lost = noTally;
    try {
      const { readings, oldestAt } = file.state();
      lost = { readings, from: oldestAt, to: oldestAt };
    } catch {
      // How many waited cannot be read any more.
    }
    forgetFile();
    options.setAside?.(reason);
    uncounted = addTallies(uncounted, lost);
    log.error({ lost: lost.readings }, 'buffer: what waited in the damaged file is lost');
  }

  function hold(readings: readonly NamedReading[], put: PutOptions): number {
    const id = memory.put(readings, put);
    const dropped = memory.takeLost();
    uncounted = addTallies(uncounted, dropped);
    if (dropped.readings > 0)
      log.error(
        { dropped: dropped.readings },
        'buffer: too many readings wait in memory, the oldest are dropped',
      );
    return -id;
  }

  function moveToDisk(): void {
    for (const id of delivered) {
      if (!change(id, (open, place) => open.remove(place))) return;
      delivered.delete(id);
    }
    for (let batch = memory.next(); batch !== undefined; batch = memory.next()) {
      if (putOnDisk(batch.readings, batch.name) === undefined) {
        memory.retry(batch.id);
        return;
      }
      memory.accept(batch.id);
    }
    if (uncounted.readings === 0 && problem === undefined) return;
    // Also with nothing to count: it finds out whether the disk takes anything again when no reading does.
    if (attempt((open) => (open.countLost(uncounted), true)) !== true) return;
    uncounted = noTally;
    if (problem !== undefined) log.info('buffer: the disk takes readings again');
    problem = undefined;
  }

  /** Somebody deleted or replaced the file: what waits in the old one, which is still open, is copied to a new one. */
  function followPath(): void {
    if (file === undefined || inode === undefined || inodeOf(path) === inode) return;
    log.error({ path }, 'buffer: the file was deleted or replaced while in use; a new one is begun');
    const old = file;
    const waiting: Batch[] = [];
    const seen = new Set<number>();
    attempt(() => {
      for (let batch = old.next(seen); batch !== undefined; batch = old.next(seen)) {
        seen.add(batch.id);
        waiting.push(batch);
      }
    });
    forgetFile();
    for (const { readings, name } of waiting)
      if (putOnDisk(readings, name) === undefined) hold(readings, name === undefined ? {} : { name });
  }

  function warnOfDrops(lost: number): void {
    ticksSinceWarning += 1;
    if (lost > lostBefore && ticksSinceWarning >= ticksBetweenWarnings) {
      log.error({ dropped: lost - lostBefore }, 'buffer: full; the oldest readings are dropped');
      ticksSinceWarning = 0;
    }
    lostBefore = lost;
  }

  lostBefore = attempt((open) => open.state().lost.readings) ?? 0;
  return {
    put(readings, put = {}) {
      const id = putOnDisk(readings, put.name);
      if (id === undefined) return hold(readings, put);
      if (put.taken === true) taken.add(id);
      return id;
    },
    next() {
      const except = new Set([...taken, ...delivered].map((id) => id - shift));
      const stored = attempt((open) => open.next(except));
      if (stored !== undefined) {
        const id = stored.id + shift;
        taken.add(id);
        return { ...stored, id };
      }
      const held = memory.next();
      return held === undefined ? undefined : { ...held, id: -held.id };
    },
    name(id, name) {
      // If the disk does not take it, the batch gets a new name after a restart; the store knows readings by point and time.
      if (id < 0) memory.name(-id, name);
      else change(id, (open, place) => open.name(place, name));
    },
    accept(id) {
      if (id < 0) memory.accept(-id);
      else if (!change(id, (open, place) => open.remove(place))) delivered.add(id);
      taken.delete(id);
    },
    reject(id, reason) {
      log.error({ reason }, 'buffer: the receiver refuses a batch for good; it is set aside');
      if (id < 0) memory.reject(-id, reason);
      else if (!change(id, (open, place) => open.setAside(place, reason))) delivered.add(id);
      taken.delete(id);
    },
    retry(id) {
      if (id < 0) memory.retry(-id);
      taken.delete(id);
    },
    split(id) {
      if (id < 0) memory.split(-id);
      else if (!change(id, (open, place) => open.split(place))) delivered.add(id);
      else lastId += 1;
      taken.delete(id);
    },
    tick() {
      followPath();
      moveToDisk();
      warnOfDrops(attempt((open) => open.state().lost.readings) ?? lostBefore);
    },
    state() {
      const stored = attempt((open) => open.state()) ?? nothing;
      const held = memory.state();
      return {
        ...stored,
        readings: stored.readings + held.readings,
        oldestAt: stored.oldestAt ?? held.oldestAt,
        lost: addTallies(stored.lost, uncounted),
        refused: {
          readings: stored.refused.readings + held.refused.readings,
          reason: held.refused.reason ?? stored.refused.reason,
        },
        problem: problem ?? null,
      };
    },
    close() {
      moveToDisk();
      const lost = memory.state().readings;
      if (lost > 0) log.error({ lost }, 'buffer: closed with readings that the disk did not take');
      file?.close();
      file = undefined;
    },
  };
}

const nothing = {
  readings: 0,
  oldestAt: null,
  bytes: 0,
  lost: noTally,
  refused: { readings: 0, reason: null },
};

function inodeOf(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

/** The disk form on a path, opened already or not. Never throws: a file that cannot be opened now is tried again with every tick. */
export function openDiskBuffer(options: FileOptions & { readonly file?: BatchFile }): Buffer {
  return createDiskBuffer({
    ...(options.file === undefined ? {} : { file: options.file }),
    open: () => openOrReplaceFile(options),
    path: options.path,
    setAside: (reason) => setAside(options, reason),
    log: options.log,
  });
}
