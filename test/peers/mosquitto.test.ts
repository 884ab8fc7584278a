import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createCollectors } from '../../collectors/create.ts';
import { eventually, fieldModel, recorder, shippedProfile, silentLog } from '../support/field.ts';
import { peer } from '../support/peers.ts';
import { freePort, startPeer } from '../support/process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Debian's broker, a client that publishes, and the collectors listening. */
async function field(program: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-mosquitto-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const port = await freePort();
  const config = path.join(folder, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type all\n`);
  const start = () => startPeer(program, ['-c', config], /mosquitto version .* running/);
  let broker = await start();
  cleanups.push(() => broker.stop());

  const connect = async () => {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
    cleanups.push(() => client.endAsync(true));
    return client;
  };
  const topics = 4;
  const address = { key: 't/main', url: `mqtt://127.0.0.1:${port}` };
  const model = fieldModel([
    {
      id: 'gateway',
      profile: shippedProfile('meter/mqtt-rack-gateway'),
      address: { protocol: 'mqtt', broker: address, topic: 'power/row-a' },
      parts: { 'rack-feed': ['a01-a', 'a01-b'] },
    },
    {
      id: 'climate',
      profile: shippedProfile('env/mqtt-climate'),
      address: { protocol: 'mqtt', broker: address, topic: 'climate/a01' },
    },
  ]);
  const seen = recorder(model);
  const collectors = createCollectors({ model, clock: systemClock, sink: seen.sink, log: silentLog });
  cleanups.push(() => collectors.stop());
  const subscribed = () =>
    eventually(
      'mosquitto has all subscriptions',
      () => (broker.output().match(/^\d+: mqttjs_\S+ 0 /gm) ?? []).length >= topics,
    );
  return {
    seen,
    connect,
    subscribed,
    start: () => collectors.start(),
    health: (id: string) => collectors.diagnostics().find(({ device }) => device.id === id),
    restart: async () => {
      await broker.stop();
      broker = await start();
    },
  };
}

const power = (watts: number): string =>
  JSON.stringify({ time: new Date().toISOString(), power: watts, current: 9.5 });

describe('Mosquitto with clients that publish', () => {
  test('brings their messages as readings of their parts', async (context) => {
    const { seen, start, connect, subscribed, health } = await field(peer(context, 'mosquitto'));
    start();
    await subscribed();
    const client = await connect();
    await client.publishAsync('power/row-a/a01-a', power(2_140));
    await client.publishAsync('power/row-a/a01-b', power(1_985), { qos: 1 });
    await client.publishAsync('climate/a01', '{"temperature":23.4,"humidity":45}');
    await eventually(
      'all is read',
      () => health('climate')?.state === 'ok' && health('gateway')?.polls === 2,
    );
    expect(seen.picture()).toEqual({
      'gateway/a01-a/power': '2.14',
      'gateway/a01-a/current': '9.5',
      'gateway/a01-b/power': '1.985',
      'gateway/a01-b/current': '9.5',
      'gateway/link': 'ok',
      'climate/temperature': '23.4',
      'climate/humidity': '45',
      'climate/link': 'ok',
    });
  });

  test('survives its own restart: subscribed anew, messages come again', async (context) => {
    const { seen, start, connect, subscribed, restart } = await field(peer(context, 'mosquitto'));
    start();
    await subscribed();
    await restart();
    await subscribed();
    const client = await connect();
    await client.publishAsync('climate/a01', '{"temperature":24.5}');
    await eventually('the message came', () => seen.last('t/climate/temperature') !== undefined);
    expect(seen.last('t/climate/temperature')?.value).toBe(24.5);
  });

  test('hands on retained messages, which are not news', async (context) => {
    const { seen, start, connect, subscribed, health } = await field(peer(context, 'mosquitto'));
    const client = await connect();
    await client.publishAsync('climate/a01', '{"temperature":99}', { retain: true, qos: 1 });
    start();
    await subscribed();
    await client.publishAsync('climate/a01', '{"humidity":45}', { qos: 1 });
    await eventually('the live message is read', () => health('climate')?.polls === 1);
    expect(seen.picture()).toEqual({ 'climate/humidity': '45', 'climate/link': 'ok' });
  });

  test('hands on text that is no JSON, which is counted where it belongs', async (context) => {
    const { seen, start, connect, subscribed, health } = await field(peer(context, 'mosquitto'));
    start();
    await subscribed();
    const client = await connect();
    await client.publishAsync('power/row-a/a01-a', 'Online', { qos: 1 });
    await client.publishAsync('climate/a01', '{"temperature":23.4}', { qos: 1 });
    await eventually('the good message is read', () => health('climate')?.state === 'ok');
    expect(health('gateway')).toMatchObject({
      malformed: 1,
      decodeErrors: 0,
      state: 'unknown',
      lastError: 'no JSON: Online',
    });
    expect(health('climate')).toMatchObject({ malformed: 0 });
    expect(seen.picture()).toEqual({ 'climate/temperature': '23.4', 'climate/link': 'ok' });
  });
});
