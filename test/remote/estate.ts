import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createToken } from '../../server/auth/tokens.ts';
import { openDatabase } from '../../server/db/database.ts';
import { openEmbeddedHistorian } from '../../server/historian/embedded/embedded.ts';
import { collectorView, type CollectorView } from '../../server/contracts/collectors.ts';
import { page } from '../../server/contracts/common.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { faultyProxy, type FaultyProxy } from '../support/faulty-proxy.ts';
import { silentLog } from '../support/field.ts';
import { freePort, startPeer, type Peer } from '../support/process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const walk = path.join(root, 'test/profiles/pdu/apc-rpdu2.snmprec');
const feederScript = fileURLToPath(new URL('feeder.ts', import.meta.url));
const command = path.join(root, 'bin/pantau.js');

/** One PDU, a real SNMP agent with a recorded walk. */
const siteFile = (port: number): string => `
name: DRC
building: Gedung uji
standard: drc
impact: tinggi
collector: remote
rooms:
  - { room: hall-1, kind: data-hall, name: { id: Ruang data, en: Data hall } }
rows:
  - rows: [A]
    room: hall-1
    racks: 1
    function: server
    feeds:
      A: { device: 'pdu-{rack}-a', profile: pdu/apc-rpdu2, address: '127.0.0.1:${port}' }
      B: { device: 'pdu-{rack}-b', profile: pdu/apc-rpdu2, address: '127.0.0.1:${port}' }
    inlet: { device: 'pdu-{rack}-c', profile: pdu/apc-rpdu2, address: '127.0.0.1:${port}' }
devices: []
`;

const rules = `
rules:
  - rule: device-lost
    name: { id: Perangkat tidak menjawab, en: Device does not answer }
    discipline: network
    points: { quantity: [link] }
    when: { states: [lost], source: BAB IV.7 }
    urgency: rendah
`;

async function configuration(folder: string, port: number): Promise<void> {
  for (const part of ['sites', 'rules']) await mkdir(path.join(folder, part));
  await writeFile(path.join(folder, 'rules', 'lost.yaml'), rules);
  await writeFile(path.join(folder, 'sites', 'drc.yaml'), siteFile(port));
  await writeFile(
    path.join(folder, 'pantau.yaml'),
    'field: real\nsites: [drc]\nstandard: sc-11-2023\nintervals: { safety: 1s, power: 1s, normal: 1s, slow: 5s }\n',
  );
}

/** A server, the way to it, and somebody at the other end, each a real process that may die at any moment. */
export interface RemoteEstate {
  readonly proxy: FaultyProxy;
  readonly spoolDir: string;
  startServer(): Promise<Peer>;
  /** From the number after the last one that was handed over. */
  startFeeder(env?: Readonly<Record<string, string>>): Promise<Peer>;
  /** The last number that a feeder handed over, of all that ran. */
  fed(): number;
  startCollector(args?: readonly string[]): Promise<Peer>;
  get(where: string): Promise<unknown>;
  /** As an operator unless told otherwise; whether it was answered with success. */
  post(where: string, body: unknown, as?: 'operator' | 'collector'): Promise<boolean>;
  collector(): Promise<CollectorView>;
  /** What came from the feeders: point → its values in the order of time. While no server runs. */
  stored(): Promise<ReadonlyMap<string, readonly number[]>>;
  close(): Promise<void>;
}

export async function remoteEstate(options: { readonly databaseUrl?: string | undefined } = {}): Promise<RemoteEstate> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-remote-'));
  const configDir = path.join(folder, 'config');
  const dataDir = path.join(folder, 'data');
  const spoolDir = path.join(folder, 'spool');
  for (const each of [configDir, dataDir, spoolDir]) await mkdir(each);
  const agent = await serveWalk(walk, { port: 0 });
  await configuration(configDir, agent.port);
  const port = await freePort();
  const proxy = await faultyProxy(port);
  const db = await openDatabase(options.databaseUrl ?? path.join(dataDir, 'operations.db'));
  const means = { now: Date.now(), randomBytes };
  const token = await createToken(db, { name: 'far', role: 'collector', sites: ['drc'] }, means);
  const viewer = await createToken(db, { name: 'viewer', role: 'viewer' }, means);
  const operator = await createToken(db, { name: 'operator', role: 'operator' }, means);
  await db.destroy();
  const env = {
    PANTAU_DATABASE_URL: options.databaseUrl ?? '',
    PANTAU_PORT: String(port),
    PANTAU_CONFIG: configDir,
    PANTAU_DATA: dataDir,
    PANTAU_LOG: 'warn',
    PANTAU_TOKEN: token,
    PANTAU_ADMIN_PASSWORD: 'hanya-untuk-uji',
  };
  const running = new Set<Peer>();
  const feeders: Peer[] = [];
  const server = `http://127.0.0.1:${proxy.port}`;

  async function start(args: readonly string[], options: { ready: RegExp; env: Record<string, string> }): Promise<Peer> {
    const peer = await startPeer(process.execPath, args, { ...options, readyWithinMs: 60_000 });
    const ended = (how: () => Promise<void>) => async (): Promise<void> => {
      running.delete(peer);
      await how();
    };
    const own = {
      output: () => peer.output(),
      stop: ended(() => peer.stop()),
      kill: ended(() => peer.kill()),
    };
    running.add(own);
    return own;
  }
  const fed = (): number =>
    Math.max(0, ...feeders.flatMap((feeder) => feeder.output().split('\n').filter((line) => /^\d+$/.test(line)).map(Number)));
  async function get(where: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${where}`, {
      headers: { Authorization: `Bearer ${viewer}` },
    });
    return response.json();
  }

  async function post(where: string, body: unknown, as: 'operator' | 'collector' = 'operator'): Promise<boolean> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${where}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${as === 'operator' ? operator : token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    return response.ok;
  }

  return {
    proxy, spoolDir, fed, get, post,
    startServer: () => start([command, 'serve'], { ready: /Pantau DC: http/, env }),
    async startFeeder(more = {}) {
      const args = ['--import', 'tsx', feederScript, configDir, spoolDir, server, String(fed() + 1)];
      const feeder = await start(args, { ready: /^\d+$/m, env: { ...env, ...more } });
      feeders.push(feeder);
      return feeder;
    },
    startCollector: (args = []) =>
      start([command, 'collect', '--site', 'drc', '--server', server, '--spool', spoolDir, ...args], { ready: /collecting drc/, env }),
    async collector() {
      const { items } = page(collectorView).parse(await get('collectors'));
      const found = items.find(({ name }) => name === 'far');
      if (found === undefined) throw new Error('the collector is not listed');
      return found;
    },
    async stored() {
      const historian = await openEmbeddedHistorian({ path: path.join(dataDir, 'readings.db'), log: silentLog });
      try {
        const values = new Map<string, number[]>();
        for (const point of (await historian.last()).keys()) {
          if (!point.startsWith('drc/pdu-')) continue;
          const samples = await historian.raw(point, { from: 0, to: Date.now() + 86_400_000 }, 1_000_000);
          values.set(point, samples.map(({ value }) => value));
        }
        return values;
      } finally {
        await historian.close();
      }
    },
    async close() {
      for (const peer of running) await peer.kill();
      await proxy.close();
      await agent.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
} // prettier-ignore

/** Numbers from 1 to `last` that are not among the values; and how often a value came again. */
export function gaps(values: readonly number[], last: number): { missing: number[]; repeated: number } {
  const seen = new Set(values);
  const missing = Array.from({ length: last }, (_, index) => index + 1).filter((each) => !seen.has(each));
  return { missing, repeated: values.length - seen.size };
}
