import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { runProbe } from '../../cli/probe.ts';
import { eventually } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { peer } from '../support/peers.ts';
import { freePort } from '../support/process.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The small configuration with its broker at this port. */
function configAt(port: number): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'pantau-probe-'));
  cleanups.push(() => rmSync(parent, { recursive: true }));
  const dir = path.join(parent, 'config');
  cpSync(fileURLToPath(new URL('../config/fixtures/small', import.meta.url)), dir, { recursive: true });
  const site = path.join(dir, 'sites/alpha.yaml');
  writeFileSync(site, readFileSync(site, 'utf8').replace('broker.test:1883', `127.0.0.1:${port}`));
  // Of a simulated field the broker would be the simulator's.
  const root = path.join(dir, 'pantau.yaml');
  writeFileSync(root, readFileSync(root, 'utf8').replace('field: simulated', 'field: real'));
  return dir;
}

async function listenTo(port: number, listenMs: number) {
  const written: string[] = [];
  const args = { device: 'alpha/env-room', access: {}, config: configAt(port), listenMs, simulatorPort: 0 };
  const code = await runProbe(args, (text) => written.push(text));
  return { code, text: written.join('') };
}

describe('probing a device that reports by itself', () => {
  test('prints what came beside the raw values and topics, and what did not', async (context) => {
    const broker = await startMosquitto(peer(context, 'mosquitto'));
    cleanups.push(() => broker.stop());
    const result = listenTo(broker.port, 2_000);
    await eventually('it is subscribed', () => broker.output().includes('alpha/climate/room'));
    const client = await broker.connect();
    await client.publishAsync('alpha/climate/room', '{"temperature":23.4}', { qos: 1 });
    const { code, text } = await result;
    expect(code).toBe(0);
    expect(text).toMatch(/temperature +23\.4 +°C +good +alpha\/climate\/room \/temperature +23\.4/);
    expect(text).toMatch(/humidity .*never-read/);
  });

  test('keeps what came as a recording with its golden readings', async (context) => {
    const broker = await startMosquitto(peer(context, 'mosquitto'));
    cleanups.push(() => broker.stop());
    const config = configAt(broker.port);
    const written: string[] = [];
    const result = runProbe(
      {
        device: 'alpha/env-room',
        access: {},
        config,
        simulatorPort: 0,
        listenMs: 2_000,
        record: 'env/climate',
        into: config,
      },
      (text) => written.push(text),
    );
    await eventually('it is subscribed', () => broker.output().includes('alpha/climate/room'));
    const client = await broker.connect();
    await client.publishAsync('alpha/climate/room', '{"temperature":23.4}', { qos: 1 });
    await client.publishAsync('alpha/climate/room', '{"temperature":23.6,"humidity":null}', { qos: 1 });
    expect(await result).toBe(0);
    expect(written.join('')).toMatch(/mqtt\/climate\.json: 1 of 2 values good/);
    expect(JSON.parse(readFileSync(path.join(config, 'mqtt/climate.json'), 'utf8'))).toMatchObject({
      profile: 'env/climate',
      topic: 'alpha/climate/room',
      messages: [{ payload: '{"temperature":23.4}' }, { payload: '{"temperature":23.6,"humidity":null}' }],
      readings: { temperature: '23.6', humidity: '!no-value' },
    });
  });

  test('fails with a remedy when nothing came', async (context) => {
    const broker = await startMosquitto(peer(context, 'mosquitto'));
    cleanups.push(() => broker.stop());
    const { code, text } = await listenTo(broker.port, 500);
    expect(code).toBe(1);
    expect(text).toMatch(/alpha\/env-room: nothing came .* within 0\.5 s; listen longer with --for/);
  });

  test('says what is wrong with the broker when it is not there', async () => {
    const { code, text } = await listenTo(await freePort(), 500);
    expect(code).toBe(1);
    expect(text).toMatch(/the broker is away: .*ECONNREFUSED/);
  });
});
