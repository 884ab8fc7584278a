import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { adHocDevice } from '../../../config/build/points.ts';
import type { Device } from '../../../config/model.ts';
import { profileSchema } from '../../../config/schema/profile.ts';
import { type SnmpOptions, snmpDriver } from '../../../collectors/drivers/snmp/driver.ts';
import type { RawValue, Session } from '../../../collectors/drivers/driver.ts';
import { type ResponderOptions, respond } from '../../../simulator/snmp/responder.ts';
import { type SnmpValue, sortedSource } from '../../../simulator/snmp/source.ts';

type Values = Readonly<Record<string, SnmpValue>>;

export interface TestAgent {
  readonly port: number;
  /** What it answers with; may be changed at any time. */
  values: Values;
  options: ResponderOptions;
  /** Requests for which this holds get no answer. */
  silent: (request: Buffer) => boolean;
  /** Datagrams received so far. */
  requests: number;
  /** What is sent to the asker ahead of each answer. */
  noise: readonly Buffer[];
  /** Every answer on its way out: what is returned is sent. */
  tap: (reply: Buffer) => Buffer;
  /** How long an answer takes. */
  delayMs: number;
  /** Most requests that waited for an answer at the same time, and the ports they came from. */
  mostAtOnce: number;
  readonly askers: Set<number>;
  close(): Promise<void>;
}

/** An agent whose faults a test can choose, on real UDP. */
export async function testAgent(values: Values, options: ResponderOptions = {}): Promise<TestAgent> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const agent: TestAgent = {
    port: socket.address().port,
    values,
    options,
    silent: () => false,
    requests: 0,
    noise: [],
    tap: (reply) => reply,
    delayMs: 0,
    mostAtOnce: 0,
    askers: new Set(),
    close: () => new Promise((resolve) => void socket.close(() => resolve())),
  };
  let waiting = 0;
  socket.on('message', (datagram, from) => {
    agent.requests += 1;
    agent.askers.add(from.port);
    waiting += 1;
    agent.mostAtOnce = Math.max(agent.mostAtOnce, waiting);
    for (const bytes of agent.noise) socket.send(bytes, from.port, from.address);
    const source = sortedSource(
      Object.entries(agent.values).map(([oid, value]) => ({ oid, value })),
      (varbind) => varbind,
    );
    const reply = agent.silent(datagram) ? undefined : respond(datagram, source, agent.options);
    const send = (): void => {
      waiting -= 1;
      if (reply !== undefined) socket.send(agent.tap(reply), from.port, from.address);
    };
    if (agent.delayMs === 0) send();
    else setTimeout(send, agent.delayMs);
  });
  return agent;
}

export const integer = (value: number): SnmpValue => ({ type: 'integer', value });
export const text = (value: string): SnmpValue => ({ type: 'octets', value });

/** A device of a profile made for the test, all of whose parts are named. */
export function deviceOf(profile: object, port: number, version: '1' | '2c' = '2c'): Device {
  const head = { protocol: 'snmp', kind: 'ups', maker: 'test', model: 'test', source: 'test' };
  const parsed = { ...profileSchema.parse({ ...head, ...profile }), name: 'test/test' };
  return adHocDevice(parsed, {
    protocol: 'snmp',
    host: '127.0.0.1',
    port,
    access: { version, community: 'public' },
  });
}

export function openSession(device: Device, options: SnmpOptions = {}): Session {
  return snmpDriver({ timeoutMs: 150, retries: 0, ...options }).open(device);
}

/** `part/quantity` → raw value, or the reason there is none. */
export function byName(raws: readonly RawValue[]): Record<string, number | bigint | string> {
  return Object.fromEntries(
    raws.map(({ point, raw, reason }) => [
      point.part === undefined ? point.quantity : `${point.part}/${point.quantity}`,
      raw ?? `(${reason ?? 'no-value'})`,
    ]),
  );
}
