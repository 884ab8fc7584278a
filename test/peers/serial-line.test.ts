import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, test, type TestContext } from 'vitest';
import { runProbe } from '../../cli/probe.ts';
import { createCollectors } from '../../collectors/create.ts';
import { usualSerial } from '../../config/schema/site.ts';
import { systemClock } from '../../core/clock.ts';
import { eventually, fieldModel, recorder, silentLog } from '../support/field.ts';
import { modbusBench, modbusProfile, threeValues } from '../support/modbus-device.ts';
import { peer } from '../support/peers.ts';
import { startPeer, type Peer } from '../support/process.ts';

const script = fileURLToPath(new URL('modbus-server.py', import.meta.url));
const { openAt } = modbusBench();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Line {
  /** Our end. */
  readonly path: string;
  /** The end of the devices. */
  readonly far: string;
  readonly folder: string;
  readonly unplug: () => Promise<void>;
  readonly plugIn: () => Promise<void>;
}

/** Two pseudo-terminals, joined as by a cable. */
async function line(context: TestContext): Promise<Line> {
  const socat = peer(context, 'socat');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-line-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const ends = ['near', 'far'].map((name) => path.join(folder, name));
  let cable: Peer | undefined;
  const plugIn = async (): Promise<void> => {
    cable = await startPeer(
      socat,
      ['-d', '-d', ...ends.map((end) => `pty,raw,echo=0,link=${end}`)],
      /starting data/,
    );
  };
  const unplug = async (): Promise<void> => {
    await cable?.stop();
    cable = undefined;
  };
  cleanups.push(unplug);
  await plugIn();
  return { path: `${folder}/near`, far: `${folder}/far`, folder, unplug, plugIn };
}

/** pymodbus with these units on the line: registers 0–2 and 6, of which the first is 100 and the unit's number. */
async function serve(context: TestContext, { far, folder }: Line, units: readonly number[]): Promise<Peer> {
  peer(context, 'pyserial');
  const registers = path.join(folder, 'registers.json');
  await writeFile(registers, JSON.stringify({ 0: [100, 0xffff, 0xfffe, 0, 0, 0, 33] }));
  const server = await startPeer(
    peer(context, 'pymodbus'),
    [script, registers, far, 'serial', ...units.map(String)],
    /^0\n/m,
  );
  cleanups.push(() => server.stop());
  return server;
}

const onLine = (at: string, unit: number) =>
  ({ protocol: 'modbus', line: { path: at, ...usualSerial }, unit }) as const;

describe('a serial line', () => {
  test('is read unit by unit, and a unit that is missing costs the others nothing but its turn', async (context) => {
    const wire = await line(context);
    await serve(context, wire, [1, 2]);
    const units = [1, 2, 3].map((unit) => openAt(onLine(wire.path, unit)));
    const results = await Promise.all(units.map(({ read }) => read().catch((error: unknown) => error)));
    expect(results).toEqual([
      { ...threeValues, one: 101 },
      { ...threeValues, one: 102 },
      expect.objectContaining({ kind: 'timeout', message: expect.stringContaining('line set to 9600 8N1') }),
    ]);
  });

  test('is lost when it is unplugged, and read again when it is plugged in', async (context) => {
    const wire = await line(context);
    const server = await serve(context, wire, [1]);
    const model = fieldModel([
      { id: 'meter', profile: { ...modbusProfile(), interval: 'safety' }, address: onLine(wire.path, 1) },
    ]);
    const seen = recorder(model);
    const collectors = createCollectors({ model, clock: systemClock, sink: seen.sink, log: silentLog });
    cleanups.push(() => collectors.stop());
    const now = () => collectors.diagnostics()[0];
    collectors.start();
    await eventually('the meter is read', () => now()?.state === 'ok');
    await server.stop();
    await wire.unplug();
    await eventually('the meter is lost', () => now()?.state === 'lost');
    expect(now()?.lastError).toContain('is the adapter plugged in?');
    await wire.plugIn();
    await serve(context, wire, [1]);
    await eventually('the meter is back', () => now()?.state === 'ok');
    expect(seen.picture()).toMatchObject({ 'meter/one': '101', 'meter/link': 'ok' });
  });

  test('is busy while another program has it open', async (context) => {
    const wire = await line(context);
    await serve(context, wire, [1]);
    const other = new SerialPort({ path: wire.path, baudRate: 9600, autoOpen: false });
    await new Promise<void>((resolve) => other.open(() => resolve()));
    cleanups.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
    const { read } = openAt(onLine(wire.path, 1));
    await expect(read()).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('is busy'),
    });
  });

  test('says what came instead of an answer', async (context) => {
    const wire = await line(context);
    const device = new SerialPort({ path: wire.far, baudRate: 9600, autoOpen: false });
    await new Promise<void>((resolve) => device.open(() => resolve()));
    cleanups.push(() => new Promise<void>((resolve) => device.close(() => resolve())));
    // Of seven registers as asked for, from unit 9; then bytes as a wrong parity makes them.
    const answers = [
      withCrc([9, 3, 14, ...Array.from({ length: 14 }, () => 1)]),
      Buffer.from([0x81, 0x83, 0x8e, 0xff]),
    ];
    device.on('data', () => {
      const next = answers.shift();
      if (next !== undefined) device.write(next);
    });
    const { read, faults } = openAt(onLine(wire.path, 1));
    await expect(read()).rejects.toThrow(/an answer came from unit 9 \(asked: 1\).*ends in \/9/);
    await expect(read()).rejects.toThrow(/4 bytes came that are no sound answer.*baud rate, parity/);
    expect(faults).toContain('malformed');
  });

  test('is probed', async (context) => {
    const wire = await line(context);
    await serve(context, wire, [5]);
    const profile = path.join(wire.folder, 'meter.yaml');
    await writeFile(
      profile,
      'protocol: modbus\nkind: meter\nmaker: none\nmodel: test\nsource: made up\npoints:\n  - { quantity: power, unit: kW, address: 0 }\n',
    );
    const written: string[] = [];
    const run = (more: object) =>
      runProbe(
        {
          profile,
          serial: `${wire.path}/5`,
          access: {},
          config: 'config',
          simulatorPort: 0,
          json: true,
          ...more,
        },
        (text) => written.push(text),
      );
    expect(await run({ baud: '19200', parity: 'even' })).toBe(0);
    expect(JSON.parse(written.join(''))).toEqual([
      expect.objectContaining({ quantity: 'power', value: 105 }),
    ]);
    expect(await run({ baud: '9601' })).toBe(64);
    expect(await run({ serial: '/dev/ttyUSB0' })).toBe(64);
  });
});

/** CRC-16 of Modbus, bit by bit: not the product's own table. */
function withCrc(bytes: readonly number[]): Buffer {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001;
  }
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
}
