import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHistorian } from '../../../server/historian/open.ts';
import { everything, reading, sample, silent, start, temporaryFolder } from './support.ts';

describe('choice of the historian', () => {
  test.each([undefined, ''])(
    'readings go to a file in the data folder when the address is %j',
    async (influxUrl) => {
      const dataDir = await temporaryFolder();
      const historian = await openHistorian({ dataDir, influxUrl, log: silent });
      const now = Date.now();
      await historian.append([reading('dc/a', now, 1)]);
      expect(await historian.raw('dc/a', everything, 10)).toEqual([sample(now, 1)]);
      await historian.close();
      expect(existsSync(join(dataDir, 'readings.db'))).toBe(true);
      await rm(dataDir, { recursive: true });
    },
  );

  test.each(['influx:8086', 'ftp://host/db', 'not an address', 'http://'])(
    'an address that is none (%s) is refused without being repeated',
    async (influxUrl) => {
      const opening = openHistorian({ dataDir: '', influxUrl, log: silent });
      await expect(opening).rejects.toThrow(
        /^PANTAU_INFLUX_URL: expected http:\/\/\[user:password@\]host:8086\[\/database\]$/,
      );
    },
  );

  test('opening does not fail when InfluxDB is away, the append does and tells', async () => {
    const historian = await openHistorian({ dataDir: '', influxUrl: 'http://127.0.0.1:1/db', log: silent });
    expect(historian.problem()).toBeUndefined();
    await expect(historian.append([reading('dc/a', start, 1)])).rejects.toThrow('ECONNREFUSED');
    expect(historian.problem()).toContain('InfluxDB did not take the last write');
  });
});
