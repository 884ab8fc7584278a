import { pino } from 'pino';
import type { Device } from '../../config/model.ts';
import { isSparkplug } from '../../config/schema/profile.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reading } from '../../core/reading.ts';
import { FieldError, type RawValue } from '../drivers/driver.ts';
import { usualZone } from '../drivers/json/time.ts';
import { connectBroker } from '../drivers/mqtt/broker.ts';
import { readMessage } from '../drivers/mqtt/message.ts';
import { planRoutes } from '../drivers/mqtt/routes.ts';
import { toReadings } from '../profile/decode.ts';
import { type ProbeRow, toRow } from './row.ts';

interface RecordedMessage {
  readonly topic: string;
  readonly payload: string;
}

/** More say no more about the model. */
const mostMessages = 100;

/** What a device published in a time, in its order. Rejects with FieldError when nothing came. */
export async function recordMessages(
  device: Device,
  { clock, forMs }: { readonly clock: Pick<Clock, 'sleep'>; readonly forMs: number },
): Promise<RecordedMessage[]> {
  const { address, profile } = device;
  if (address.protocol !== 'mqtt' || isSparkplug(profile))
    throw new TypeError(`${device.key} publishes no messages that are text`);
  const messages: RecordedMessage[] = [];
  const full = new AbortController();
  const connection = connectBroker({
    broker: address.broker,
    filters: planRoutes([device]).filters,
    onConnect: () => undefined,
    onMessage: (topic, { payload }) => {
      if (messages.length < mostMessages) messages.push({ topic, payload: payload.toString('utf8') });
      else full.abort();
    },
    onTrouble: () => undefined,
    onRefused: () => undefined,
    log: pino({ level: 'silent' }),
  });
  await clock.sleep(forMs, full.signal);
  const trouble = connection.trouble();
  await connection.end();
  if (messages.length === 0) {
    const why = trouble === undefined ? '' : ` (${trouble})`;
    const place = `${address.topic} at ${address.broker.url}`;
    throw new FieldError(
      'timeout',
      `nothing came of ${place} within ${forMs / 1_000} s${why}; --for 10m listens longer`,
    );
  }
  return messages;
}

/** What a device's profile makes of its messages, the last value of every point, and how many values could not be read. */
export function replayMessages(
  device: Device,
  messages: readonly RecordedMessage[],
): { readonly rows: readonly ProbeRow[]; readonly decodeErrors: number } {
  const routes = planRoutes([device]);
  const newest = new Map<number, { readonly raw: RawValue; readonly reading: Reading }>();
  let errors = 0;
  for (const { topic, payload } of messages)
    for (const route of routes.find(topic)) {
      const message = { payload: Buffer.from(payload), retained: false };
      // Not now: messages are replayed for years, and their times are no wrong clock.
      const parsed = readMessage(route, message, { zone: usualZone, now: 0 });
      const { readings, decodeErrors } = toReadings(parsed.values, 0);
      errors += parsed.errors.length + decodeErrors;
      for (const [place, raw] of parsed.values.entries()) {
        const reading = readings[place];
        if (reading !== undefined) newest.set(raw.point.index, { raw, reading });
      }
    }
  const rows = [...newest.values()].map(({ raw, reading }) => toRow(reading, raw, device));
  return { rows, decodeErrors: errors };
}
