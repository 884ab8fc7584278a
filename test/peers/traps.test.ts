import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../core/clock.ts';
import { createCollectors } from '../../collectors/create.ts';
import { unknownEnginesPerMinute } from '../../collectors/drivers/snmp/traps/decode.ts';
import { createTrapReceiver } from '../../collectors/drivers/snmp/traps/receiver.ts';
import type { SnmpAccess } from '../../config/schema/site.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { forgedV3 } from '../collectors/snmp/traps/datagrams.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { eventually, fieldModel, recorder, shippedProfile, silentLog } from '../support/field.ts';
import { peer } from '../support/peers.ts';

const env = { AUTH: 'rahasia-otentikasi', PRIV: 'rahasia-enkripsi', OTHER: 'kunci-perangkat-lain' };
const community: SnmpAccess = { version: '2c', community: 'pantau' };
const auth = { protocol: 'sha', key: { env: 'AUTH' } } as const;
const priv = { protocol: 'aes', key: { env: 'PRIV' } } as const;
const signed: SnmpAccess = { version: '3', user: 'pantau', auth };
const secret: SnmpAccess = { version: '3', user: 'pantau', auth, priv };

const other: SnmpAccess = { version: '3', user: 'pantau', auth: { protocol: 'sha', key: { env: 'OTHER' } } };

/** Of configuration, and of Debian's clients. */
const strong = [
  { auth: 'sha224', priv: 'aes', words: ['SHA-224', 'AES'] },
  { auth: 'sha256', priv: 'aes256b', words: ['SHA-256', 'AES-256'] },
  { auth: 'sha384', priv: 'aes256r', words: ['SHA-384', 'AES-256-C'] },
  { auth: 'sha512', priv: 'aes256b', words: ['SHA-512', 'AES-256'] },
] as const;

const onBattery = '1.3.6.1.2.1.33.2.1';
const minutes = ['1.3.6.1.2.1.33.1.2.3.0', 'i', '12'];
const v2c = ['-v', '2c', '-c', 'pantau'];
const user = ['-v', '3', '-u', 'pantau', '-a', 'SHA', '-A', env.AUTH];
const v3Signed = [...user, '-l', 'authNoPriv'];
const v3Secret = [...user, '-l', 'authPriv', '-x', 'AES', '-X', env.PRIV];
/** A trap of v3 says whose it is; an inform asks the receiver. */
const engine = ['-e', '0x8000000001020304'];
const wrongKey = v3Secret.map((word) => (word === env.AUTH ? 'salah-semuanya' : word));
const wrongCipher = v3Secret.map((word) => (word === env.PRIV ? 'salah-semuanya' : word));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("Debian's snmptrap", () => {
  test.for([
    { name: 'v2c', access: community, how: v2c },
    { name: 'v3 with a signature', access: signed, how: [...v3Signed, ...engine] },
    { name: 'v3 signed and encrypted', access: secret, how: [...v3Secret, ...engine] },
  ])('is obeyed by $name', async ({ access, how }, context) => {
    const program = peer(context, 'snmptrap');
    const { port, receiver, seen, nudged } = await receiving(access);
    await run(program, [...how, `127.0.0.1:${port}`, '', onBattery, ...minutes]);
    await eventually('it is obeyed', () => receiver.counters().obeyed === 1);
    expect(seen.picture()).toEqual({ 'ups/output-source': 'battery', 'ups/autonomy': '720' });
    expect(nudged).toEqual(['ups']);
  });

  test.for(strong)('is obeyed with $auth and $priv, and so is its inform', async (protocols, context) => {
    const auth = { protocol: protocols.auth, key: { env: 'AUTH' } };
    const priv = { protocol: protocols.priv, key: { env: 'PRIV' } };
    const { port, receiver } = await receiving({ version: '3', user: 'pantau', auth, priv });
    const [sign, encrypt] = protocols.words;
    const keys = ['-a', sign, '-A', env.AUTH, '-x', encrypt, '-X', env.PRIV];
    const how = ['-v', '3', '-u', 'pantau', '-l', 'authPriv', ...keys];
    const to = [`127.0.0.1:${port}`, '', onBattery];
    await run(peer(context, 'snmptrap'), [...how, ...engine, ...to]);
    await run(peer(context, 'snmpinform'), [...how, '-r', '0', '-t', '5', ...to]);
    await eventually('both are obeyed', () => receiver.counters().obeyed === 2);
    expect(receiver.counters()).toMatchObject({ refused: 0, malformed: 0, dropped: 0 });
  });

  test('is of the device whose keys sign it when another there has a user of the same name', async (context) => {
    const program = peer(context, 'snmptrap');
    const { port, receiver, nudged } = await receiving(signed, { more: [other] });
    const to = [`127.0.0.1:${port}`, '', onBattery, ...minutes];
    await run(program, [...v3Signed, ...engine, ...to]);
    await eventually('the first is obeyed', () => receiver.counters().obeyed === 1);
    const byOther = v3Signed.map((word) => (word === env.AUTH ? env.OTHER : word));
    await run(program, [...byOther, '-e', '0x8000000001020305', ...to]);
    await eventually('the other is obeyed', () => receiver.counters().obeyed === 2);
    expect(nudged).toEqual(['ups', 'ups-1']);
  });

  test('is obeyed while engines are forged in their hundreds, if its own was known before', async (context) => {
    const program = peer(context, 'snmptrap');
    const clock = createFakeClock();
    const { port, receiver, nudged } = await receiving(secret, { clock });
    const to = [`127.0.0.1:${port}`, '', onBattery];
    await run(program, [...v3Secret, ...engine, ...to]);
    await eventually('it is obeyed', () => receiver.counters().obeyed === 1);
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    cleanups.push(() => socket.close());
    // The engine that is known now was the first of the minute.
    for (let sent = 0; sent < 2 * unknownEnginesPerMinute; sent += 1) {
      if (sent % 10 === 0) await clock.advance(1_000);
      socket.send(forgedV3('pantau', sent), port, '127.0.0.1');
      await eventually('it has come', () => receiver.counters().received === sent + 2);
    }
    const refused = unknownEnginesPerMinute - 1;
    const dropped = unknownEnginesPerMinute + 1;
    expect(receiver.counters()).toMatchObject({ obeyed: 1, refused, dropped });
    expect(nudged).toHaveLength(1 + dropped);
    await clock.advance(1_000);
    await run(program, [...v3Secret, ...engine, ...to]);
    await eventually('it is obeyed again', () => receiver.counters().obeyed === 2);
    await clock.advance(60_000);
    await run(program, [...v3Secret, '-e', '0x8000000001020309', ...to]);
    await eventually('a new one is, a minute later', () => receiver.counters().obeyed === 3);
  });

  test('is obeyed by v1, whose trap has an arc 0', async (context) => {
    const program = peer(context, 'snmptrap');
    const { port, receiver, seen } = await receiving(community);
    const what = ['1.3.6.1.2.1.33.2', '127.0.0.1', '6', '1', ''];
    await run(program, ['-v', '1', '-c', 'pantau', `127.0.0.1:${port}`, ...what, ...minutes]);
    await eventually('it is obeyed', () => receiver.counters().obeyed === 1);
    expect(seen.picture()).toEqual({ 'ups/output-source': 'battery', 'ups/autonomy': '720' });
  });

  test.for([
    { name: 'an earlier time', clock: '7,500' },
    { name: 'an earlier start', clock: '6,5000' },
  ])('only has the device polled when it is of $name than one before', async ({ clock }, context) => {
    const program = peer(context, 'snmptrap');
    const { port, receiver, seen, nudged } = await receiving(secret);
    const send = (time: string): Promise<void> =>
      run(program, [...v3Secret, ...engine, '-Z', time, `127.0.0.1:${port}`, '', onBattery, ...minutes]);
    await send('7,1000');
    await eventually('it is obeyed', () => receiver.counters().obeyed === 1);
    const before = seen.readings.length;
    await send(clock);
    await eventually('the old one has come', () => receiver.counters().received === 2);
    expect(receiver.counters()).toMatchObject({ obeyed: 1, polled: 1 });
    expect(seen.readings).toHaveLength(before);
    expect(nudged).toEqual(['ups', 'ups']);
    await send('8,0');
    await eventually('one after a restart is obeyed', () => receiver.counters().obeyed === 2);
  });

  test.for([
    { name: 'another community', access: community, how: ['-v', '2c', '-c', 'public'] },
    { name: 'a community where v3 is spoken', access: secret, how: v2c },
    { name: 'no encryption where it is due', access: secret, how: [...v3Signed, ...engine] },
    { name: 'a wrong key', access: secret, how: [...wrongKey, ...engine] },
    { name: 'a wrong key of encryption', access: secret, how: [...wrongCipher, ...engine] },
    { name: 'an unknown user', access: secret, how: ['-v', '3', '-u', 'asing', '-l', 'noAuthNoPriv', ...engine] },
  ])('is refused with $name', async ({ access, how }, context) => {
    const program = peer(context, 'snmptrap');
    const { port, receiver, seen, nudged } = await receiving(access);
    await run(program, [...how, `127.0.0.1:${port}`, '', onBattery, ...minutes]);
    await eventually('it has come', () => receiver.counters().received > 0);
    expect(receiver.counters()).toMatchObject({ received: 1, obeyed: 0, polled: 0, refused: 1 });
    expect(seen.readings).toEqual([]);
    expect(nudged).toEqual([]);
  }); // prettier-ignore
});

describe("Debian's snmpinform", () => {
  test.for([
    { name: 'v2c', access: community, how: v2c },
    { name: 'v3 with a signature', access: signed, how: v3Signed },
    { name: 'v3 signed and encrypted', access: secret, how: v3Secret },
  ])('is acknowledged and obeyed by $name', async ({ access, how }, context) => {
    const program = peer(context, 'snmpinform');
    const { port, receiver, seen } = await receiving(access);
    // It ends well only when it has been acknowledged.
    await run(program, [...how, '-r', '0', '-t', '5', `127.0.0.1:${port}`, '', onBattery, ...minutes]);
    expect(receiver.counters()).toMatchObject({ obeyed: 1, refused: 0, malformed: 0 });
    expect(seen.picture()).toEqual({ 'ups/output-source': 'battery', 'ups/autonomy': '720' });
  });

  test('is not acknowledged with a wrong key', async (context) => {
    const program = peer(context, 'snmpinform');
    const { port, receiver, seen } = await receiving(secret);
    const inform = [...wrongKey, '-r', '0', '-t', '1', `127.0.0.1:${port}`, '', onBattery];
    await expect(run(program, inform)).rejects.toThrow('Command failed');
    expect(receiver.counters()).toMatchObject({ obeyed: 0, refused: 1 });
    expect(seen.readings).toEqual([]);
  });
});

test('a trap is a reading at once, and the poll that it asks for corrects it', async (context) => {
  const program = peer(context, 'snmptrap');
  const walk = fileURLToPath(new URL('../profiles/ups/rfc1628.snmprec', import.meta.url));
  const agent = await serveWalk(walk, { port: 0 });
  cleanups.push(() => agent.close());
  const model = ups(community, agent.port);
  const seen = recorder(model);
  const port = await freePort();
  const traps = { port, host: '127.0.0.1' };
  const collectors = createCollectors({ model, clock: systemClock, sink: seen.sink, log: silentLog, traps });
  cleanups.push(() => collectors.stop());
  collectors.start();
  const index = model.pointById.get('t/ups/autonomy')?.index;
  const said = () => seen.readings.filter(({ point }) => point === index).map(({ value }) => value / 60);
  await eventually('the UPS is read', () => said().length > 0);
  await run(program, [...v2c, `127.0.0.1:${port}`, '', onBattery, ...minutes]);
  await eventually('the trap and the poll are readings', () => said().includes(12) && said().at(-1) !== 12);
  expect(said()).toEqual([7, 12, 7]);
  expect(collectors.traps?.counters()).toMatchObject({ received: 1, obeyed: 1 });
});

/** Polled once a minute, so that a poll soon after a trap is the one it asked for. */
function ups(access: SnmpAccess, port = 161, more: readonly SnmpAccess[] = []) {
  const profile = { ...shippedProfile('ups/rfc1628'), interval: 'slow' as const };
  return fieldModel(
    [access, ...more].map((each, index) => ({
      id: index === 0 ? 'ups' : `ups-${index}`,
      profile,
      address: { protocol: 'snmp', host: '127.0.0.1', port, access: each },
    })),
  );
}

interface ReceivingOptions {
  /** Access to further devices at the same address. */
  readonly more?: readonly SnmpAccess[];
  readonly clock?: Clock;
}

async function receiving(access: SnmpAccess, { more = [], clock = systemClock }: ReceivingOptions = {}) {
  const model = ups(access, 161, more);
  const seen = recorder(model);
  const nudged: string[] = [];
  const receiver = createTrapReceiver({
    devices: model.devices,
    place: { port: 0, host: '127.0.0.1' },
    clock,
    sink: seen.sink,
    log: silentLog,
    nudge: ({ id }) => nudged.push(id),
    env,
  });
  cleanups.push(() => receiver.stop());
  return { port: await receiver.start(), receiver, seen, nudged };
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-trap-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const surroundings = { ...process.env, SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: '' };
  await promisify(execFile)(program, [...args], { env: surroundings });
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
