import { pino } from 'pino';
import type { Address, Device } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { FieldError, type RawValue } from '../drivers/driver.ts';
import { createMqttCollector } from '../drivers/mqtt/collector.ts';
import { usualZone } from '../drivers/json/time.ts';
import { type Reading, qualityCode } from '../../core/reading.ts';
import { type ProbeRow, toRow } from './row.ts';
import { CellReader } from '../drivers/snmp/cells.ts';
import { Agents } from '../drivers/snmp/agent.ts';
import { openConnection } from '../drivers/snmp/connection.ts';
import { withDeadline } from '../drivers/snmp/request.ts';
import { resolveAccess } from '../drivers/snmp/usm.ts';

export interface ListenOptions {
  readonly clock: Clock;
  readonly forMs: number;
}

/**
 * What a device that reports by itself sends within a time, the newest of every point; the wait ends early when all have
 * reported. A point without a message has a row that says so. Rejects with FieldError when nothing came at all.
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

export type SnmpAddress = Extract<Address, { protocol: 'snmp' }>;

export interface Patience {
  /** For one attempt at one request. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where the keys of v3 stand. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Talks to an agent outside any plan, and closes; rejects with the failure when it never answered. */
export async function converse<T>(
  address: SnmpAddress,
  patience: Patience,
  talk: (reader: CellReader) => Promise<T>,
): Promise<T> {
  const { host, port, access } = address;
  const credentials = resolveAccess(access, patience.env);
  const connection = await openConnection({
    agent: new Agents().at(host, port),
    credentials,
    onFault: () => undefined,
    timeoutMs: patience.timeoutMs,
    retries: 1,
  });
  try {
    return await withDeadline(patience.signal, Infinity, async (deadline) => {
      const reader = new CellReader(connection, deadline, { batch: 10 });
      const result = await talk(reader);
      const { failure } = reader;
      if (!reader.answered && failure !== undefined)
        throw new FieldError(failure.kind, `${host}:${port}: ${failure.message}`, { cause: failure });
      return result;
    });
  } finally {
    connection.close();
  }
}
