import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { Device } from '../../../config/model.ts';
import type { Fault } from '../../../collectors/drivers/driver.ts';
import { snmpDriver } from '../../../collectors/drivers/snmp/driver.ts';
import { byName, deviceOf, integer, testAgent } from './agent.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const oid = '1.3.6.1.4.1.9999.1.0';
const profile = { points: [{ quantity: 'q0', unit: 'V', oid }] };
const never = new AbortController().signal;

/** An agent behind a relay that hands every request, and where it came from, to the test first. */
async function relayed(
  before: (request: Buffer, askerPort: number, send: (bytes: Buffer) => void) => void | Promise<void>,
) {
  const agent = await testAgent({ [oid]: integer(7) });
  cleanups.push(() => agent.close());
  const [front, back] = [createSocket('udp4'), createSocket('udp4')];
  for (const socket of [front, back]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    cleanups.push(() => void socket.close());
  }
  /** In the order of their requests, which is that of the answers. */
  const askers: number[] = [];
  front.on('message', (request, from) => {
    askers.push(from.port);
    void Promise.resolve(
      before(request, from.port, (bytes) => front.send(bytes, from.port, '127.0.0.1')),
    ).then(() => back.send(request, agent.port, '127.0.0.1'));
  });
  back.on('message', (bytes) => front.send(bytes, askers.shift(), '127.0.0.1'));
  const faults: Fault[] = [];
  const device = deviceOf(profile, front.address().port);
  const session = snmpDriver({ timeoutMs: 500, retries: 0 }).open(device, (fault) => faults.push(fault));
  cleanups.push(() => session.close());
  const poll = session.plan(device.points);
  return { agent, faults, read: async () => byName(await poll.read(never)) };
}

describe('what nobody asked for', () => {
  test('is dropped and counted when it comes from another port, though it looks like the answer', async () => {
    const stranger = createSocket('udp4').bind(0, '127.0.0.1');
    await once(stranger, 'listening');
    cleanups.push(() => void stranger.close());
    const { read, faults } = await relayed(
      (request, askerPort) =>
        new Promise((resolve) => {
          // The request itself with the tag of an answer: right version, community, id and OID.
          const forged = Buffer.from(request);
          forged[forged.indexOf(0xa0)] = 0xa2;
          stranger.send(forged, askerPort, '127.0.0.1', () => resolve());
        }),
    );
    expect(await read()).toEqual({ q0: 7 });
    expect(faults).toEqual(['wrongSource']);
  });

  test('is named when it is all that comes', async () => {
    const agent = await testAgent({ [oid]: integer(7) });
    cleanups.push(() => agent.close());
    const [front, other] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [front, other]) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      cleanups.push(() => void socket.close());
    }
    front.on('message', (request, { port }) => other.send(request, port, '127.0.0.1'));
    const device = deviceOf(profile, front.address().port);
    const session = snmpDriver({ timeoutMs: 300, retries: 0 }).open(device);
    cleanups.push(() => session.close());
    await expect(session.plan(device.points).read(never)).rejects.toThrow(
      `no answer, but one came from 127.0.0.1:${other.address().port}, which is refused`,
    );
  });

  test('is counted when an old answer is replayed, and never taken for the new one', async () => {
    let old: Buffer | undefined;
    const { read, faults, agent } = await relayed((_request, _port, send) => {
      if (old !== undefined) send(old);
    });
    agent.tap = (reply) => {
      old ??= reply;
      return reply;
    };
    expect(await read()).toEqual({ q0: 7 });
    agent.values = { [oid]: integer(8) };
    expect(await read()).toEqual({ q0: 8 });
    expect(faults).toEqual(['malformed']);
  });

  test('is not held against an agent whose answer comes after the timeout', async () => {
    const { read, faults } = await relayed(async () => {
      await new Promise((resolve) => setTimeout(resolve, 600));
    });
    await expect(read()).rejects.toMatchObject({ kind: 'timeout' });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(faults).toEqual([]);
  });

  test.each([
    [
      'another community',
      (reply: Buffer) => reply.fill('X', reply.indexOf('public'), reply.indexOf('public') + 6),
    ],
    ['another version', (reply: Buffer) => reply.fill(0, 4, 5)],
    ['half of it missing', (reply: Buffer) => reply.subarray(0, reply.length >> 1)],
  ])('is counted when it comes with %s', async (_what, spoil) => {
    const { read, faults, agent } = await relayed(() => undefined);
    agent.tap = (reply) => spoil(reply);
    await expect(read()).rejects.toMatchObject({ kind: 'timeout' });
    expect(faults).toEqual(['malformed']);
  });
});

describe('devices behind one agent', () => {
  test('are asked one after the other over one socket', async () => {
    const agent = await testAgent({ [oid]: integer(7) });
    cleanups.push(() => agent.close());
    const driver = snmpDriver({ timeoutMs: 1_000, retries: 0 });
    agent.delayMs = 30;
    const reads = Array.from({ length: 4 }, () => {
      const device = deviceOf(profile, agent.port);
      const session = driver.open(device);
      cleanups.push(() => session.close());
      return session.plan(device.points).read(never);
    });
    for (const raws of await Promise.all(reads)) expect(byName(raws)).toEqual({ q0: 7 });
    expect(agent.mostAtOnce).toBe(1);
    expect(agent.askers.size).toBe(1);
  });

  test('wait for a silent one no longer than a single timeout', async () => {
    const agent = await testAgent({ [oid]: integer(7) });
    cleanups.push(() => agent.close());
    const driver = snmpDriver({ timeoutMs: 300, retries: 5, deadlineMs: 1_500 });
    const good = deviceOf(profile, agent.port);
    const access = { version: '2c', community: 'nobody' } as const;
    const silent: Device = {
      ...good,
      address: { protocol: 'snmp', host: '127.0.0.1', port: agent.port, access },
    };
    agent.options = { community: 'public' };
    const order: string[] = [];
    const reads = [silent, good].map(async (device) => {
      const session = driver.open(device);
      cleanups.push(() => session.close());
      const outcome = await session
        .plan(device.points)
        .read(never)
        .catch(() => 'silent');
      order.push(typeof outcome === 'string' ? outcome : 'read');
    });
    await Promise.all(reads);
    expect(order).toEqual(['read', 'silent']);
  });
});
