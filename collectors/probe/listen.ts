import { pino } from 'pino';
import type { Device } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { FieldError, type RawValue } from '../drivers/driver.ts';
import { createMqttCollector } from '../drivers/mqtt/collector.ts';
import { usualZone } from '../drivers/mqtt/time.ts';
import { qualityCode, type Reading } from '../../core/reading.ts';
import { toRow, type ProbeRow } from './row.ts';

export interface ListenOptions {
  readonly clock: Clock;
  readonly forMs: number;
}

/**
 * What a device that reports by itself says within a time, the newest of every point; less is waited for where all have
 * spoken. A point that said nothing has a row that says so. Rejects with FieldError when nothing came at all.
 */
export async function listenOnce(device: Device, { clock, forMs }: ListenOptions): Promise<ProbeRow[]> {
  const heard = new Map<number, { raw: RawValue; reading: Reading }>();
  const complete = new AbortController();
  const collector = createMqttCollector({
    devices: [device],
    clock,
    zone: usualZone,
    log: pino({ level: 'silent' }),
    sink: () => undefined,
    onDecoded: (raws, readings) => {
      for (const [place, raw] of raws.entries()) {
        const reading = readings[place];
        if (reading !== undefined) heard.set(raw.point.index, { raw, reading });
      }
      if (device.points.every(({ index }) => heard.has(index))) complete.abort();
    },
  });
  collector.start();
  await clock.sleep(forMs, complete.signal);
  const [health] = collector.diagnostics();
  await collector.stop();
  if (heard.size === 0)
    throw new FieldError('timeout', silence(device, { forMs, lastError: health?.lastError }));
  return device.points.map((point) => {
    const known = heard.get(point.index);
    if (known !== undefined) return toRow(known.reading, known.raw, device);
    const reading = {
      point: point.index,
      at: clock.now(),
      value: Number.NaN,
      quality: qualityCode('never-read'),
    };
    return toRow(reading, { point, raw: null, note: `nothing within ${forMs / 1_000} s` }, device);
  });
}

function silence(
  { key, address }: Device,
  { forMs, lastError }: { forMs: number; lastError: string | undefined },
): string {
  const where = address.protocol === 'mqtt' ? ` of ${address.topic} at ${address.broker.url}` : '';
  const why = lastError === undefined ? '' : ` (${lastError})`;
  return `${key}: nothing came${where} within ${forMs / 1_000} s${why}; listen longer with --for 60s, or compare the address with the topics that the device publishes`;
}
