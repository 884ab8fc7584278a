import type { Logger } from 'pino';
import { createMemoryBuffer } from '../../core/buffer/memory.ts';
import type { Clock } from '../../core/clock.ts';
import type { Historian, StoredReading } from './historian.ts';
import { createStoreLink } from './link.ts';
import { isStorable } from './normalise.ts';

export interface HistorianWriter {
  /** Never blocks and never throws. */
  push(readings: readonly StoredReading[]): void;
  /** Resolves once the readings survive a power cut, in the store or in a buffer on disk; rejects when they do not. */
  append(readings: readonly StoredReading[]): Promise<void>;
  /** Readings that wait, were dropped (too many waited, or they have no name or time) and were written, since start. */
  stats(): { readonly buffered: number; readonly dropped: number; readonly written: number };
  /** Undefined when well, else what health shows. */
  problem(): string | undefined;
  close(): Promise<void>;
}

const tickMs = 500;
/** One append stays a few MB when catching up. */
const maxPerAppend = 10_000;

/**
 * Between pipeline and a store on this machine: collects readings to ticks of half a second, keeps in memory what the store did
 * not take, in order, and tries again with growing pauses. Bounded to `maxBuffered` readings of 25 bytes; the oldest are dropped.
 * `close` tries once more to write what waits; what then remains is counted as dropped and logged.
 */
export function createHistorianWriter(options: {
  readonly historian: Pick<Historian, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxBuffered: number;
}): HistorianWriter {
  const { historian, clock, log, maxBuffered } = options;
  const buffer = createMemoryBuffer({ maxReadings: maxBuffered });
  const link = createStoreLink({ clock, log, where: 'in memory' });
  const unstorable = createUnstorableCounter(log);
  const closing = new AbortController();
  let droppedNow = 0;
  let dropped = 0;
  let written = 0;

  function countDropped(count: number): void {
    if (count === 0) return;
    if (droppedNow === 0)
      log.error({ maxBuffered }, 'historian: too many readings wait, the oldest are dropped');
    dropped += count;
    droppedNow += count;
  }

  /** Returns false when there is nothing to write or the store did not take it. */
  async function appendNext(): Promise<boolean> {
    const batch = buffer.next();
    if (batch === undefined) return false;
    try {
      await historian.append(batch.readings);
      buffer.accept(batch.id);
      written += batch.readings.length;
      if (link.up() && droppedNow > 0) log.info({ dropped: droppedNow }, 'historian: writing again');
      link.succeeded();
      droppedNow = 0;
      return true;
    } catch (error) {
      buffer.retry(batch.id);
      link.failed(error);
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(link.up() ? tickMs : link.waitMs(), closing.signal);
      while (!closing.signal.aborted && (await appendNext()));
    }
  }
  const running = run();

  return {
    push(readings) {
      const storable = unstorable.without(readings);
      for (let from = 0; from < storable.length; from += maxPerAppend)
        buffer.put(storable.slice(from, from + maxPerAppend));
      countDropped(buffer.takeLost().readings);
    },
    append: (readings) => historian.append(readings, { throughPowerCut: true }),
    stats: () => ({ buffered: buffer.state().readings, dropped: dropped + unstorable.count(), written }),
    problem() {
      const failure = link.failure();
      const backlog = `${buffer.state().readings} readings wait${droppedNow === 0 ? '' : `, ${droppedNow} dropped`}`;
      if (failure !== undefined)
        return `not writing since ${new Date(failure.since).toISOString()}: ${failure.reason} (${backlog})`;
      return droppedNow === 0 ? undefined : `writing too slowly: ${backlog}`;
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await running;
      while (await appendNext());
      const lost = buffer.state().readings;
      if (lost === 0) return;
      log.error({ lost }, 'historian: closed with readings that were never written');
      dropped += lost;
      for (let batch = buffer.next(); batch !== undefined; batch = buffer.next()) buffer.accept(batch.id);
    },
  };
}

/** No store has a place for a reading without a name or a time: such ones are dropped, counted, and logged the first time. */
export function createUnstorableCounter(log: Logger) {
  let count = 0;
  return {
    count: () => count,
    without(readings: readonly StoredReading[]): readonly StoredReading[] {
      if (readings.every(isStorable)) return readings;
      if (count === 0) log.error('historian: readings without a name or a time are dropped');
      const storable = readings.filter(isStorable);
      count += readings.length - storable.length;
      return storable;
    },
  };
}
