import type { MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { decodePayload } from '../../collectors/drivers/mqtt/sparkplug/payload.ts';
import type { Broker } from '../../config/model.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { eventually, shippedProfile } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { listen } from '../support/mqtt-field.ts';
import { peer } from '../support/peers.ts';
import { sparkplugPayload, type SentMetric } from '../support/sparkplug.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const start = Date.UTC(2026, 10, 24, 3);
const topicsOfEdge = 6;

/** Debian's broker, a gateway with one device behind it, and a collector on a clock that stands still. */
async function field(program: string, rebirth?: boolean) {
  const mosquitto = await startMosquitto(program);
  cleanups.push(() => mosquitto.stop());
  const clock = createFakeClock(start);
  const broker: Broker = {
    key: 't/main',
    url: `mqtt://127.0.0.1:${mosquitto.port}`,
    ...(rebirth === undefined ? {} : { rebirth }),
  };
  const profile = shippedProfile('generic/sparkplug');
  const states = { false: { name: 'stopped', code: 0 }, true: { name: 'running', code: 1 } };
  const collector = listen(
    [
      {
        id: 'gateway',
        profile,
        address: { protocol: 'mqtt', broker, topic: 'Plant 1/gw' },
        inputs: [{ input: 'temperature', quantity: 'temperature', unit: '°C' }],
      },
      {
        id: 'genset',
        profile,
        address: { protocol: 'mqtt', broker, topic: 'Plant 1/gw/genset' },
        inputs: [
          { input: 'power', quantity: 'power', unit: 'kW', scale: 0.001 },
          { input: 'running', quantity: 'running', unit: 'state', states },
        ],
      },
    ],
    clock,
  );
  cleanups.push(() => collector.stop());
  await eventually('all topics are subscribed', () => subscriptions(mosquitto.output()) >= topicsOfEdge);
  return { mosquitto, clock, ...collector };
}

function subscriptions(log: string): number {
  return (log.match(/^\d+: mqttjs_\S+ 0 spBv1\.0\//gm) ?? []).length;
}

const bdSeq = (long: number): SentMetric => ({ name: 'bdSeq', type: 8, long });

/** The gateway: what it is asked, and what it says. Its death is its last will. */
async function gateway(mosquitto: Awaited<ReturnType<typeof field>>['mosquitto'], session: number) {
  const client: MqttClient = await mosquitto.connect({
    clientId: `edge-${session}`,
    reconnectPeriod: 0,
    will: {
      topic: 'spBv1.0/Plant 1/NDEATH/gw',
      payload: sparkplugPayload(undefined, [bdSeq(session)], start),
      qos: 1,
      retain: false,
    },
  });
  const asked: unknown[] = [];
  client.on('message', (topic, payload) => {
    const [metric] = decodePayload(payload).metrics;
    asked.push([topic, metric?.name, metric?.value]);
  });
  await client.subscribeAsync('spBv1.0/Plant 1/NCMD/gw', { qos: 1 });
  const say = (type: string, seq: number, metrics: SentMetric[]) => {
    const [kind = '', device] = type.split('/');
    const tail = device === undefined ? '' : `/${device}`;
    const payload = sparkplugPayload(seq, metrics, start + 500);
    return client.publishAsync(`spBv1.0/Plant 1/${kind}/gw${tail}`, payload);
  };
  return {
    asked,
    say,
    /** The names are told here and nowhere else. */
    birth: async () => {
      await say('NBIRTH', 0, [bdSeq(session), { name: 'Temperature', alias: 1, type: 2, int: 21 }]);
      await say('DBIRTH/genset', 1, [
        { name: 'Power', alias: 2, type: 9, float: 0 },
        { name: 'Running', alias: 3, type: 11, boolean: false },
      ]);
    },
    /** The cable is cut: the broker speaks the will. */
    die: () => client.stream.destroy(),
  };
}

const rebirth = ['spBv1.0/Plant 1/NCMD/gw', 'Node Control/Rebirth', true];

describe('An edge node behind Mosquitto', () => {
  test('is born, heard by aliases, asked anew after a gap, and lost with its device when it dies', async (context) => {
    const { mosquitto, clock, seen, health } = await field(peer(context, 'mosquitto'));
    const edge = await gateway(mosquitto, 1);
    await clock.advance(1_000);
    await eventually('a new connection asks for the birth', () => edge.asked.length === 1);
    expect(edge.asked).toEqual([rebirth]);

    await edge.birth();
    await edge.say('NDATA', 2, [{ alias: 1, int: 0x1_0000 - 4 }]);
    await edge.say('DDATA/genset', 3, [
      { alias: 2, float: 412_500 },
      { alias: 3, boolean: true },
    ]);
    await eventually('the data is read', () => seen.picture()['genset/power'] === '412.5');
    expect(seen.picture()).toEqual({
      'gateway/temperature': '-4',
      'gateway/link': 'ok',
      'genset/power': '412.5',
      'genset/running': 'running',
      'genset/link': 'ok',
    });
    expect(seen.last('t/genset/power')?.at).toBe(start + 500);

    await clock.advance(20_000);
    expect(edge.asked).toHaveLength(1);
    await edge.say('DDATA/genset', 9, [{ alias: 2, float: 400_000 }]);
    await eventually('what came after a gap is read', () => seen.picture()['genset/power'] === '400');
    expect(health('gateway')?.lastError).toBe('Plant 1/gw: message 9 came after 3');
    await clock.advance(1_000);
    await eventually('the gap asks for a birth', () => edge.asked.length === 2);
    expect(edge.asked[1]).toEqual(rebirth);

    await edge.birth();
    await eventually('the birth is read', () => seen.picture()['genset/power'] === '0');
    edge.die();
    await eventually('both are lost', () => health('genset')?.state === 'lost');
    expect(seen.picture()).toEqual({
      'gateway/temperature': '!disconnected',
      'gateway/link': 'lost',
      'genset/power': '!disconnected',
      'genset/running': '!disconnected',
      'genset/link': 'lost',
    });
    expect(health('genset')?.lastError).toBe('Plant 1/gw is gone');

    const next = await gateway(mosquitto, 2);
    await next.birth();
    await eventually('it is back', () => health('genset')?.state === 'ok');
    expect(seen.picture()).toMatchObject({ 'gateway/temperature': '21', 'genset/running': 'stopped' });
  });

  test('is never asked when its site forbids it', async (context) => {
    const { mosquitto, clock, health } = await field(peer(context, 'mosquitto'), false);
    const edge = await gateway(mosquitto, 1);
    await edge.say('NDATA', 7, [{ alias: 1, int: 4 }]);
    await eventually('it is heard', () => health('gateway')?.state === 'ok');
    await clock.advance(30_000);
    await edge.say('NDATA', 8, []);
    await eventually('it is heard again', () => health('gateway')?.polls === 2);
    expect(mosquitto.output()).not.toMatch(/Received PUBLISH from mqttjs_/);
    expect(edge.asked).toEqual([]);
  });

  test('is not alive by messages the broker kept', async (context) => {
    const program = peer(context, 'mosquitto');
    const mosquitto = await startMosquitto(program);
    cleanups.push(() => mosquitto.stop());
    const client = await mosquitto.connect();
    const birth = sparkplugPayload(0, [{ name: 'Temperature', alias: 1, type: 3, int: 99 }], start);
    await client.publishAsync('spBv1.0/G/NBIRTH/n', birth, { retain: true, qos: 1 });
    const broker = { key: 't/main', url: `mqtt://127.0.0.1:${mosquitto.port}` };
    const { seen, health, stop } = listen([
      {
        id: 'node',
        profile: shippedProfile('generic/sparkplug'),
        address: { protocol: 'mqtt', broker, topic: 'G/n' },
        inputs: [{ input: 'temperature', quantity: 'temperature', unit: '°C' }],
      },
    ]);
    cleanups.push(stop);
    await eventually('all topics are subscribed', () => subscriptions(mosquitto.output()) >= topicsOfEdge);
    await client.publishAsync('spBv1.0/G/NDATA/n', Buffer.from('no payload'), { qos: 1 });
    await eventually('what came live is counted', () => health('node')?.malformed === 1);
    expect(health('node')).toMatchObject({ state: 'unknown', polls: 0 });
    expect(seen.picture()).toEqual({});
  });
});
