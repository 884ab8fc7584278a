import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { createTrapReceiver } from '../../../../collectors/drivers/snmp/traps/receiver.ts';
import type { Lookup } from '../../../../collectors/drivers/snmp/traps/senders.ts';
import type { SnmpAccess } from '../../../../config/schema/site.ts';
import { profileSchema, type Profile } from '../../../../config/schema/profile.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { fieldModel, recorder } from '../../../support/field.ts';
import { capturedLog } from '../../../server/support/http.ts';

const publicAccess: SnmpAccess = { version: '2c', community: 'public' };

/** A profile of a UPS with a scalar and a table, whose traps the test says. */
export function trapProfile(traps: readonly object[], more: object = {}): Profile {
  const states = { '3': 'normal', '5': 'battery', '9': { name: 'unknown', bad: 'no-value' } };
  return {
    ...profileSchema.parse({
      protocol: 'snmp', kind: 'ups', maker: 'none', model: 'with traps', source: 'made up for these tests',
      points: [
        { quantity: 'output-source', unit: 'state', oid: '1.3.6.1.4.1.1.1.0', states },
        { quantity: 'autonomy', unit: 's', oid: '1.3.6.1.4.1.1.2.0', scale: 60, sentinels: { '-1': 'no-value' } },
        { quantity: 'battery-charge', unit: '%', oid: '1.3.6.1.4.1.1.3.0', scale: 0.1, orElse: [{ oid: '1.3.6.1.4.1.1.4.0' }] },
      ],
      tables: [
        {
          group: 'inputs', entry: '1.3.6.1.4.1.1.9.1', part: 'l{index}', parts: ['l1', 'l2'],
          points: [{ quantity: 'voltage', unit: 'V', column: 3, plausible: [0, 500] }],
        },
      ],
      traps,
      ...more,
    }),
    name: 'ups/with-traps',
  }; // prettier-ignore
}

interface DeviceSpec {
  readonly id: string;
  readonly profile: Profile;
  readonly host?: string;
  readonly access?: SnmpAccess;
}

export interface BenchOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly lookup?: Lookup;
}

/** The receiver on a real socket, with a stranger's and an agent's socket to send from; the clock stands still. */
export async function trapBench(devices: readonly DeviceSpec[], { env = {}, lookup }: BenchOptions = {}) {
  const clock = createFakeClock();
  const model = fieldModel(
    devices.map(({ id, profile, host = '127.0.0.1', access = publicAccess }) => ({
      id,
      profile,
      address: { protocol: 'snmp', host, port: 161, access },
    })),
  );
  const seen = recorder(model);
  const nudged: string[] = [];
  const { log, lines } = capturedLog();
  const receiver = createTrapReceiver({
    devices: model.devices,
    place: { port: 0, host: '127.0.0.1' },
    clock,
    sink: seen.sink,
    log,
    nudge: ({ id }) => nudged.push(id),
    env,
    ...(lookup === undefined ? {} : { lookup }),
  });
  const port = await receiver.start();
  onTestFinished(() => receiver.stop());
  if (port === undefined) throw new Error(receiver.problem());
  const counted = (): number => receiver.counters().received;
  /** From an address of the loopback net; resolves when the receiver has counted all of them. */
  const send = async (datagrams: readonly Buffer[], from = '127.0.0.1'): Promise<void> => {
    const socket = createSocket('udp4').bind(0, from);
    await once(socket, 'listening');
    for (const datagram of datagrams) {
      const before = counted();
      socket.send(datagram, port, '127.0.0.1');
      while (counted() === before) await new Promise((resolve) => setImmediate(resolve));
    }
    socket.close();
  };
  return { clock, seen, nudged, lines, receiver, port, send };
}
