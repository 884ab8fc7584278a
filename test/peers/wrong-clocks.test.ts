import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { pointView, type PointView } from '../../server/contracts/points.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { eventually } from '../support/field.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { peer } from '../support/peers.ts';
import { freePort, startPeer } from '../support/process.ts';
import { shiftedDate } from '../support/shifted-date.ts';

/** The command as it is shipped, in a process of its own, while its clock or a device's is wrong; and once more after a restart. */
const command = fileURLToPath(new URL('../../bin/pantau.js', import.meta.url));
const onBattery = fileURLToPath(new URL('../profiles/ups/rfc1628.snmprec', import.meta.url));
const password = 'hanya-untuk-uji';
const incidents = z.object({ items: z.array(z.object({ rule: z.string(), priority: z.string() })) });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
// A first start would build, and take longer than a start may.
beforeAll(() => void execFileSync(process.execPath, [path.join(command, '../build.js')]));

/** An installation of one site on disk; each `start` runs the command over the same data. */
async function installation(devices: string) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-wrong-clocks-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const config = path.join(folder, 'config');
  const shift = path.join(folder, 'shift');
  const preload = path.join(folder, 'shifted-date.mjs');
  await mkdir(path.join(config, 'sites'), { recursive: true });
  await writeFile(path.join(config, 'sites', 'drc.yaml'), siteHead + devices);
  await writeFile(
    path.join(config, 'pantau.yaml'),
    'field: real\nsites: [drc]\nstandard: sc-11-2023\nintervals: { safety: 1s, power: 1s, normal: 1s, slow: 1s }\n',
  );
  await writeFile(preload, shiftedDate);

  async function start() {
    const port = await freePort();
    const server = await startPeer(
      process.execPath,
      ['--import', pathToFileURL(preload).href, command, 'serve', '--no-simulate'],
      {
        ready: /Pantau DC: http/,
        readyWithinMs: 60_000,
        env: {
          PANTAU_CONFIG: config,
          PANTAU_DATA: path.join(folder, 'data'),
          PANTAU_PORT: String(port),
          PANTAU_ADMIN_PASSWORD: password,
          TEST_SHIFT_FILE: shift,
        },
      },
    );
    cleanups.push(() => server.stop());
    const api = `http://127.0.0.1:${port}/api/v1/`;
    const signedIn = await fetch(`${api}session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'admin', password }),
    });
    const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '); // prettier-ignore
    const get = async (where: string): Promise<unknown> =>
      (await fetch(api + where, { headers: { Cookie: cookie } })).json();
    return {
      stop: () => server.stop(),
      point: async (id: string): Promise<PointView> =>
        pointView.parse(await get(`points/${encodeURIComponent(id)}`)),
      incidents: async () => incidents.parse(await get('incidents?state=open')).items,
    };
  }
  return { start, shiftClock: (seconds: number) => writeFile(shift, String(seconds)), folder };
}

const siteHead = `
name: DRC
building: Gedung uji
standard: drc
impact: tinggi
rooms:
  - { room: hall-1, kind: data-hall, name: { id: Ruang data, en: Data hall } }
`;

test('a UPS that goes on battery is seen and alarmed after the server’s clock went 300 s back, and after a restart', async () => {
  const port = await freePort();
  const source = 'drc/ups-1/output-source';
  const installed = await installation(`
devices:
  - { device: ups-1, profile: ups/rfc1628, address: '127.0.0.1:${port}', room: hall-1, rating: { kw: 10 } }
`);
  const normal = path.join(installed.folder, 'normal.snmprec');
  await writeFile(
    normal,
    (await readFile(onBattery, 'utf8')).replace('1.3.6.1.2.1.33.1.4.1.0|2|5', '1.3.6.1.2.1.33.1.4.1.0|2|3'),
  );
  let agent = await serveWalk(normal, { port });
  cleanups.push(() => agent.close());
  await installed.shiftClock(300);
  let server = await installed.start();
  await eventually('the UPS is normal', async () => (await server.point(source)).state === 'normal');

  await installed.shiftClock(0);
  await agent.close();
  agent = await serveWalk(onBattery, { port });
  for (const restart of [false, true]) {
    if (restart) {
      await server.stop();
      server = await installed.start();
    }
    const from = Date.now();
    await eventually('a reading of now says that it is on battery', async () => {
      const { state, quality, at } = await server.point(source);
      return state === 'battery' && quality === 'good' && at !== null && Date.parse(at) >= from;
    });
    const { at } = await server.point(source);
    expect(Math.abs(Date.parse(at ?? '') - Date.now())).toBeLessThan(10_000);
    await eventually('it is an incident', async () =>
      (await server.incidents()).some(({ rule, priority }) => rule === 'ups-on-battery' && priority === 'P1'),
    );
  }
});

test('a meter whose clock was once in 2036 is read again as soon as it is right, and after a restart', async (context) => {
  const mosquitto = await startMosquitto(peer(context, 'mosquitto'));
  cleanups.push(() => mosquitto.stop());
  const power = 'drc/gateway-a/a01-a/power';
  const installed = await installation(`
brokers: { main: { url: 'mqtt://127.0.0.1:${mosquitto.port}' } }
rows:
  - rows: [A]
    room: hall-1
    racks: 1
    function: server
    feeds:
      A: { device: 'gateway-{row}', part: '{rack}-a', profile: meter/mqtt-rack-gateway, address: 'power/{row}' }
      B: { device: 'gateway-{row}', part: '{rack}-b', profile: meter/mqtt-rack-gateway, address: 'power/{row}' }
    inlet: { device: 'env-{rack}', profile: env/mqtt-climate, address: 'climate/{rack}' }
devices: []
`);
  const publisher = await mosquitto.connect();
  let server = await installed.start();
  /** Nobody may have subscribed yet, so it is published until it shows. */
  const shows = (watts: number, time: () => string) =>
    eventually(`${watts} W is shown`, async () => {
      await publisher.publishAsync('power/a/a01-a', JSON.stringify({ time: time(), power: watts }));
      const { value, quality, at } = await server.point(power);
      return (
        value === watts / 1_000 && quality === 'good' && Math.abs(Date.parse(at ?? '') - Date.now()) < 10_000
      );
    });

  await shows(2_140, () => '2036-02-07T06:28:16+00:00');
  await shows(2_150, () => new Date().toISOString());
  await server.stop();
  server = await installed.start();
  await shows(6_300, () => new Date().toISOString());
  expect(await server.point(power)).toMatchObject({ value: 6.3, quality: 'good' });
});
