import { connect as connectTcp } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseTime } from '../../../collectors/drivers/json/time.ts';
import type { Device } from '../../../config/model.ts';
import { serveMqtt, type Publishers } from '../../../simulator/devices/mqtt.ts';
import { timeText } from '../../../simulator/devices/payload.ts';
import { Wheel } from '../../../simulator/devices/endpoint.ts';
import type { Field } from '../../../simulator/field.ts';
import { freePort } from '../../support/process.ts';
import { findDevice, morning, moved, second, shippedModel, startField } from '../support.ts';

const model = shippedModel();
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface ReceivedTrap {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
}

/** The devices at a broker of their own, a client that hears everything, and time to be turned by hand. */
async function serve(devices: readonly Device[], field: Field) {
  const port = await freePort();
  const [publishers] = await serveMqtt(
    devices.map((device) => moved(device, port)),
    field,
  );
  if (publishers === undefined) throw new Error('no broker');
  closing.push(() => publishers.close());
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  closing.push(() => client.endAsync(true));
  const heard: ReceivedTrap[] = [];
  client.on('message', (topic, payload, { retain }) =>
    heard.push({ topic, text: payload.toString(), retained: retain }),
  );
  await client.subscribeAsync('#');
  return { port, publishers, client, heard };
}

/** Turns the wheel over a time, then waits until a last message of our own has come: all before it have. */
async function turn(
  { publishers, client, heard }: { publishers: Publishers; client: mqtt.MqttClient; heard: ReceivedTrap[] },
  field: Field,
  { from, ms }: { from: number; ms: number },
): Promise<ReceivedTrap[]> {
  const before = heard.length;
  for (let now = from; now < from + ms; now += 100) {
    field.advance(now);
    publishers.turn(now);
  }
  await publishers.idle();
  // Another name each time: the last message of before must not be taken for it.
  const done = `test/done-${before}`;
  await client.publishAsync(done, '', { qos: 1 });
  await expect.poll(() => heard.at(-1)?.topic).toBe(done);
  return heard.slice(before, -1);
}

const climate = findDevice(model, 'dc', ({ kind }) => kind === 'env');
const door = findDevice(model, 'dc', ({ kind }) => kind === 'door');
const gateway = findDevice(
  model,
  'drc',
  ({ kind, address }) => kind === 'meter' && address.protocol === 'mqtt',
);

const climateMessage = z.object({
  temperature: z.number().nullable(),
  humidity: z.number().nullable(),
  battery: z.number().nullable(),
});

describe('a simulated broker and its devices', () => {
  it('publishes a climate sensor every ten seconds, as its profile reads it', async () => {
    const field = startField(model);
    const heard = await turn(await serve([climate], field), field, { from: morning, ms: 30 * second });
    const own = heard.filter(({ topic }) => !topic.endsWith('/availability'));
    expect(own).toHaveLength(3);
    for (const { text } of own) {
      const { temperature } = climateMessage.parse(JSON.parse(text));
      expect(temperature).toBeGreaterThan(22);
      expect(temperature).toBeLessThan(25.5);
    }
  });

  it('publishes every rack feed of a gateway on its own topic with the time it measured', async () => {
    const field = startField(model);
    const heard = await turn(await serve([gateway], field), field, { from: morning, ms: 10 * second });
    const topics = new Set(
      gateway.points.flatMap(({ source }) =>
        source.from === 'device' && source.read.by === 'message' ? [source.read.topic] : [],
      ),
    );
    expect(new Set(heard.map(({ topic }) => topic))).toEqual(topics);
    const { time, power } = z
      .object({ time: z.string(), power: z.number() })
      .parse(JSON.parse(heard[0]?.text ?? ''));
    expect(parseTime(time, 'iso', 'Asia/Jakarta')).toBeGreaterThanOrEqual(morning);
    expect(power).toBeGreaterThan(500);
  });

  it('tells a forced door at once, and the state again every five seconds', async () => {
    const field = startField(model);
    const site = await serve([door], field);
    const quiet = await turn(site, field, { from: morning, ms: 10 * second });
    const messages = door.points.length;
    expect(quiet).toHaveLength(2 * messages);
    field.startDrill('door-forced', 'dc', morning);
    const after = await turn(site, field, { from: morning + 10 * second, ms: 2.2 * second });
    const message = z.object({
      'door-state': z.string().optional(),
      'event-reason-text': z.string().optional(),
    });
    const told = after.map(({ text }) => message.parse(JSON.parse(text)));
    expect(told.map((each) => each['door-state'])).toContain('forced');
    // The board's own event beside the state, once.
    expect(told.filter((each) => each['event-reason-text'] === 'forced open')).toHaveLength(1);
  });

  it('sends nonsense and nulls from a faulty sensor', async () => {
    const field = startField(model);
    const site = await serve([climate], field);
    field.startDrill('sensor-fault', 'dc', morning);
    const heard = await turn(site, field, { from: morning, ms: 40 * second });
    const temperatures = heard
      .filter(({ topic }) => !topic.endsWith('/availability'))
      .map(({ text }) => climateMessage.parse(JSON.parse(text)).temperature);
    expect(temperatures).toContain(null);
    expect(temperatures.some((temperature) => temperature !== null && temperature > 85)).toBe(true);
  });

  it('says nothing for a device without network but its last will, and again when it is back', async () => {
    const field = startField(model);
    const site = await serve([climate], field);
    await turn(site, field, { from: morning, ms: 10 * second });
    field.startDrill('network-loss', 'dc', morning);
    const lost = await turn(site, field, { from: morning + 10 * second, ms: 20 * second });
    expect(lost.map(({ text }) => text)).toEqual(['{"state":"offline"}']);
    field.stopDrill('network-loss', 'dc');
    const back = await turn(site, field, { from: morning + 30 * second, ms: 10 * second });
    expect(back.map(({ text }) => text)).toContain('{"state":"online"}');
    expect(back).toHaveLength(2);
  });

  it('keeps no measurement for those who subscribe later', async () => {
    const field = startField(model);
    const site = await serve([climate], field);
    await turn(site, field, { from: morning, ms: 10 * second });
    const late = await mqtt.connectAsync(`mqtt://127.0.0.1:${site.port}`);
    closing.push(() => late.endAsync(true));
    const kept: string[] = [];
    late.on('message', (topic) => kept.push(topic));
    await late.subscribeAsync('#');
    await late.publishAsync('test/done', '', { qos: 1 });
    await expect.poll(() => kept.at(-1)).toBe('test/done');
    expect(kept).toEqual([expect.stringMatching(/\/availability$/), 'test/done']);
  });

  it('lives on after bytes that are no MQTT', async () => {
    const field = startField(model);
    const site = await serve([climate], field);
    await new Promise<void>((resolve) => {
      const socket = connectTcp(site.port, '127.0.0.1', () =>
        socket.end(Buffer.from('ff00ff00deadbeef', 'hex')),
      );
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
    });
    expect((await turn(site, field, { from: morning, ms: 10 * second })).length).toBeGreaterThan(0);
  });
});

describe('times in messages', () => {
  it.each(['iso', 'epoch-ms', 'epoch-s', 'local', 'abbreviated-zone'] as const)(
    'are read back as told in form %s',
    (format) => {
      expect(parseTime(timeText(morning, format), format, 'Asia/Jakarta')).toBe(morning);
    },
  );
});

describe('the wheel', () => {
  it('brings every job once a period, spread over it', () => {
    const wheel = new Wheel<number>();
    for (let job = 0; job < 200; job++) wheel.add(job, { name: `job ${job}`, periodMs: 10_000 });
    wheel.turn(morning - 100);
    const turns = Array.from({ length: 100 }, (_, slot) => wheel.turn(morning + slot * 100));
    expect(turns.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, job) => job));
    expect(Math.max(...turns.map((jobs) => jobs.length))).toBeLessThan(12);
  });

  it('brings every job at most once after a long pause', () => {
    const wheel = new Wheel<number>();
    for (let job = 0; job < 20; job++) wheel.add(job, { name: `job ${job}`, periodMs: 1_000 });
    wheel.turn(morning);
    expect(wheel.turn(morning + 3_600_000)).toHaveLength(20);
  });
});
