import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createMqttCollector } from '../../collectors/drivers/mqtt/collector.ts';
import { createIngestClient, type IngestClient } from '../../collectors/remote/client.ts';
import { createDelivery } from '../../collectors/remote/delivery.ts';
import type { Device } from '../../config/model.ts';
import { createDiskBuffer } from '../../core/buffer/disk.ts';
import { openBatchFile } from '../../core/buffer/file.ts';
import { systemClock } from '../../core/clock.ts';
import { openEventQueue } from '../../core/event-queue.ts';
import { accessEventView } from '../../server/contracts/access-events.ts';
import { page } from '../../server/contracts/common.ts';
import { startServer } from '../server/support/server.ts';
import { eventually, silentLog } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { peer } from '../support/peers.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** How messages fare between collector and server. */
type Way = 'through' | 'down' | 'answer-lost' | 'twice';

function disturbed(client: IngestClient, way: () => Way): IngestClient {
  return {
    async post(message, signal) {
      const down = { kind: 'retry', why: 'nobody there' } as const;
      if (way() === 'down') return down;
      const outcome = await client.post(message, signal);
      // Only of events: the link comes up by an answer to a message without any.
      if (way() === 'answer-lost' && message.events !== undefined) return down;
      return way() === 'twice' ? client.post(message, signal) : outcome;
    },
  };
}

const swipe = (number: number): string =>
  JSON.stringify({
    'device-id': 405_419_896,
    'event-id': number,
    'access-granted': number % 2 === 0,
    'card-number': 8_165_537,
    'event-type-text': 'swipe',
    timestamp: `2026-11-23 10:28:${String(number % 60).padStart(2, '0')} WIB`,
  });

test('events published through Mosquitto are in the store once each, whatever happens to server, collector and messages', async (context) => {
  const mosquitto = await startMosquitto(peer(context, 'mosquitto'));
  cleanups.push(() => mosquitto.stop());
  const server = await startServer();
  cleanups.push(() => server.close());
  const folder = mkdtempSync(join(tmpdir(), 'pantau-field-events-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const found = server.model.devices.find(({ site, events }) => site === 'drc' && events !== undefined);
  if (found?.address.protocol !== 'mqtt') throw new Error('the shipped DRC has no door with events');
  const { address } = found;
  const broker = { key: 'drc/test', url: `mqtt://127.0.0.1:${mosquitto.port}` };
  const device: Device = { ...found, address: { ...address, broker } };
  const topic = found.events?.[0]?.topic ?? '';
  let way: Way = 'through';

  /** One life of a collector's process; `kill` leaves its files as they are. */
  async function startCollector(run: string) {
    const eventQueue = openEventQueue({ path: join(folder, 'events.db'), log: silentLog, now: Date.now });
    const client = createIngestClient({
      url: server.url,
      token: server.tokens.get('collector') ?? '',
      now: Date.now,
    });
    const delivery = createDelivery({
      model: server.model,
      clock: systemClock,
      log: silentLog,
      random: () => 0,
      client: disturbed(client, () => way),
      buffer: createDiskBuffer({ file: openBatchFile({ path: join(folder, `${run}.db`), limitBytes: 1e9 }), log: silentLog }),
      eventQueue,
      run,
      about: { version: '0', sites: ['drc'] },
      limitBytes: 1e9,
      diagnostics: () => [],
    }); // prettier-ignore
    const collector = createMqttCollector({
      devices: [device],
      clock: systemClock,
      sink: delivery.sink,
      events: delivery.events,
      log: silentLog,
      zone: 'Asia/Jakarta',
    });
    const before = mosquitto.output().length;
    collector.start();
    await delivery.start();
    await eventually('the collector has subscribed', () =>
      mosquitto.output().slice(before).includes('Received SUBSCRIBE'),
    );
    return {
      state: () => eventQueue.state(),
      stop: async () => {
        await collector.stop();
        await delivery.stop();
      },
    };
  }

  const publisher = await mosquitto.connect();
  const publish = (number: number, retain = false) =>
    publisher.publishAsync(topic, swipe(number), { qos: 1, retain });
  const list = async () => {
    const { json } = await server.api('/access-events?site=drc&limit=500', { role: 'operator' });
    return page(accessEventView).parse(json).items;
  };

  let collector = await startCollector('run0000000001');
  for (let number = 1; number <= 20; number += 1) await publish(number);
  await eventually('the first are stored', async () => (await list()).length === 20);

  way = 'down';
  for (let number = 21; number <= 40; number += 1) await publish(number);
  await publisher.publishAsync(topic, 'no JSON at all', { qos: 1 });
  await publish(30);
  await eventually('they wait on disk', () => collector.state().waiting === 20);
  await collector.stop();

  way = 'answer-lost';
  collector = await startCollector('run0000000002');
  await eventually('they arrived, unknown to the collector', async () => (await list()).length === 40);
  expect(collector.state().waiting).toBe(20);
  way = 'twice';
  for (let number = 41; number <= 60; number += 1) await publish(number);
  await publish(7);
  await eventually('nothing waits', () => collector.state().waiting === 0);
  await eventually('all are stored', async () => (await list()).length === 60);

  // Retained, and seen at the next subscription: it happened before.
  await publish(61, true);
  await eventually('the retained one came live', async () => (await list()).length === 61);
  await collector.stop();
  await publish(62, true);
  collector = await startCollector('run0000000003');
  await publish(63);
  await eventually('what comes live is stored', async () =>
    (await list()).some(({ attributes }) => attributes['number'] === 63),
  );
  await collector.stop();

  const events = await list();
  const numbers = events.map(({ attributes }) => Number(attributes['number'])).toSorted((a, b) => a - b);
  expect(numbers).toEqual([...Array.from({ length: 61 }, (_, index) => index + 1), 63]);
  expect(events.find(({ attributes }) => attributes['number'] === 2)).toMatchObject({
    source: found.key,
    at: '2026-11-23T03:28:02.000Z',
    kind: 'access-granted',
    attributes: { card: 8_165_537, granted: true },
  });
  const { text } = await server.api('/access-events?kind=access-denied&format=csv', { role: 'operator' });
  expect(text.trim().split('\r\n')).toHaveLength(1 + 32);
}, 60_000);
