import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import {
  addressKey,
  discover,
  type DiscoveryProgress,
  type DiscoveryRequest,
  type Finding,
} from '../../collectors/discovery/discover.ts';
import { systemClock } from '../../core/clock.ts';
import { shippedProfile } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { peer } from '../support/peers.ts';
import { startPeer } from '../support/process.ts';
import { sparkplugPayload } from '../support/sparkplug.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const profiles = [
  'meter/schneider-pm5100', 'meter/schneider-iem3000', 'env/mqtt-climate', 'env/shelly-climate', 'leak/zigbee2mqtt-water-leak',
  'generic/tasmota',
].map(shippedProfile); // prettier-ignore

async function found(
  request: DiscoveryRequest,
  {
    configured = [],
    signal,
    onProgress = () => undefined,
  }: {
    readonly configured?: readonly string[];
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: DiscoveryProgress) => void;
  } = {},
) {
  const findings: Finding[] = [];
  const summary = await discover(request, {
    profiles,
    configured: new Set(configured),
    clock: systemClock,
    signal: signal ?? AbortSignal.timeout(60_000),
    onFinding: (finding) => findings.push(finding),
    onProgress,
  });
  return { findings, summary };
}

test('several units of pymodbus behind one address are found, each read by the profile of the maker that it names', async (context) => {
  const python = peer(context, 'pymodbus');
  const recording = await readFile(
    new URL('../profiles/modbus/schneider-pm5100.json', import.meta.url),
    'utf8',
  );
  const { holding } = z.object({ holding: z.unknown() }).parse(JSON.parse(recording));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-discovery-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const registers = path.join(folder, 'registers.json');
  await writeFile(registers, JSON.stringify(holding));
  const script = fileURLToPath(new URL('modbus-server.py', import.meta.url));
  const who = ['units', 'Schneider Electric', 'METSEPM5110', '3', '7', '9'];
  const server = await startPeer(python, [script, registers, '0', ...who], /^\d+\n/m);
  cleanups.push(() => server.stop());
  const port = Number(/^\d+$/m.exec(server.output())?.[0]);
  const units = [3, 4, 7, 9];
  const { findings, summary } = await found(
    { hosts: ['127.0.0.1'], modbus: { port, units } },
    { configured: [addressKey('modbus', '127.0.0.1', port, 9)] },
  );
  expect(findings.map(({ address, summary: what }) => [address, what])).toEqual([
    [`127.0.0.1:${port}/3`, 'meter by meter/schneider-pm5100'],
    [`127.0.0.1:${port}/7`, 'meter by meter/schneider-pm5100'],
  ]);
  expect(summary).toMatchObject({ answered: 1, skipped: 1, problems: [] });
});

test('devices behind Mosquitto are found by their live and retained messages, and nothing is published', async (context) => {
  const broker = await startMosquitto(peer(context, 'mosquitto'));
  cleanups.push(() => broker.stop());
  const client = await broker.connect();
  const retained = { retain: true, qos: 1 } as const;
  await client.publishAsync(
    'zigbee2mqtt/hall-1/climate-3',
    '{"temperature":21.5,"humidity":44,"battery":90,"linkquality":80}',
    retained,
  );
  await client.publishAsync(
    'zigbee2mqtt/water-1',
    '{"water_leak":false,"battery":87,"linkquality":120}',
    retained,
  );
  await client.publishAsync('tele/plug-1/LWT', 'Online', retained);
  await client.publishAsync('cctv/recorder-1', '{"frame-rate":25,"fault":false}', retained);
  const birth = sparkplugPayload(0, [{ name: 'Temperature', alias: 1, type: 9, float: 21 }]);
  const stop = new AbortController();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const main = { broker: { key: 'dc/main', url }, name: 'main', forMs: 60_000 };
  let heard = '';
  const result = found(
    { hosts: [], mqtt: main },
    {
      configured: [addressKey('mqtt', url, 'zigbee2mqtt/water-1')],
      signal: stop.signal,
      onProgress: ({ what }) => (heard = what),
    },
  );
  await expect.poll(() => broker.output(), { timeout: 20_000 }).toMatch(/ 0 #/);
  const shelly = (params: unknown) =>
    client.publishAsync('shelly-1/events/rpc', JSON.stringify({ method: 'NotifyStatus', params }), {
      qos: 1,
    });
  await shelly({ ts: 1, 'temperature:0': { tC: 22.6 } });
  await shelly({ ts: 2, 'humidity:0': { rh: 41 } });
  await client.publishAsync('spBv1.0/plant/NBIRTH/edge-1', birth, { qos: 1 });
  const plug = '{"Time":"2026-11-23T10:28:32","ENERGY":{"Power":12,"Total":3.1}}';
  await client.publishAsync('tele/plug-1/SENSOR', plug, { qos: 1 });
  await expect.poll(() => heard, { timeout: 20_000 }).toBe('MQTT, 7 topics');
  stop.abort();
  const { findings, summary } = await result;
  expect(findings.map(({ address, summary: what }) => [address, what])).toEqual([
    ['plug-1', 'meter by generic/tasmota, energy-power, energy-total in its messages'],
    ['shelly-1', 'env by env/shelly-climate, 2 of 3 values in its messages'],
    ['zigbee2mqtt/hall-1/climate-3', 'env by env/mqtt-climate, 4 of 5 values in its messages'],
    ['plant/edge-1', 'Sparkplug B, metrics Temperature'],
    ['cctv/recorder-1', 'no profile fits: values /frame-rate, /fault'],
  ]);
  expect(summary).toMatchObject({ answered: 6, skipped: 1, problems: [] });
  expect(broker.output().match(/Received PUBLISH from/g)).toHaveLength(8);
});
