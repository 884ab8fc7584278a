import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { adHocDevice } from '../../config/build/points.ts';
import type { Device } from '../../config/model.ts';
import { loadFile } from '../../config/read/files.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import type { SnmpAccess } from '../../config/schema/site.ts';
import { systemClock } from '../../core/clock.ts';
import { snmpDriver } from '../../collectors/drivers/snmp/driver.ts';
import type { Fault, Session } from '../../collectors/drivers/driver.ts';
import { probe } from '../../collectors/probe/probe.ts';
import { toReadings } from '../../collectors/profile/decode.ts';
import { isUsable } from '../../core/reading.ts';
import { peer } from '../support/peers.ts';

const env = { AUTH: 'rahasia-otentikasi', PRIV: 'rahasia-enkripsi', WRONG: 'salah-semuanya' };
const v2c: SnmpAccess = { version: '2c', community: 'pantau' };
const v3 = (priv: string): SnmpAccess => ({
  version: '3',
  user: 'pantau',
  auth: { protocol: 'sha', key: { env: 'AUTH' } },
  priv: { protocol: 'aes', key: { env: priv } },
});
const never = new AbortController().signal;
/** sysUpTime, oper-status, in-octets and out-octets of the loopback interface. */
const lo = ['uptime', 'lo/oper-status', 'lo/in-octets', 'lo/out-octets'];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("Debian's snmpd", () => {
  test.for([
    { name: 'v2c', access: v2c },
    { name: 'v3 authPriv (SHA, AES)', access: v3('PRIV') },
  ])('is read by $name', async ({ access }, context) => {
    const { port } = await startSnmpd(peer(context, 'snmpd'));
    expect(await goodPoints(sessionOf(routerAt(port, access)))).toEqual(lo);
  });

  test('is recognised and read by a probe that knows nothing of it', async (context) => {
    const { port } = await startSnmpd(peer(context, 'snmpd'));
    const address = { protocol: 'snmp', host: '127.0.0.1', port, access: v2c } as const;
    const { proposals, rows } = await probe({ candidates: [router()], address }, { clock: systemClock });
    expect(proposals[0]?.profile.name).toBe('router/if-mib');
    expect(rows.find((row) => row.part === 'lo' && row.quantity === 'oper-status')).toMatchObject({
      state: 'up',
      quality: 'good',
    });
  });

  test.for([
    { name: 'counted one boot more', engines: ['same', 'same'] },
    { name: 'counts its boots from the start', engines: ['0x80001f8804aaaa', '0x80001f8804aaaa'] },
    { name: 'is another engine', engines: ['0x80001f8804aaaa', '0x80001f8804bbbb'] },
  ])('is read by v3 at the very next poll after a restart that $name', async ({ engines }, context) => {
    const program = peer(context, 'snmpd');
    const [before, after] = engines;
    const first = await startSnmpd(program, { engine: before });
    const session = sessionOf(routerAt(first.port, v3('PRIV')));
    expect(await goodPoints(session)).toEqual(lo);
    await first.stop();
    const folder = after === 'same' ? first.folder : undefined;
    await startSnmpd(program, { engine: after, port: first.port, folder });
    expect(await goodPoints(session)).toEqual(lo);
  });

  test.for([
    ['md5', 'aes', 'MD5', 'AES'],
    ['sha224', 'aes', 'SHA-224', 'AES'],
    ['sha256', 'aes', 'SHA-256', 'AES'],
    ['sha384', 'aes256b', 'SHA-384', 'AES-256'],
    ['sha512', 'aes256b', 'SHA-512', 'AES-256'],
  ] as const)('is read by v3 with %s and %s', async ([auth, priv, authName, privName], context) => {
    const { port } = await startSnmpd(peer(context, 'snmpd'), { protocols: [authName, privName] });
    const access: SnmpAccess = {
      version: '3',
      user: 'pantau',
      auth: { protocol: auth, key: { env: 'AUTH' } },
      priv: { protocol: priv, key: { env: 'PRIV' } },
    };
    expect(await goodPoints(sessionOf(routerAt(port, access)))).toEqual(lo);
  });

  test('is read by v3 again after a restart', async (context) => {
    const program = peer(context, 'snmpd');
    const first = await startSnmpd(program);
    const session = sessionOf(routerAt(first.port, v3('PRIV')));
    expect(await goodPoints(session)).toEqual(lo);
    await first.stop();
    await expect(session.points()).rejects.toMatchObject({ name: 'FieldError' });
    await startSnmpd(program, { port: first.port });
    expect(await goodPoints(session)).toEqual(lo);
  });

  test('is not read with DES where OpenSSL has none, and the error says what to do', async (context) => {
    const { port } = await startSnmpd(peer(context, 'snmpd'), { protocols: ['MD5', 'DES'] });
    const access: SnmpAccess = {
      version: '3',
      user: 'pantau',
      auth: { protocol: 'md5', key: { env: 'AUTH' } },
      priv: { protocol: 'des', key: { env: 'PRIV' } },
    };
    await expect(sessionOf(routerAt(port, access)).points()).rejects.toThrow(
      /no DES .* AES.*--openssl-legacy-provider/,
    );
  });

  test('with a wrong privacy password is a timeout, and harms no other session', async (context) => {
    const { port } = await startSnmpd(peer(context, 'snmpd'));
    const right = sessionOf(routerAt(port, v3('PRIV')));
    const wrong = sessionOf(routerAt(port, v3('WRONG')));
    const results = await Promise.allSettled([wrong.points(), goodPoints(right)]);
    expect(results[0]).toMatchObject({ status: 'rejected', reason: { name: 'FieldError', kind: 'timeout' } });
    expect(results[1]).toMatchObject({ status: 'fulfilled', value: lo });
  });

  test.for([
    { name: 'v2c', access: v2c },
    { name: 'v3', access: v3('PRIV') },
  ])(
    'is read right by $name while junk comes from it and from strangers, and that is counted',
    async ({ access }, context) => {
      const { port } = await startSnmpd(peer(context, 'snmpd'));
      const relay = await relayTo(port);
      const session = sessionOf(routerAt(relay.port, access));
      expect(await goodPoints(session)).toEqual(lo);
      await relay.throwJunk();
      expect(await goodPoints(session)).toEqual(lo);
      expect(session.faults).toContain('malformed');
      expect(session.faults.filter((fault) => fault === 'wrongSource').length).toBeGreaterThan(4);
    },
  );
});

interface TestSession {
  readonly faults: readonly Fault[];
  points(): Promise<string[]>;
}

function sessionOf(device: Device): TestSession {
  const faults: Fault[] = [];
  const session: Session = snmpDriver({ env, timeoutMs: 500 }).open(device, (fault) => faults.push(fault));
  cleanups.push(() => session.close());
  const poll = session.plan(device.points);
  return {
    faults,
    async points() {
      const { readings } = toReadings(await poll.read(never), 0);
      const good = new Set(readings.filter(({ quality }) => isUsable(quality)).map(({ point }) => point));
      return device.points
        .filter((point) => good.has(point.index))
        .map(({ part, quantity }) => (part === undefined ? quantity : `${part}/${quantity}`));
    },
  };
}

function goodPoints(session: TestSession): Promise<string[]> {
  return session.points();
}

function router() {
  const { value } = loadFile(
    fileURLToPath(new URL('../../config/library/profiles', import.meta.url)),
    'router/if-mib',
    profileSchema,
  );
  if (value === undefined) throw new Error('no profile router/if-mib');
  return { ...value, name: 'router/if-mib' };
}

function routerAt(port: number, access: SnmpAccess): Device {
  const parts = { interfaces: ['lo'], 'interface-counters': ['lo'] };
  return adHocDevice(router(), { protocol: 'snmp', host: '127.0.0.1', port, access }, { parts });
}

interface SnmpdOptions {
  readonly port?: number;
  /** Its state, to be started on again. */
  readonly folder?: string | undefined;
  /** The engine's id, where it is not its own choice. */
  readonly engine?: string | undefined;
  readonly protocols?: readonly [string, string];
}

/** A snmpd of its own: own port, own configuration, own state; ends with the test. */
async function startSnmpd(
  program: string,
  { port, folder: known, engine, protocols: [auth, priv] = ['SHA', 'AES'] }: SnmpdOptions = {},
): Promise<{ port: number; folder: string; stop: () => Promise<void> }> {
  const chosen = port ?? (await freePort());
  const folder = known ?? (await mkdtemp(path.join(os.tmpdir(), 'pantau-snmpd-')));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const config = path.join(folder, 'snmpd.conf');
  await writeFile(
    config,
    [
      `agentAddress udp:127.0.0.1:${chosen}`,
      'rocommunity pantau 127.0.0.1',
      `createUser pantau ${auth} "${env.AUTH}" ${priv} "${env.PRIV}"`,
      ...(engine === undefined || engine === 'same' ? [] : [`exactEngineID ${engine}`]),
      'rouser pantau authPriv',
      '',
    ].join('\n'),
  );
  const options = ['-f', '-Lo', '-C', '-c', config, '-I', '-smux', '-p', path.join(folder, 'pid')];
  const child = spawn(program, options, {
    env: { ...process.env, SNMP_PERSISTENT_DIR: folder, MIBS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): Promise<void> => end(child);
  cleanups.push(stop);
  await listening(child);
  return { port: chosen, folder, stop };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (bytes: Buffer): void => {
      said += bytes.toString();
      if (said.includes('NET-SNMP version')) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => reject(new Error(`snmpd ended: ${said}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Stands between a session and the agent, and throws junk at the session: as the agent, and as a stranger. */
async function relayTo(agentPort: number): Promise<{ port: number; throwJunk: () => Promise<void> }> {
  const [front, back, stranger] = [createSocket('udp4'), createSocket('udp4'), createSocket('udp4')];
  for (const socket of [front, back, stranger]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    cleanups.push(() => socket.close());
  }
  let asker = 0;
  front.on('message', (datagram, from) => {
    asker = from.port;
    back.send(datagram, agentPort, '127.0.0.1');
  });
  const junk = [
    Buffer.alloc(0),
    Buffer.from('nonsense'),
    Buffer.from('3082ffff02', 'hex'),
    Buffer.alloc(1_400, 0x30),
  ];
  const throwJunk = async (): Promise<void> => {
    for (const socket of [front, stranger]) {
      for (const bytes of junk) {
        await new Promise((resolve) => {
          socket.send(bytes, asker, '127.0.0.1', resolve);
        });
      }
    }
  };
  back.on('message', (datagram) => {
    void throwJunk().then(() => front.send(datagram, asker, '127.0.0.1'));
  });
  return { port: front.address().port, throwJunk };
}
