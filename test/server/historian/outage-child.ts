/** Writes one reading after the other while InfluxDB is away and prints each number once it is acknowledged, until it is killed. */
import { pino } from 'pino';
import { systemClock } from '../../../core/clock.ts';
import { createTeardown } from '../../../core/teardown.ts';
import { openHistory } from '../../../server/historian/open.ts';

const [influxUrl, dataDir = ''] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const { writer } = await openHistory({ dataDir, influxUrl, clock: systemClock, log }, createTeardown(log));
const start = Date.parse('2026-03-01T00:00:00Z');
for (let value = 0; ; value += 1) {
  await writer.append([{ point: 'dc/p', at: start + value * 1_000, value, quality: 0 }]);
  process.stdout.write(`${value}\n`);
}
