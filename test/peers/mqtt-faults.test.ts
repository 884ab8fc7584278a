import { rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Broker } from '../../config/model.ts';
import { eventually } from '../support/field.ts';
import { startMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { climate, listen } from '../support/mqtt-field.ts';
import { peer } from '../support/peers.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function mosquitto(program: string, lines?: readonly string[]): Promise<Mosquitto> {
  const broker = await startMosquitto(program, lines === undefined ? {} : { lines });
  cleanups.push(() => broker.stop());
  return broker;
}

function listening(entries: Parameters<typeof listen>[0]) {
  const result = listen(entries);
  cleanups.push(() => result.stop());
  return result;
}

const at = (port: number, version?: Broker['version']): Broker => ({
  key: 't/main',
  url: `mqtt://127.0.0.1:${port}`,
  ...(version === undefined ? {} : { version }),
});

/** A TCP server in front of a broker that can stop passing anything on, without closing. */
async function startProxy(target: number) {
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('data', (data) => void (silent || to.write(data)));
      from.on('close', () => silent || to.destroy());
      from.on('error', () => undefined);
    }
  }); // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, silence: (on: boolean) => (silent = on) };
}

/** Everything is allowed but one subscription. */
const barred = {
  defaultACLAccess: {
    publishClientSend: true,
    publishClientReceive: true,
    subscribe: true,
    unsubscribe: true,
  },
  anonymousGroup: 'everybody',
  groups: [{ groupname: 'everybody', roles: [{ rolename: 'reader' }] }],
  roles: [
    {
      rolename: 'reader',
      acls: [{ acltype: 'subscribeLiteral', topic: 'barred', allow: false, priority: 1 }],
    },
  ],
  clients: [],
};

describe('a broker', () => {
  test.for(['3.1.1', '5', undefined] as const)(
    'that was killed and started again is read as before, in version %s',
    async (version, context) => {
      const broker = await mosquitto(peer(context, 'mosquitto'));
      const { seen, said, health } = listening([climate(at(broker.port, version))]);
      await eventually('it is connected', () => said('broker connected').length === 1);
      expect(said(`"version":"${version ?? '5'}"`)).toHaveLength(1);
      await broker.restart('kill');
      await eventually('it is connected again', () => said('broker connected').length === 2);
      await eventually('it is subscribed again', () => broker.output().includes('climate/availability'));
      const client = await broker.connect();
      await client.publishAsync('climate', '{"temperature":22.5}', { qos: 1 });
      await eventually('the message came', () => seen.last('t/climate/temperature')?.value === 22.5);
      expect(health('climate')?.state).toBe('ok');
    },
  );

  test.for(['3.1.1', '5'] as const)(
    'that sends what it retained again after a restart brings no sign of life, in version %s',
    async (version, context) => {
      const store = `pantau-store-${process.pid}-${version}`;
      cleanups.push(() => rm(path.join(os.tmpdir(), store), { force: true }));
      const lines = ['allow_anonymous true', 'persistence true', `persistence_file ${store}`, `persistence_location ${os.tmpdir()}/`]; // prettier-ignore
      const broker = await mosquitto(peer(context, 'mosquitto'), lines);
      const client = await broker.connect();
      await client.publishAsync('climate', '{"temperature":99}', { retain: true, qos: 1 });
      const { seen, said, health } = listening([climate(at(broker.port, version)), climate(at(broker.port, version), 'other')]); // prettier-ignore
      await eventually('it is connected', () => said('broker connected').length === 1);
      await broker.restart();
      await eventually('it is connected again', () => said('broker connected').length === 2);
      const again = await broker.connect();
      await again.publishAsync('other', '{"temperature":21}', { qos: 1 });
      await eventually('a live message came', () => health('other')?.state === 'ok');
      expect(health('climate')).toMatchObject({ state: 'unknown', polls: 0 });
      expect(seen.last('t/climate/temperature')).toBeUndefined();
      // A live message of a device that asks for retention is news all the same.
      await again.publishAsync('climate', '{"temperature":23}', { qos: 1, retain: true });
      await eventually('it is read', () => health('climate')?.state === 'ok');
    },
  );

  test('whose network swallows everything is given up by the keep-alive and read again', async (context) => {
    const broker = await mosquitto(peer(context, 'mosquitto'));
    const proxy = await startProxy(broker.port);
    const { seen, said } = listening([climate(at(proxy.port))]);
    await eventually('it is connected', () => said('broker connected').length === 1);
    proxy.silence(true);
    await eventually('it is lost', () => said('Keepalive timeout').length === 1);
    proxy.silence(false);
    await eventually('it is connected again', () => said('broker connected').length === 2);
    const client = await broker.connect();
    await eventually('the message came', async () => {
      await client.publishAsync('climate', '{"temperature":22.5}', { qos: 1 });
      return seen.last('t/climate/temperature')?.value === 22.5;
    });
    expect(said('broker connected')).toHaveLength(2);
  });

  test('that accepts and never answers is tried again and again, and told once', async () => {
    let connections = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { said } = listening([climate(at(address.port))]);
    await eventually('it is tried again', () => connections >= 3);
    expect(said('connack timeout')).toHaveLength(1);
  });

  test.for(['3.1.1', '5'] as const)(
    'that refuses one topic is read for the others, and the device is told why, in version %s',
    async (version, context) => {
      const program = peer(context, 'mosquitto');
      const rules = path.join(os.tmpdir(), `pantau-rules-${process.pid}-${version}.json`);
      await writeFile(rules, JSON.stringify(barred));
      cleanups.push(() => rm(rules));
      const broker = await mosquitto(program, [
        'allow_anonymous true',
        'plugin /usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so',
        `plugin_opt_config_file ${rules}`,
      ]);
      const where = at(broker.port, version);
      const { said, health } = listening([climate(where, 'barred'), climate(where, 'good')]);
      await eventually('it is refused', () => said('subscription refused').length === 1);
      const client = await broker.connect();
      await client.publishAsync('good', '{"temperature":21}', { qos: 1 });
      await eventually('the other is read', () => health('good')?.state === 'ok');
      expect(health('barred')?.lastError).toMatch(/refuses the subscription to barred/);
      expect(health('good')?.lastError).toBeUndefined();
    },
  );

  test('through which one device floods, 10 MB long and a hundred thousand times, brings all of the others', async (context) => {
    // By default Mosquitto drops a message when 1,000 wait for a reader; what is tried here is the reader.
    const broker = await mosquitto(peer(context, 'mosquitto'), [
      'allow_anonymous true',
      'max_queued_messages 0',
    ]);
    const { said, health, seen } = listening([
      climate(at(broker.port), 'flood'),
      climate(at(broker.port), 'good'),
    ]);
    await eventually('it is connected', () => said('broker connected').length === 1);
    await eventually('it is subscribed', () => broker.output().includes('good/availability'));
    const [mad, sound] = [await broker.connect(), await broker.connect()];
    await mad.publishAsync('flood', Buffer.alloc(10_000_000, 0x5b));
    for (let round = 1; round <= 100; round += 1) {
      for (let number = 0; number < 1_000; number += 1) mad.publish('flood', '{"temperature":[[[');
      await sound.publishAsync('good', `{"temperature":${round / 10}}`, { qos: 1 });
    }
    await eventually('the last of the others came', () => seen.last('t/good/temperature')?.value === 10);
    expect(health('good')).toMatchObject({ polls: 100, malformed: 0, skipped: 0, state: 'ok' });
    await eventually('the flood is counted', () => (health('flood')?.skipped ?? 0) > 50_000);
    expect(health('flood')).toMatchObject({ state: 'unknown', polls: 0 });
    expect(health('flood')?.malformed).toBeGreaterThan(100);
    await eventually('it is said once', () => said('device floods').length >= 1);
  });

  test('that knows the user by another password says so', async (context) => {
    const broker = await mosquitto(peer(context, 'mosquitto'), ['allow_anonymous false']);
    const { said } = listening([climate({ ...at(broker.port), user: 'pantau', password: 'wrong' })]);
    await eventually('it is said', () => said('refuses the user or the password').length === 1);
    expect(said('broker connected')).toEqual([]);
  });
});
