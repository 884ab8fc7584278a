/**
 * A collector whose field is a counter: every 100 ms each point of the site reads the next number, so that what is in the store
 * tells what was lost. Prints each number when it was handed over. Arguments: folder of the configuration, spool, server, first number.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import { systemClock } from '../../core/clock.ts';
import { createIngestClient } from '../../collectors/remote/client.ts';
import { createDelivery } from '../../collectors/remote/delivery.ts';
import { createDiskBuffer } from '../../core/buffer/disk.ts';
import { openOrReplaceFile } from '../../core/buffer/file.ts';
import { loadConfig } from '../../config/load.ts';

const [configDir = '', dir = '', url = '', first = '1'] = process.argv.slice(2);
const log = pino({ level: 'warn' }, destination(2));
const loaded = loadConfig(configDir);
if (!loaded.ok) throw new Error('the configuration is broken');
const { model } = loaded;
const points = model.points.filter(({ source }) => source.from === 'device');
const limitBytes = Number(process.env['FEEDER_SPOOL_BYTES'] ?? 1e9);
const delivery = createDelivery({
  model,
  clock: systemClock,
  log,
  random: Math.random,
  client: createIngestClient({ url, token: process.env['PANTAU_TOKEN'] ?? '', now: Date.now }),
  buffer: createDiskBuffer({
    file: openOrReplaceFile({ path: join(dir, 'spool.db'), limitBytes, log, now: Date.now }),
    log,
  }),
  run: randomBytes(12).toString('hex'),
  about: { version: '0', sites: ['drc'] },
  limitBytes,
  diagnostics: () => [],
});

let number = Number(first);
const feeding = setInterval(() => {
  const at = Date.now();
  delivery.sink(points.map((point) => ({ point: point.index, at, value: number, quality: 0 })));
  process.stdout.write(`${number}\n`);
  number += 1;
}, 100);
process.once('SIGTERM', () => {
  clearInterval(feeding);
  void delivery.stop().then(() => process.exit());
});
void delivery.start();
