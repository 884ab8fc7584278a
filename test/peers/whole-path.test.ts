import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import { formatProblem, loadConfig } from '../../config/load.ts';
import { startApp } from '../../server/app.ts';
import { incidentView } from '../../server/contracts/incidents.ts';
import { historyView, pointView } from '../../server/contracts/points.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { createInfluxd } from '../server/historian/influxd.ts';
import { eventually, silentLog } from '../support/field.ts';
import { peer } from '../support/peers.ts';
import { freePort, startPeer } from '../support/process.ts';
import { sharedFolder } from '../support/shared.ts';

/** One room of one site, a device of each protocol: from programs nobody here wrote to the store, the API and an incident. */
const library = fileURLToPath(new URL('../../config/library', import.meta.url));
const genset = fileURLToPath(new URL('../profiles/modbus/dse-gencomm-running.json', import.meta.url));
const modbusServer = fileURLToPath(new URL('modbus-server.py', import.meta.url));
const ownWalk = fileURLToPath(new URL('../profiles/pdu/apc-rpdu2.snmprec', import.meta.url));
const password = 'hanya-untuk-uji';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const page = z.object({ items: z.array(z.object({ id: z.string(), rule: z.string(), site: z.string() })) });

function siteFile(ports: { broker: number; snmpd: number; walk: number; modbus: number }): string {
  return `
name: DC
building: Gedung uji
standard: dc
impact: tinggi
brokers: { main: { url: 'mqtt://127.0.0.1:${ports.broker}' } }
snmp: { version: 2c, community: pantau }
rooms:
  - { room: hall-1, kind: data-hall, name: { id: Ruang data, en: Data hall } }
rows:
  - rows: [A]
    room: hall-1
    racks: 1
    function: server
    feeds:
      A: { device: 'gateway-{row}', part: '{rack}-a', profile: meter/mqtt-rack-gateway, address: 'power/{row}' }
      B: { device: 'gateway-{row}', part: '{rack}-b', profile: meter/mqtt-rack-gateway, address: 'power/{row}' }
    inlet: { device: 'env-{rack}', profile: env/mqtt-climate, address: 'climate/{rack}' }
devices:
  - device: router-1
    profile: router/if-mib
    address: 127.0.0.1:${ports.snmpd}
    room: hall-1
    interval: power
    parts: { interfaces: [lo], interface-counters: [lo] }
  - device: pdu-walk
    profile: pdu/apc-rpdu2
    address: 127.0.0.1:${ports.walk}
    snmp: { version: 2c, community: public }
    room: hall-1
    interval: power
  - device: genset-1
    profile: genset/dse-gencomm
    address: 127.0.0.1:${ports.modbus}/1
    room: hall-1
    rating: { kw: 500, fuelCurve: [{ load: 0.25, litresPerHour: 40 }, { load: 1, litresPerHour: 130 }] }
`;
}

const rules = `
rules:
  - rule: temperature-high
    name: { id: Suhu terlalu tinggi, en: Temperature too high }
    discipline: cooling
    points: { quantity: [temperature], kind: [env], room: [data-hall], position: [inlet] }
    when: { above: { standard: temperature.max } }
    deadband: 0.5
    urgency: tinggi
  - rule: device-lost
    name: { id: Perangkat tidak menjawab, en: Device does not answer }
    discipline: network
    points: { quantity: [link] }
    when: { states: [lost], source: BAB IV.7 }
    urgency: rendah
`;

async function temporary(prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startMosquitto(program: string): Promise<number> {
  const port = await freePort();
  const config = path.join(await temporary('pantau-broker-'), 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const broker = await startPeer(program, ['-v', '-c', config], /mosquitto version .* running/);
  cleanups.push(() => broker.stop());
  return port;
}

async function startSnmpd(program: string): Promise<number> {
  const port = await freePort();
  const folder = await temporary('pantau-agent-');
  const config = path.join(folder, 'snmpd.conf');
  await writeFile(config, `agentAddress udp:127.0.0.1:${port}\nrocommunity pantau 127.0.0.1\n`);
  const agent = await startPeer(
    program,
    ['-f', '-Lo', '-C', '-c', config, '-I', '-smux', '-p', path.join(folder, 'pid')],
    /NET-SNMP version/,
  );
  cleanups.push(() => agent.stop());
  return port;
}

async function startGenset(python: string): Promise<number> {
  const { holding } = z.object({ holding: z.unknown() }).parse(JSON.parse(await readFile(genset, 'utf8')));
  const registers = path.join(await temporary('pantau-genset-'), 'registers.json');
  await writeFile(registers, JSON.stringify(holding));
  const server = await startPeer(python, [modbusServer, registers, '0'], /^\d+\n/m);
  cleanups.push(() => server.stop());
  return Number(/^\d+$/m.exec(server.output())?.[0]);
}

async function configuration(ports: Parameters<typeof siteFile>[0]): Promise<string> {
  const folder = await temporary('pantau-config-');
  for (const part of ['profiles', 'standards', 'calendar', 'alarm-system'])
    await cp(path.join(library, part), path.join(folder, part), { recursive: true });
  for (const part of ['sites', 'rules']) await mkdir(path.join(folder, part));
  await writeFile(path.join(folder, 'sites', 'dc.yaml'), siteFile(ports));
  await writeFile(path.join(folder, 'rules', 'cooling.yaml'), rules);
  await writeFile(
    path.join(folder, 'pantau.yaml'),
    'field: real\nsites: [dc]\nstandard: sc-11-2023\nintervals: { safety: 1s, power: 1s, normal: 2s, slow: 5s }\n',
  );
  return folder;
}

async function installation(ports: Parameters<typeof siteFile>[0], influxUrl: string | undefined) {
  const loaded = loadConfig(await configuration(ports), { library: 'none: one rule and no other' });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const dataDir = await temporary('pantau-data-');
  const app = await startApp({
    model: loaded.model, allProfiles: () => Promise.resolve([]), clock: systemClock, log: silentLog, randomBytes, version: '0', dataDir, influxUrl,
    host: '127.0.0.1', port: 0, adminPassword: password, webDir: dataDir, collect: true, drills: undefined,
  }); // prettier-ignore
  cleanups.push(() => app.close());
  const signedIn = await fetch(`${app.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password }),
  });
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '); // prettier-ignore
  const get = async (where: string): Promise<unknown> =>
    (await fetch(`${app.url}/api/v1/${where}`, { headers: { Cookie: cookie } })).json();
  const point = async (id: string) => pointView.parse(await get(`points/${encodeURIComponent(id)}`));
  const good = (id: string) => eventually(`${id} is read`, async () => (await point(id)).quality === 'good');
  return { get, point, good };
}

async function field(context: Parameters<typeof peer>[0], walk: string) {
  const broker = await startMosquitto(peer(context, 'mosquitto'));
  const agent = await serveWalk(walk, { port: 0 });
  cleanups.push(() => agent.close());
  const snmpd = await startSnmpd(peer(context, 'snmpd'));
  const modbus = await startGenset(peer(context, 'pymodbus'));
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker}`);
  cleanups.push(() => client.endAsync(true));
  return { ports: { broker, snmpd, walk: agent.port, modbus }, client, agent };
}

describe.each(['embedded store', 'InfluxDB'] as const)('from real peers to the API with the %s', (store) => {
  test('every protocol ends in the store and in the API, and a hot rack in one incident', async (context) => {
    const influxd = store === 'InfluxDB' ? await createInfluxd(peer(context, 'influxd')) : undefined;
    if (influxd !== undefined) {
      cleanups.push(() => influxd.remove());
      await influxd.start();
    }
    const shared = sharedFolder();
    const { ports, client, agent } = await field(
      context,
      shared === undefined ? ownWalk : `${shared}/walks/apc_ap8959eu3.snmprec`,
    );
    const from = new Date().toISOString();
    const { get, point, good } = await installation(
      ports,
      influxd === undefined ? undefined : `${influxd.url}/pantau`,
    );

    // The broker drops what nobody has subscribed to yet: say it until it is heard.
    const say = setInterval(() => {
      client.publish('climate/a01', JSON.stringify({ temperature: 30.5, humidity: 45, battery: 90 }));
      for (const [part, power] of [['a01-a', 1_500], ['a01-b', 1_250]] as const)
        client.publish(`power/a/${part}`, JSON.stringify({ time: new Date().toISOString(), power, current: 7, voltage: 230 }));
    }, 500); // prettier-ignore
    cleanups.push(() => clearInterval(say));

    const ids = [
      'dc/router-1/lo/oper-status',
      'dc/pdu-walk/power',
      'dc/genset-1/frequency',
      'dc/env-a01/temperature',
      'dc/rack-a01/power',
    ];
    for (const id of ids) await good(id);
    expect((await point('dc/router-1/lo/oper-status')).state).toBe('up');
    expect((await point('dc/env-a01/temperature')).value).toBe(30.5);
    expect((await point('dc/rack-a01/power')).value).toBe(2.75);
    // As the recording says: 27 hundredths of a kW in the real one, 412 in ours.
    expect((await point('dc/pdu-walk/power')).value).toBeCloseTo(shared === undefined ? 4.12 : 0.27, 6);

    for (const id of ids) {
      const query = `from=${encodeURIComponent(from)}&to=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}&resolution=raw`;
      await eventually(
        `${id} is stored`,
        async () =>
          historyView.parse(await get(`points/${encodeURIComponent(id)}/history?${query}`)).items.length > 0,
      );
    }

    await eventually(
      'the hot rack is an incident',
      async () => page.parse(await get('incidents?state=open')).items.length > 0,
    );
    const { items } = page.parse(await get('incidents?state=open'));
    expect(items.map(({ rule, site }) => ({ rule, site }))).toEqual([
      { rule: 'temperature-high', site: 'dc' },
    ]);
    const incident = incidentView.parse(await get(`incidents/${items[0]?.id}`));
    expect(incident).toMatchObject({ priority: 'P1', clause: 'BAB IV.1.4', room: 'hall-1' });
    expect(incident.worst).toMatchObject({ value: 30.5, limit: 27, owner: 'A-01' });

    await agent.close();
    await eventually(
      'the closed port turns its device stale',
      async () => (await point('dc/pdu-walk/power')).reason === 'stale',
    );
    for (const id of ids.filter((other) => other !== 'dc/pdu-walk/power'))
      expect((await point(id)).quality).toBe('good');
    const open = page.parse(await get('incidents?state=open')).items;
    expect(open.map(({ rule }) => rule).toSorted()).toEqual(['device-lost', 'temperature-high']);
    const lost = incidentView.parse(
      await get(`incidents/${open.find(({ rule }) => rule === 'device-lost')?.id}`),
    );
    expect(lost).toMatchObject({ active: 1, total: 1, worst: { owner: 'pdu-walk', state: 'lost' } });
  });
});
