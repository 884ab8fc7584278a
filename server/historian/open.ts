import { join } from 'node:path';
import type { Logger } from 'pino';
import { openBufferThread } from '../../core/buffer/thread.ts';
import type { Clock } from '../../core/clock.ts';
import type { Teardown } from '../../core/teardown.ts';
import { createHistorianWriter, type HistorianWriter } from './batching.ts';
import { createBufferedWriter } from './buffered.ts';
import { openEmbeddedHistorian } from './embedded/embedded.ts';
import type { PointFactsBook } from './facts.ts';
import type { Historian, StoredReading } from './historian.ts';
import { openInfluxHistorian } from './influx/influx.ts';
import type { Retention } from './tiers.ts';

const defaultDatabase = 'pantau';
/** 25 bytes each: about a quarter of an hour of the whole estate. */
const maxInMemory = 4_000_000;
/** A day of 5,000 readings/s takes about 1 GB. */
const bufferBytes = 6_000_000_000;

interface HistorianOptions {
  readonly dataDir: string;
  readonly influxUrl: string | undefined;
  readonly log: Logger;
  readonly facts?: Pick<PointFactsBook, 'of' | 'label'>;
  /** How long the store keeps what. */
  readonly retention?: Retention | undefined;
}

/**
 * The store, and the writer before it. With InfluxDB the writer has its buffer on disk, `history-buffer.db` in the data folder; the
 * embedded store is a file on the same disk, so the writer's buffer is in memory. Rejects on an invalid address.
 */
export async function openHistory(
  options: HistorianOptions & { readonly clock: Clock },
  teardown: Teardown,
): Promise<{ readonly historian: Historian; readonly writer: HistorianWriter }> {
  const { dataDir, influxUrl, clock, log } = options;
  if (influxUrl === undefined || influxUrl === '') {
    const historian = await openHistorian(options);
    teardown.add('historian', () => historian.close());
    const writer = createHistorianWriter({ historian, clock, log, maxBuffered: maxInMemory });
    teardown.add('historian writer', () => writer.close());
    return { historian, writer };
  }
  const buffer = await openBufferThread({
    path: join(dataDir, 'history-buffer.db'),
    limitBytes: bufferBytes,
    clock,
    log,
  });
  async function setAside(readings: readonly StoredReading[], reason: string): Promise<void> {
    await buffer.reject(await buffer.put(readings, { taken: true }), reason);
  }
  const historian = await openHistorian({
    ...options,
    setAside: (readings, reason) =>
      void setAside(readings, reason).catch((error: unknown) =>
        log.error({ err: error, reason }, 'historian: refused readings could not be set aside'),
      ),
  });
  teardown.add('historian', () => historian.close());
  const writer = createBufferedWriter({ historian, buffer, clock, log });
  teardown.add('historian writer', () => writer.close());
  return { historian, writer };
}

/**
 * InfluxDB when an address is given (`http://user:password@host:8086/database`, the database `pantau` unless named), else the file
 * `readings.db` in `dataDir`. Rejects on an invalid address.
 */
export async function openHistorian(
  options: HistorianOptions & {
    readonly clock?: Clock;
    readonly setAside?: (readings: readonly StoredReading[], reason: string) => void;
  },
): Promise<Historian> {
  const { dataDir, influxUrl, log, setAside, facts, retention } = options;
  const known = {
    ...(facts === undefined ? {} : { facts: facts.of }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(retention === undefined ? {} : { retention }),
  };
  if (influxUrl === undefined || influxUrl === '') {
    return openEmbeddedHistorian({ path: join(dataDir, 'readings.db'), log, ...known });
  }
  if (!URL.canParse(influxUrl) || !/^https?:\/\//.test(influxUrl)) {
    // Not quoted: it may hold a password.
    throw new Error('PANTAU_INFLUX_URL: expected http://[user:password@]host:8086[/database]');
  }
  const database = decodeURIComponent(new URL(influxUrl).pathname.slice(1));
  return openInfluxHistorian({
    url: influxUrl,
    database: database === '' ? defaultDatabase : database,
    log,
    ...known,
    ...(facts === undefined ? {} : { labels: facts.label }),
    ...(setAside === undefined ? {} : { setAside }),
  });
}
