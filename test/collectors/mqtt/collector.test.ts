import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, describe, expect, test } from 'vitest';
import { createMqttCollector } from '../../../collectors/drivers/mqtt/collector.ts';
import { maxPayloadBytes } from '../../../collectors/drivers/mqtt/message.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { climate, listen } from '../../support/mqtt-field.ts';
import { eventually, fieldModel, recorder, shippedProfile, silentLog } from '../../support/field.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

interface TestBroker {
  readonly port: number;
  readonly aedes: Aedes;
  subscriptions: string[];
  publish(topic: string, payload: string | Buffer, retain?: boolean): Promise<void>;
  stop(): Promise<void>;
}

async function startBroker(port = 0): Promise<TestBroker> {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const broker: TestBroker = {
    port: address.port,
    aedes,
    subscriptions: [],
    publish: (topic, payload, retain = false) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish' as const, topic, payload, qos: 1 as const, retain, dup: false };
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
  };
  aedes.on('subscribe', (subscriptions) =>
    broker.subscriptions.push(...subscriptions.map(({ topic }) => topic)),
  );
  return broker;
}

/** A door controller and a climate sensor on one broker, on a clock that stands still. */
async function field(prepare: (broker: TestBroker) => Promise<void> = async () => undefined) {
  let broker = await startBroker();
  cleanup.push(() => broker.stop());
  await prepare(broker);
  const clock = createFakeClock(Date.UTC(2026, 10, 23, 3, 30));
  const address = (topic: string) => ({
    protocol: 'mqtt' as const,
    broker: { key: 't/main', url: `mqtt://127.0.0.1:${broker.port}`, version: '3.1.1' as const },
    topic,
  });
  const model = fieldModel([
    { id: 'door', profile: shippedProfile('door/mqtt-controller'), address: address('acs') },
    { id: 'climate', profile: shippedProfile('env/mqtt-climate'), address: address('climate') },
  ]);
  const seen = recorder(model);
  const { devices } = model;
  const collector = createMqttCollector({
    devices,
    clock,
    sink: seen.sink,
    log: silentLog,
    zone: 'Asia/Jakarta',
  });
  cleanup.push(() => collector.stop());
  collector.start();
  await eventually('all topics are subscribed', () => broker.subscriptions.length >= 3);
  return {
    clock,
    seen,
    collector,
    publish: (topic: string, payload: string | Buffer, retain?: boolean) =>
      broker.publish(topic, payload, retain),
    health: (id: string) => collector.diagnostics().find(({ device }) => device.id === id),
    restart: async (before: (broker: TestBroker) => Promise<void> = async () => undefined) => {
      const { port } = broker;
      await broker.stop();
      broker = await startBroker(port);
      await before(broker);
      await eventually('all topics are subscribed anew', () => broker.subscriptions.length >= 3);
    },
    clients: () => broker.aedes.connectedClients,
  };
}

const door = (state: string, time: string): string =>
  JSON.stringify({ 'door-id': 1, 'door-state': state, timestamp: `2026-11-23 ${time} WIB` });

describe('a device that publishes', () => {
  test('is read at its own time, and its link says so', async () => {
    const { seen, publish, health } = await field();
    await publish('acs/door-1', door('open', '10:29:58'));
    await eventually('the door is read', () => seen.last('t/door/door-1/door-state') !== undefined);
    expect(seen.picture()).toMatchObject({ 'door/door-1/door-state': 'open', 'door/link': 'ok' });
    expect(seen.last('t/door/door-1/door-state')?.at).toBe(Date.UTC(2026, 10, 23, 3, 29, 58));
    expect(health('door')).toMatchObject({ state: 'ok', polls: 1, decodeErrors: 0 });
    expect(health('climate')).toMatchObject({ state: 'unknown', polls: 0 });
  });

  test('is lost when it says nothing for too long, and back with its next message', async () => {
    const { seen, clock, publish, health } = await field();
    await publish('acs/door-1', door('closed', '10:30:00'));
    await eventually('the door is read', () => health('door')?.state === 'ok');
    await clock.advance(34_000);
    expect(health('door')?.state).toBe('ok');
    await clock.advance(3_000);
    expect(seen.picture()).toMatchObject({ 'door/link': 'lost', 'door/door-1/door-state': 'closed' });
    expect(health('door')?.lastError).toMatch(/silent/);
    await publish('acs/door-1', door('closed', '10:31:00'));
    await eventually('the door is back', () => health('door')?.state === 'ok');
    expect(seen.picture()).toMatchObject({ 'door/link': 'ok' });
  });

  test('is lost when it never said anything', async () => {
    const { seen, clock } = await field();
    await clock.advance(70_000);
    expect(seen.picture()).toEqual({ 'door/link': 'lost', 'climate/link': 'lost' });
  });

  test('is lost at once when its last will says so, also when that is retained', async () => {
    const { publish, health } = await field();
    await publish('climate', '{"temperature":22}');
    await eventually('it is read', () => health('climate')?.state === 'ok');
    await publish('climate/availability', '{"state":"online"}', true);
    await publish('climate/availability', '{"state":"offline"}', true);
    await eventually('it is lost', () => health('climate')?.state === 'lost');
    await publish('climate', '{"temperature":22.5}');
    await eventually('it is back', () => health('climate')?.state === 'ok');
    expect(health('climate')).toMatchObject({ polls: 2 });
  });
});

describe('a retained message', () => {
  test('is not news: no link, and no value if nobody knows how old it is', async () => {
    const { seen, publish, health } = await field(async (broker) => {
      await broker.publish('climate', '{"temperature":99}', true);
      await broker.publish('acs/door-1', door('held', '07:00:00'), true);
    });
    await eventually('the door is read', () => seen.last('t/door/door-1/door-state') !== undefined);
    expect(seen.last('t/door/door-1/door-state')?.at).toBe(Date.UTC(2026, 10, 23, 0, 0, 0));
    expect(health('door')).toMatchObject({ state: 'unknown', lastAnswerAt: undefined });
    await publish('acs/door-1', door('closed', '10:30:00'));
    await eventually('a live message is read', () => health('door')?.state === 'ok');
    expect(seen.picture()).toEqual({ 'door/door-1/door-state': 'closed', 'door/link': 'ok' });
  });

  test('does not bring a dead device back after the broker was restarted', async () => {
    const { clock, health, restart } = await field();
    await clock.advance(70_000);
    await restart((broker) => broker.publish('climate', '{"temperature":21}', true));
    await clock.advance(5_000);
    expect(health('climate')).toMatchObject({ state: 'lost', polls: 0 });
  });
});

describe('a device that floods', () => {
  test('is sampled and says so, while its neighbour keeps every value', async () => {
    const { seen, clock, publish, health } = await field();
    for (let number = 0; number < 1_000; number += 1)
      await publish('climate', `{"temperature":${number / 100}}`);
    await publish('acs/door-1', door('open', '10:29:58'));
    await eventually('the neighbour is read', () => health('door')?.state === 'ok');
    const before = health('climate')?.polls ?? 0;
    expect(before).toBeLessThanOrEqual(200);
    await clock.advance(1_000);
    expect(seen.last('t/climate/temperature')?.value).toBe(9.99);
    expect(health('climate')).toMatchObject({ polls: before + 1, skipped: 1_000 - before });
    expect(health('climate')?.lastError).toMatch(/too many in one second/);
    expect(health('door')).toMatchObject({ polls: 1, skipped: 0, lastError: undefined });
  });
});

describe('a kept last will', () => {
  test('of a device that was heard since does not make it look dead', async () => {
    const { publish, health, restart } = await field();
    await publish('climate', '{"temperature":22}');
    await eventually('it is read', () => health('climate')?.state === 'ok');
    await restart((broker) => broker.publish('climate/availability', '{"state":"offline"}', true));
    await publish('acs/door-1', door('open', '10:29:58'));
    await eventually('what came later is read', () => health('door')?.state === 'ok');
    expect(health('climate')?.state).toBe('ok');
  });
});

describe('a bad message', () => {
  test.each([
    ['is no JSON', 'Online'],
    ['is no object', '23.5'],
    ['is empty', ''],
    ['is no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['is too large', Buffer.alloc(maxPayloadBytes + 1, 0x20)],
  ])('is counted and changes nothing when it %s', async (_what, payload) => {
    const { seen, publish, health } = await field();
    await publish('climate', payload);
    await eventually('it is counted', () => health('climate')?.malformed === 1);
    expect(health('climate')).toMatchObject({ state: 'unknown', decodeErrors: 0 });
    expect(health('climate')?.lastError).toBeTruthy();
    expect(health('door')).toMatchObject({ malformed: 0, decodeErrors: 0 });
    await publish('climate', '{"temperature":22}');
    await eventually('the next one is read', () => seen.last('t/climate/temperature')?.value === 22);
  });

  test('makes bad readings of the values that are wrong, and good ones of the others', async () => {
    const { seen, publish, health } = await field();
    await publish('climate', '{"temperature":[22],"humidity":44,"battery":"full"}');
    await eventually('it is read', () => seen.last('t/climate/humidity') !== undefined);
    expect(seen.picture()).toMatchObject({
      'climate/temperature': '!decode',
      'climate/humidity': '44',
      'climate/battery': '!decode',
    });
    expect(health('climate')?.decodeErrors).toBe(2);
  });

  test('is read at the time of its arrival when its own time is nonsense, and that is counted', async () => {
    const { seen, clock, publish, health } = await field();
    await publish('acs/door-1', '{"door-state":"open","timestamp":"noon"}');
    await eventually('the door is read', () => health('door')?.state === 'ok');
    expect(seen.last('t/door/door-1/door-state')?.at).toBe(clock.now());
    expect(health('door')?.decodeErrors).toBe(1);
  });
});

describe('the broker', () => {
  test('is subscribed anew when it was restarted and forgot everything', async () => {
    const { seen, publish, restart } = await field();
    await restart();
    await publish('climate', '{"temperature":24.5}');
    await eventually('messages come again', () => seen.last('t/climate/temperature') !== undefined);
    expect(seen.last('t/climate/temperature')?.value).toBe(24.5);
  });

  test('has no client left when the collector stops', async () => {
    const { collector, clients } = await field();
    expect(clients()).toBe(1);
    await collector.stop();
    await eventually('the client is gone', () => clients() === 0);
  });

  test('need not be there: starting and stopping works without it', async () => {
    const model = fieldModel([
      {
        id: 'climate',
        profile: shippedProfile('env/mqtt-climate'),
        address: { protocol: 'mqtt', broker: { key: 't/none', url: 'mqtt://127.0.0.1:9' }, topic: 'climate' },
      },
    ]);
    const lonely = createMqttCollector({
      devices: model.devices,
      clock: createFakeClock(),
      sink: () => undefined,
      log: silentLog,
      zone: 'Asia/Jakarta',
    });
    lonely.start();
    await lonely.stop();
    expect(lonely.diagnostics()[0]).toMatchObject({ state: 'unknown' });
  });
});

test('a genset that says it is gone loses its values and its link at once, and is back with its next value', async () => {
  const broker = await startBroker();
  cleanup.push(() => broker.stop());
  const address = { key: 't/main', url: `mqtt://127.0.0.1:${broker.port}`, version: '3.1.1' as const };
  const profile = shippedProfile('genset/victron-genset-mqtt');
  const topic = 'portal/genset/40';
  const { seen, health, stop } = listen([
    { id: 'genset', profile, address: { protocol: 'mqtt', broker: address, topic } },
  ]);
  cleanup.push(stop);
  await eventually('it is subscribed', () => broker.subscriptions.length >= 20);
  await broker.publish(`N/${topic}/Engine/Speed`, '{"value":1500}');
  await eventually('it is read', () => seen.last('t/genset/speed')?.value === 1_500);
  await broker.publish(`N/${topic}/Engine/Speed`, '');
  await eventually('it is lost', () => health('genset')?.state === 'lost');
  expect(seen.picture()).toMatchObject({ 'genset/speed': '!disconnected', 'genset/link': 'lost' });
  expect(health('genset')).toMatchObject({ malformed: 0, lastError: expect.stringContaining('gone') });
  await broker.publish(`N/${topic}/Engine/Speed`, '{"value":1480}');
  await eventually('it is back', () => health('genset')?.state === 'ok');
  expect(seen.picture()).toMatchObject({ 'genset/speed': '1480', 'genset/link': 'ok' });
});

test('a broker that knows only 3.1.1 is read without being told so', async () => {
  const broker = await startBroker();
  cleanup.push(() => broker.stop());
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const listening = listen([climate({ key: 't/main', url })]);
  cleanup.push(() => listening.stop());
  await eventually('it is subscribed', () => broker.subscriptions.length >= 2);
  expect(listening.said('"version":"3.1.1"')).toHaveLength(1);
  await broker.publish('climate', '{"temperature":22}');
  await eventually('it is read', () => listening.health('climate')?.state === 'ok');
});
