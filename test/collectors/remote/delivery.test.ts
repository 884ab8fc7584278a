import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { NamedReading } from '../../../core/reading.ts';
import { createIngestClient } from '../../../collectors/remote/client.ts';
import { createDelivery, type Delivery } from '../../../collectors/remote/delivery.ts';
import { createDiskBuffer } from '../../../core/buffer/disk.ts';
import { openBatchFile, type BatchFile } from '../../../core/buffer/file.ts';
import { eventually, fieldModel, shippedProfile } from '../../support/field.ts';
import { capturedLog } from '../../server/support/http.ts';
import { scriptedServer, type ScriptedServer } from './scripted-server.ts';

const model = fieldModel([
  { id: 'meter', profile: shippedProfile('meter/schneider-pm5100'), address: { protocol: 'modbus', host: '127.0.0.1', port: 1, unit: 1 } },
]); // prettier-ignore
const points = model.devices.flatMap((device) => device.points);
const minute = 60_000;

let dir = '';
let server: ScriptedServer;
let spool: BatchFile;
let delivery: Delivery;
let lines: string[] = [];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-delivery-'));
  server = await scriptedServer();
  spool = openBatchFile({ path: join(dir, 'spool.db'), limitBytes: 1e9 });
  const { log, lines: said } = capturedLog();
  lines = said;
  delivery = createDelivery({
    model,
    clock: systemClock,
    log,
    random: () => 0,
    client: createIngestClient({ url: `${server.url}/`, token: 'right', now: Date.now }),
    buffer: createDiskBuffer({ file: spool, log }),
    run: 'run0000000000',
    about: { version: '0', sites: ['t'] },
    limitBytes: 1e9,
    diagnostics: () => [],
  });
});
afterEach(async () => {
  await delivery.stop();
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Of a day ago, one batch each. */
function spooled(batches: number, size = 10): string[] {
  const start = Date.now() - 1_440 * minute;
  return Array.from({ length: batches }, (_, batch) => {
    const readings: NamedReading[] = Array.from({ length: size }, (__, index) => ({
      point: points[index % points.length]?.id ?? '', at: start + (batch * size + index) * 1_000, value: index, quality: 0,
    })); // prettier-ignore
    // Under a name, so that they are not joined.
    spool.put(readings, { run: 'run0000000001', sequence: batch + 1 });
    return readings.map(({ point, at }) => `${point} ${at}`);
  }).flat();
}

function fresh(at = Date.now()): string[] {
  delivery.sink(points.map(({ index }) => ({ point: index, at, value: 1, quality: 0 })));
  return points.map(({ id }) => `${id} ${at}`);
}

const all = (keys: readonly string[]) => () => keys.every((key) => server.taken.has(key));
const late = () => server.messages.filter(({ batch }) => batch?.live === false);

describe('a delivery', () => {
  it('sends what is fresh before the backlog, then the backlog in the order of time', async () => {
    const keys = spooled(6);
    const now = fresh();
    await delivery.start();
    await eventually('all is there', all([...keys, ...now]));
    const firstLate = late()[0]?.batch?.at[0] ?? 0;
    expect(firstLate).toBe(Math.min(...keys.map((key) => Number(key.split(' ')[1]))));
    const times = late().flatMap(({ batch }) => batch?.at ?? []);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect([...server.taken.values()].every((count) => count === 1)).toBe(true);
    // The server has the last batch a moment before its answer is in.
    await eventually('the spool is empty', () => spool.state().readings === 0);
  });

  it('sets aside what is refused for good and goes on', async () => {
    const keys = spooled(4);
    server.script = ({ batch }) =>
      batch?.live === false && batch.sequence === 2 ? { status: 422 } : undefined;
    await delivery.start();
    const others = keys.filter((_, index) => index < 10 || index >= 20);
    await eventually('the others are there', all(others));
    await eventually('the refused is set aside', () => spool.state().refused.readings === 10);
    expect(late().filter(({ batch }) => batch?.sequence === 2 && batch.run === 'run0000000001')).toHaveLength(
      1,
    );
    expect(lines.join('')).toContain('refuses a batch for good');
  });

  it('halves what is too large for somebody on the way until it fits', async () => {
    const keys = spooled(2, 40);
    server.script = ({ batch }) => ((batch?.at.length ?? 0) > 12 ? { status: 413 } : undefined);
    await delivery.start();
    await eventually('all is there', all(keys));
    await eventually('the last answer is in', () => spool.state().readings === 0);
    expect(spool.state().refused.readings).toBe(0);
  });

  it('sends a batch again under the same name while the server cannot store it', async () => {
    const keys = spooled(1);
    let refusals = 2;
    server.script = ({ batch }) => (batch?.live === false && refusals-- > 0 ? { status: 503 } : undefined);
    await delivery.start();
    await eventually('it is there', all(keys));
    const names = late().map(({ batch }) => `${batch?.run} ${batch?.sequence}`);
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(1);
  });

  it('keeps everything while its token is refused, and says so once', async () => {
    server.script = () => ({ status: 401, body: '{"detail":"the token is unknown"}' });
    const first = await delivery.start();
    expect(first).toMatchObject({ kind: 'forbidden', why: '401 the token is unknown' });
    fresh();
    await eventually('it is kept', () => spool.state().readings === points.length);
    expect(lines.filter((line) => line.includes('does not take readings'))).toHaveLength(1);
  });

  it('shows a server that is new the newest of every point, and never what is stale', async () => {
    const [first, second] = points;
    if (first === undefined || second === undefined) throw new Error('no points');
    const at = Date.now();
    delivery.sink([
      { point: first.index, at, value: 1, quality: 0 },
      { point: second.index, at: at - second.staleAfterMs - minute, value: 2, quality: 0 },
    ]);
    await delivery.start();
    await eventually('it is there', all([`${first.id} ${at}`]));
    server.messages.length = 0;
    server.startedAt = 2;
    const pictured = () =>
      server.messages.some(({ batch }) => batch?.live === true && batch.points.includes(first.id));
    await eventually('the new server has the picture', pictured);
    const shown = server.messages.flatMap(({ batch }) => (batch?.live === true ? batch.points : []));
    expect(shown).not.toContain(second.id);
  });

  it("measures how far its clock is from the server's", async () => {
    server.aheadMs = 90_000;
    await delivery.start();
    const skews = () => server.messages.flatMap(({ report }) => report?.skewMs ?? []);
    await eventually('it is told', () => skews().length > 0);
    expect(Math.round((skews()[0] ?? 0) / 1_000)).toBe(-90);
  });

  it('says below which of its batches nothing will come again', async () => {
    await delivery.start();
    for (let round = 0; round < 3; round += 1) {
      const keys = fresh();
      await eventually('it is there', all(keys));
    }
    const settled = server.messages.flatMap(({ batch }) => batch?.settled ?? []);
    expect(settled.at(-1)).toBe(server.messages.at(-1)?.batch?.sequence);
  });
});

it('whatever a server answers, a post ends with something to do', async () => {
  const client = createIngestClient({ url: server.url, token: 'x', now: Date.now });
  const body = fc.oneof(fc.string(), fc.json());
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 599 }), body, async (status, text) => {
      server.script = () => ({ status, body: text });
      const outcome = await client.post({ sentAt: 1 }, new AbortController().signal);
      expect(['retry', 'refused', 'too-large', 'forbidden', 'wrong-place']).toContain(outcome.kind);
    }),
    { numRuns: 60 },
  );
});
