import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import type { Collectors } from '../../collectors/collectors.ts';
import { createCollectors } from '../../collectors/create.ts';
import {
  eventually,
  fieldModel,
  recorder,
  shippedProfile,
  silentLog,
  type Recorder,
} from '../support/field.ts';
import { peer } from '../support/peers.ts';
import { startPeer, type Peer } from '../support/process.ts';

const script = fileURLToPath(new URL('modbus-server.py', import.meta.url));
const recordingPath = new URL('../profiles/modbus/dse-gencomm-running.json', import.meta.url);
const recordingSchema = z.object({
  holding: z.record(z.string(), z.array(z.number())),
  readings: z.record(z.string(), z.string()),
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function genset(python: string, framing: 'tcp' | 'rtu' = 'tcp') {
  const recording = recordingSchema.parse(JSON.parse(await readFile(recordingPath, 'utf8')));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pantau-modbus-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  const registers = path.join(folder, 'registers.json');
  await writeFile(registers, JSON.stringify(recording.holding));
  const start = async (port: number): Promise<{ server: Peer; port: number }> => {
    const server = await startPeer(python, [script, registers, String(port), framing], /^\d+\n/m);
    cleanups.push(() => server.stop());
    return { server, port: Number(/^\d+$/m.exec(server.output())?.[0]) };
  };
  const { server, port } = await start(0);
  return { expected: recording.readings, server, port, restart: () => start(port) };
}

function collect(
  port: number,
  framing: 'tcp' | 'rtu' = 'tcp',
): { seen: Recorder; collectors: Collectors; state: () => string | undefined } {
  const model = fieldModel([
    {
      id: 'genset-1',
      profile: shippedProfile('genset/dse-gencomm'),
      address: { protocol: 'modbus', host: '127.0.0.1', port, unit: 1, access: { framing } },
    },
  ]);
  const seen = recorder(model);
  const collectors = createCollectors({ model, clock: systemClock, sink: seen.sink, log: silentLog });
  cleanups.push(() => collectors.stop());
  collectors.start();
  return { seen, collectors, state: () => collectors.diagnostics()[0]?.state };
}

describe('pymodbus serving a genset', () => {
  test.for(['tcp', 'rtu'] as const)('is read into the whole picture over %s', async (framing, context) => {
    const { expected, port } = await genset(peer(context, 'pymodbus'), framing);
    const { seen, collectors } = collect(port, framing);
    const wanted = Object.fromEntries(Object.entries(expected).map(([id, text]) => [`genset-1/${id}`, text]));
    // A zero is shown when a second reading has proved it; the rest is there before.
    await expect.poll(() => seen.picture()).toEqual({ ...wanted, 'genset-1/link': 'ok' });
    expect(collectors.diagnostics()[0]).toMatchObject({
      timeouts: 0,
      malformed: 0,
      lastError: expect.stringContaining('decoded'),
    });
  });

  test('is lost when the server ends, and found again when it is back', async (context) => {
    const { server, port, restart } = await genset(peer(context, 'pymodbus'));
    const { seen, state } = collect(port);
    await eventually('the genset is read', () => state() === 'ok');
    await server.stop();
    await eventually('the genset is lost', () => state() === 'lost');
    expect(seen.picture()).toMatchObject({ 'genset-1/link': 'lost', 'genset-1/power': '561.85' });
    await restart();
    await eventually('the genset is back', () => state() === 'ok');
    expect(seen.picture()).toMatchObject({ 'genset-1/link': 'ok' });
  });
});
