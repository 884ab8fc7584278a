import { join } from 'node:path';
import type { Logger } from 'pino';
import { openEmbeddedHistorian } from './embedded/embedded.ts';
import type { Historian } from './historian.ts';
import { openInfluxHistorian } from './influx/influx.ts';

const defaultDatabase = 'pantau';

/**
 * InfluxDB when an address is given (`http://user:password@host:8086/database`, the database `pantau` unless named), else the file
 * `readings.db` in `dataDir`. Rejects on an address that is none and on a file that cannot be opened.
 */
export async function openHistorian(options: {
  readonly dataDir: string;
  readonly influxUrl: string | undefined;
  readonly log: Logger;
}): Promise<Historian> {
  const { dataDir, influxUrl, log } = options;
  if (influxUrl === undefined || influxUrl === '') {
    return openEmbeddedHistorian({ path: join(dataDir, 'readings.db'), log });
  }
  if (!URL.canParse(influxUrl) || !/^https?:\/\//.test(influxUrl)) {
    // Not quoted: it may hold a password.
    throw new Error('PANTAU_INFLUX_URL: expected http://[user:password@]host:8086[/database]');
  }
  const database = decodeURIComponent(new URL(influxUrl).pathname.slice(1));
  return openInfluxHistorian({ url: influxUrl, database: database === '' ? defaultDatabase : database, log });
}
