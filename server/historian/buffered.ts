import type { Logger } from 'pino';
import { noTally, type BufferState } from '../../core/buffer.ts';
import { createMemoryBuffer } from '../../core/buffer/memory.ts';
import type { AsyncBuffer } from '../../core/buffer/thread.ts';
import type { Clock } from '../../core/clock.ts';
import { UnavailableError } from '../../core/unavailable.ts';
import { createUnstorableCounter, type HistorianWriter } from './batching.ts';
import { HistorianRefusal, type Historian, type StoredReading } from './historian.ts';
import { createStoreLink } from './link.ts';

const tickMs = 500;
const maxPerAppend = 10_000;
/** A live append that has no answer by then is put on disk: with the tick, what kill -9 may cost. */
const secureAfterMs = 500;
const closeWithinMs = 1_500;
/** Pause of the backlog lane when nothing waits. */
const idleMs = 500;
const yieldMs = 20;
const figuresEveryMs = 1_000;
/** A batch that the store refuses this often, although it takes others, is set aside. */
const maxRefusals = 3;
/** Health shows a backlog that has been there longer than this. */
const backlogIsNewsMs = 60_000;
/** Readings kept in memory while the buffer's thread is down. */
const maxInMemory = 200_000;

/**
 * Between pipeline and a store on the network, with a buffer on disk. Live first: twice a second fresh readings are written. What
 * the store did not take waits on disk, also across a restart, and follows oldest first, for half of the time at most. While
 * the store is away fresh readings go straight to disk; with growing pauses some are sent to see whether it is back.
 */
export function createBufferedWriter(options: {
  readonly historian: Pick<Historian, 'append'>;
  readonly buffer: AsyncBuffer;
  readonly clock: Clock;
  readonly log: Logger;
}): HistorianWriter {
  const { historian, buffer, clock, log } = options;
  const link = createStoreLink({ clock, log, where: 'on disk', longestRetryMs: 10_000 });
  const unstorable = createUnstorableCounter(log);
  /** Takes readings while the buffer's thread is down. */
  const spare = createMemoryBuffer({ maxReadings: maxInMemory });
  const closing = new AbortController();
  let fresh: StoredReading[] = [];
  /** Readings that neither the store nor the buffer has confirmed so far. */
  let underWay = 0;
  let live: Promise<void> | undefined;
  let written = 0;
  let figures: BufferState = {
    readings: 0, oldestAt: null, bytes: 0, lost: noTally, refused: { readings: 0, reason: null }, problem: null,
  }; // prettier-ignore
  let lostBefore: number | undefined;
  /** Since when readings have waited on disk without a break, on the monotonic clock; what a restart found has waited long. */
  let waitingSince: number | undefined;
  const refusals = new Map<number, { readonly times: number; readonly writtenBefore: number }>();

  const rest = (ms: number): Promise<void> => clock.sleep(ms, closing.signal);

  async function put(readings: readonly StoredReading[], taken = false): Promise<number | undefined> {
    underWay += readings.length;
    try {
      return await buffer.put(readings, { taken });
    } catch {
      spare.put(readings);
      return undefined;
    } finally {
      underWay -= readings.length;
    }
  }

  async function keep(readings: readonly StoredReading[]): Promise<void> {
    for (let from = 0; from < readings.length; from += maxPerAppend)
      await put(readings.slice(from, from + maxPerAppend));
  }

  /** Undefined when the store took it. */
  async function write(readings: readonly StoredReading[]): Promise<Error | undefined> {
    try {
      await historian.append(readings);
      written += readings.length;
      link.succeeded();
      return undefined;
    } catch (error) {
      if (!(error instanceof HistorianRefusal)) link.failed(error);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The buffer's thread may die in between: the batch then waits on disk again, and writing it twice stores it once. */
  async function settle(id: number, size: number, error: Error | undefined): Promise<void> {
    const work = async (): Promise<void> => {
      if (error === undefined) return buffer.accept(id);
      if (!(error instanceof HistorianRefusal)) return buffer.retry(id);
      if (error.kind === 'too-large' && size > 1) return buffer.split(id);
      return isRefusedForGood(id, error) ? buffer.reject(id, error.message) : buffer.retry(id);
    };
    await work().catch(() => undefined);
  }

  /** Only a store that takes other readings refuses these; one that refuses everything is misconfigured and keeps them waiting. */
  function isRefusedForGood(id: number, error: HistorianRefusal): boolean {
    const { times, writtenBefore } = refusals.get(id) ?? { times: 0, writtenBefore: written };
    if (times + 1 >= maxRefusals && written > writtenBefore) return refusals.delete(id);
    refusals.set(id, { times: times + 1, writtenBefore });
    if (written === writtenBefore) link.failed(error);
    return false;
  }

  interface Sending {
    /** True once the readings are in the store or on disk, false when they are in memory only. */
    readonly durable: Promise<boolean>;
    /** When the store has answered. */
    readonly done: Promise<void>;
  }

  /** What the store does not take, or not soon, is put on disk. */
  function send(readings: readonly StoredReading[]): Sending {
    underWay += readings.length;
    const answered = write(readings);
    const secured = (async (): Promise<number | 'written' | undefined> => {
      const patience = new AbortController();
      const late = clock.sleep(secureAfterMs, patience.signal).then(() => 'late' as const);
      const first = await Promise.race([answered, late]);
      patience.abort();
      underWay -= readings.length;
      return first === undefined ? 'written' : put(readings, true);
    })();
    const done = async (): Promise<void> => {
      const id = await secured;
      const error = await answered;
      if (typeof id === 'number') await settle(id, readings.length, error);
    };
    return {
      durable: secured.then((id) => id === 'written' || (id !== undefined && isOnDisk(id))),
      done: done(),
    };
  }

  function take(): StoredReading[] {
    const taken = fresh;
    fresh = [];
    return taken;
  }

  async function runLive(): Promise<void> {
    while (!closing.signal.aborted) {
      await rest(tickMs);
      if (closing.signal.aborted || fresh.length === 0) continue;
      const readings = take();
      if (live !== undefined || !(link.up() || link.due())) await keep(readings);
      else {
        live = send(readings.slice(0, maxPerAppend)).done.finally(() => (live = undefined));
        await keep(readings.slice(maxPerAppend));
      }
    }
  }

  /** Returns false when nothing waits. */
  async function sendNext(): Promise<boolean> {
    const batch = await buffer.next().catch(() => undefined);
    if (batch === undefined) return false;
    await settle(batch.id, batch.readings.length, await write(batch.readings));
    return true;
  }

  async function runBacklog(): Promise<void> {
    while (!closing.signal.aborted) {
      const begun = clock.monotonic();
      // While the store is away, live readings find out whether it is back; what waits does when there are none.
      const may = link.up() || (link.due() && fresh.length === 0 && live === undefined);
      if (may && (await sendNext())) await rest(Math.max(yieldMs, clock.monotonic() - begun));
      else await rest(link.up() ? idleMs : tickMs + yieldMs);
    }
  }

  async function runFigures(): Promise<void> {
    while (!closing.signal.aborted) {
      await readFigures();
      await rest(figuresEveryMs);
    }
  }

  async function readFigures(): Promise<void> {
    try {
      figures = await buffer.state();
      const isFirst = lostBefore === undefined;
      waitingSince =
        figures.readings === 0 ? undefined : (waitingSince ?? (isFirst ? -Infinity : clock.monotonic()));
      lostBefore ??= figures.lost.readings;
      await emptySpare();
    } catch {
      // The buffer's thread is down and starts again by itself; its log says why.
    }
  }

  async function emptySpare(): Promise<void> {
    for (let batch = spare.next(); batch !== undefined; batch = spare.next()) {
      try {
        await buffer.put(batch.readings);
      } catch (error) {
        spare.retry(batch.id);
        throw error;
      }
      spare.accept(batch.id);
    }
  }

  const running = [runLive(), runBacklog(), runFigures()];

  return {
    push(readings) {
      for (const reading of unstorable.without(readings)) fresh.push(reading);
    },
    async append(readings) {
      const storable = unstorable.without(readings);
      for (let from = 0; from < storable.length; from += maxPerAppend) {
        const part = storable.slice(from, from + maxPerAppend);
        const durable = link.up() ? await send(part).durable : isOnDisk((await put(part)) ?? inMemory);
        if (!durable) throw new UnavailableError('neither the history store nor the disk takes readings');
      }
    },
    stats: () => ({
      buffered: fresh.length + underWay + figures.readings + spare.state().readings,
      dropped: figures.lost.readings - (lostBefore ?? figures.lost.readings) + unstorable.count() + spare.state().lost.readings,
      written,
    }), // prettier-ignore
    problem() {
      const failure = link.failure();
      const backlog = backlogOf(figures, lostBefore ?? 0);
      if (failure !== undefined)
        return `not writing since ${new Date(failure.since).toISOString()}: ${failure.reason} (${backlog})`;
      const { problem, lost } = figures;
      if (problem !== null) return `the buffer on disk does not take readings: ${problem} (${backlog})`;
      const isBehind = waitingSince !== undefined && clock.monotonic() - waitingSince > backlogIsNewsMs;
      if (isBehind || lost.readings > (lostBefore ?? lost.readings)) return `catching up: ${backlog}`;
      return undefined;
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await Promise.race([running[0], clock.sleep(closeWithinMs)]);
      const last = take();
      if (link.up() && live === undefined && last.length > 0) live = send(last.slice(0, maxPerAppend)).done;
      else await keep(last);
      // A live append is on disk after half a second at the latest, so nothing of it is lost here.
      await Promise.race([live, clock.sleep(closeWithinMs)]);
      await readFigures();
      const lost = underWay + spare.state().readings;
      if (lost > 0) log.error({ lost }, 'historian: closed with readings that the disk did not take');
      await buffer.close();
    },
  };
}

/** Ids below zero are in memory, see core/buffer/disk.ts. */
const inMemory = -1;
function isOnDisk(id: number): boolean {
  return id > inMemory;
}

function backlogOf({ readings, oldestAt, bytes, lost, refused }: BufferState, lostBefore: number): string {
  const since = oldestAt === null ? '' : ` since ${new Date(oldestAt).toISOString()}`;
  const dropped = lost.readings - lostBefore;
  return [
    `${readings} readings wait on disk${since}, ${(bytes / 1e6).toFixed(1)} MB`,
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    ...(refused.readings > 0 ? [`${refused.readings} refused: ${refused.reason}`] : []),
  ].join(', ');
}
