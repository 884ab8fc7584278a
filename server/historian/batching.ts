import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Historian, StoredReading } from './historian.ts';
import { isStorable } from './normalise.ts';

export interface HistorianWriter {
  /** Never blocks and never throws; drops the oldest when more than `maxBuffered` wait. */
  push(readings: readonly StoredReading[]): void;
  /** Readings waiting, dropped (too many waited, or they have no name or time) and written, since start. */
  stats(): { readonly buffered: number; readonly dropped: number; readonly written: number };
  /** Undefined when well, else what health shows. */
  problem(): string | undefined;
  /** Tries once more to write what waits; what then remains is counted as dropped and spoken. */
  close(): Promise<void>;
}

const tickMs = 500;
/** When catching up after an outage: one append stays a few MB. */
const maxPerAppend = 10_000;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Between pipeline and historian: collects readings to ticks of half a second, keeps what the historian did not take and tries
 * again ever more slowly. Bounded in memory (`maxBuffered` readings, about 100 bytes each); it forgets at kill -9, and an outage longer
 * than the bound loses the oldest: a spool on disk before InfluxDB is still to come.
 */
export function createHistorianWriter(options: {
  readonly historian: Pick<Historian, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxBuffered: number;
}): HistorianWriter {
  const { historian, clock, log, maxBuffered } = options;
  const closing = new AbortController();
  let waiting: StoredReading[] = [];
  let inFlight = 0;
  let dropped = 0;
  let droppedNow = 0;
  let unstorable = 0;
  let written = 0;
  let failures = 0;
  let failure: { readonly since: number; readonly reason: string } | undefined;

  function countDropped(count: number): void {
    if (droppedNow === 0)
      log.error({ maxBuffered }, 'historian: too many readings wait, the oldest are dropped');
    dropped += count;
    droppedNow += count;
  }

  function countUnstorable(count: number): void {
    if (count > 0 && unstorable === 0) log.error('historian: readings without a name or a time are dropped');
    dropped += count;
    unstorable += count;
  }

  function recovered(): void {
    if (failure === undefined && droppedNow === 0) return;
    log.info({ dropped: droppedNow }, 'historian: writing again');
    failure = undefined;
    failures = 0;
    droppedNow = 0;
  }

  function failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (failure === undefined) log.error({ reason }, 'historian: not writing, readings wait in memory');
    failure = { since: failure?.since ?? clock.now(), reason };
    failures += 1;
  }

  /** Returns false when the historian did not take it; the readings are then back in their place. */
  async function appendNext(): Promise<boolean> {
    const batch = waiting.splice(0, maxPerAppend);
    inFlight = batch.length;
    try {
      await historian.append(batch);
      written += batch.length;
      recovered();
      return true;
    } catch (error) {
      waiting = batch.concat(waiting);
      failed(error);
      return false;
    } finally {
      inFlight = 0;
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const wait = failures === 0 ? tickMs : Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
      await clock.until(clock.now() + wait, closing.signal);
      while (waiting.length > 0 && (await appendNext())) if (closing.signal.aborted) return;
    }
  }
  const running = run();

  return {
    push(readings) {
      let nameless = 0;
      for (const reading of readings) {
        if (isStorable(reading)) waiting.push(reading);
        else nameless += 1;
      }
      countUnstorable(nameless);
      const tooMany = Math.min(waiting.length, waiting.length + inFlight - maxBuffered);
      if (tooMany <= 0) return;
      waiting.splice(0, tooMany);
      countDropped(tooMany);
    },
    stats: () => ({ buffered: waiting.length + inFlight, dropped, written }),
    problem() {
      const lost = droppedNow === 0 ? '' : `, ${droppedNow} dropped`;
      const backlog = `${waiting.length + inFlight} readings wait${lost}`;
      if (failure !== undefined)
        return `not writing since ${new Date(failure.since).toISOString()}: ${failure.reason} (${backlog})`;
      return droppedNow === 0 ? undefined : `writing too slowly: ${backlog}`;
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await running;
      while (waiting.length > 0 && (await appendNext()));
      if (waiting.length === 0) return;
      log.error({ lost: waiting.length }, 'historian: closed with readings that were never written');
      dropped += waiting.length;
      waiting = [];
    },
  };
}
