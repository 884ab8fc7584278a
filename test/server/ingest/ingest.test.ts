import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { good, qualityCode } from '../../../core/reading.ts';
import { ingestOutput, type IngestInput, type WireBatch } from '../../../collectors/remote/wire.ts';
import { collectorView } from '../../../server/contracts/collectors.ts';
import { page } from '../../../server/contracts/common.ts';
import { deviceDiagnosticsView } from '../../../server/contracts/system.ts';
import { pointOf, startServer, type TestServer } from '../support/server.ts';

const temperature = 'drc/env-a01/temperature';
const humidity = 'drc/env-a01/humidity';
const day = 86_400_000;
let server: TestServer;
let sequence = 0;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Row {
  readonly point: string;
  readonly at: number;
  readonly value: number | null;
  readonly quality?: number;
}

function batchOf(rows: readonly Row[], more: Partial<WireBatch> = {}): WireBatch {
  const points = [...new Set(rows.map(({ point }) => point))];
  sequence += 1;
  return {
    run: 'run00000001', sequence, settled: 1, live: true, points,
    point: rows.map(({ point }) => points.indexOf(point)),
    at: rows.map(({ at }) => at),
    value: rows.map(({ value }) => value),
    quality: rows.map(({ quality }) => quality ?? good),
    ...more,
  };
} // prettier-ignore

async function send(message: Partial<IngestInput>) {
  const body = { sentAt: Date.now(), ...message };
  const answer = await server.api('/ingest', { method: 'POST', role: 'collector', body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return ingestOutput.parse(answer.json);
}

const everything = { from: 0, to: Date.now() + 10 * day };
const stored = (point: string) => server.historian.raw(point, everything, 100_000);
const current = (point: string) => {
  const { index } = pointOf(server.model, point);
  return { at: server.pipeline.current.at[index], value: server.pipeline.current.value[index] };
};

describe('a batch', () => {
  it('is in the store when it is answered, and what is live is shown', async () => {
    const at = Date.now() - 500;
    const { batch } = await send({ batch: batchOf([{ point: temperature, at, value: 23.25 }]) });
    expect(batch).toMatchObject({ stored: 1, repeat: false, refused: [] });
    expect(await stored(temperature)).toEqual([{ at, value: 23.25, quality: good }]);
    expect(current(temperature)).toEqual({ at, value: 23.25 });
  });

  it('is answered alike and stored once when it is sent again, also at the same time', async () => {
    const at = Date.now() - day;
    const message = { batch: batchOf([{ point: humidity, at, value: 41 }, { point: 'drc/no/such', at, value: 1 }], { live: false }) }; // prettier-ignore
    const [first, second] = await Promise.all([send(message), send(message)]);
    const third = await send(message);
    const answers = [first, second, third].map(({ batch }) => ({ ...batch, repeat: undefined }));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect([first, second, third].filter(({ batch }) => batch?.repeat === false)).toHaveLength(1);
    expect(await stored(humidity)).toHaveLength(1);
  });

  it('is not taken for another of the same number of another run', async () => {
    const at = Date.now() - 2 * day;
    const batch = batchOf([{ point: humidity, at, value: 42 }], { live: false });
    await send({ batch });
    const other = await send({ batch: { ...batch, run: 'run00000002', at: [at + 1_000] } });
    expect(other.batch).toMatchObject({ repeat: false });
    expect((await stored(humidity)).filter(({ value }) => value === 42)).toHaveLength(2);
  });

  it('keeps its known readings when others are unknown, of another site, out of time or of no quality', async () => {
    const at = Date.now() - 1_000;
    const rows: Row[] = [
      { point: 'drc/env-a02/temperature', at, value: 21 },
      { point: 'drc/env-a02/temprature', at, value: 21 },
      { point: 'drc/rack-a01/power', at, value: 2 },
      { point: 'drc/site/collector-link', at, value: 1 },
      { point: 'dc/env-a01/temperature', at, value: 21 },
      { point: 'drc/env-a02/temperature', at: at + 5 * day, value: 21 },
      { point: 'drc/env-a02/temperature', at: 12, value: 21 },
      { point: 'drc/env-a02/temperature', at: at + 1, value: 21, quality: 200 },
      { point: 'drc/env-a02/temperature', at: at + 2, value: null },
      { point: 'drc/env-a02/timeouts', at, value: 3 },
      { point: 'drc/collector/lateness-p99', at, value: 0.1 },
    ];
    const { batch } = await send({ batch: batchOf(rows) });
    expect(batch?.stored).toBe(3);
    expect(Object.fromEntries(batch?.refused.map(({ reason, readings }) => [reason, readings]) ?? [])).toEqual({
      'unknown-point': 3, 'other-site': 1, time: 2, quality: 2,
    }); // prettier-ignore
    expect(batch?.refused.find(({ reason }) => reason === 'unknown-point')?.points).toContain(
      'drc/env-a02/temprature',
    );
    expect(await stored('dc/env-a01/temperature')).toEqual([]);
    expect(server.lines.join('')).toContain('readings of a collector are refused');
  });

  it('from a spool is stored with its own time and never shown nor judged, even where nothing is known yet', async () => {
    const hot = 'drc/env-b01/temperature';
    const old = Date.now() - 3_600_000;
    const rows = Array.from({ length: 60 }, (_, index) => ({
      point: hot,
      at: old + index * 10_000,
      value: 60,
    }));
    await send({ batch: batchOf(rows, { live: false }) });
    // Flagged live by mistake, or because a clock stood still: its age tells.
    await send({ batch: batchOf([{ point: hot, at: old + 700_000, value: 60 }], { live: true }) });
    expect(await stored(hot)).toHaveLength(61);
    expect(current(hot).at).toBe(0);
    expect(server.incidents.openCount()).toBe(0);
    const at = Date.now();
    await send({ batch: batchOf([{ point: hot, at, value: 22 }]) });
    expect(current(hot)).toEqual({ at, value: 22 });
  });

  it('is live by the clock of its sender, whichever way that clock is off', async () => {
    const point = 'drc/env-b02/temperature';
    const skewed = Date.now() - 300_000;
    await send({ sentAt: skewed, batch: batchOf([{ point, at: skewed - 1_000, value: 24 }]) });
    expect(current(point)).toEqual({ at: skewed - 1_000, value: 24 });
    const ahead = Date.now() + 300_000;
    await send({ sentAt: ahead, batch: batchOf([{ point, at: ahead, value: 25 }]) });
    const now = Date.now();
    await send({ batch: batchOf([{ point, at: now + 1_000, value: 26 }]) });
    expect(current(point).value).toBe(26);
  });

  it('keeps a bad reading bad', async () => {
    const point = 'drc/env-b03/temperature';
    const at = Date.now();
    const quality = qualityCode('timeout');
    await send({ batch: batchOf([{ point, at, value: null, quality }]) });
    expect(await stored(point)).toEqual([{ at, value: Number.NaN, quality }]);
  });

  it('is taken once more only by its number: below what its sender calls settled it is a repeat', async () => {
    const at = Date.now() - 4 * day;
    const run = 'run00000003';
    const point = 'drc/env-b04/temperature';
    const one = (number: number, settled: number) =>
      send({
        batch: batchOf([{ point, at: at + number, value: number }], {
          run,
          sequence: number,
          settled,
          live: false,
        }),
      });
    await one(5, 1);
    await one(2, 1);
    await one(9, 6);
    expect((await one(5, 6)).batch?.repeat).toBe(true);
    expect((await one(2, 6)).batch?.repeat).toBe(true);
    expect((await one(7, 6)).batch?.repeat).toBe(false);
    expect(await stored(point)).toHaveLength(4);
  });
});

describe('what cannot be taken', () => {
  const post = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/v1/ingest`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.tokens.get('collector')}`,
        'content-type': 'application/json',
        ...headers,
      },
      body,
    });

  it.each([
    ['garbage', 400, 'not json', {}],
    ['another type', 415, 'x', { 'content-type': 'text/plain' }],
    ['broken gzip', 400, new Uint8Array([31, 139, 8, 1, 2, 3]), { 'content-encoding': 'gzip' }],
    ['an unknown encoding', 415, '{}', { 'content-encoding': 'rot13' }],
    ['10 MB', 413, JSON.stringify({ pad: 'x'.repeat(10_000_000) }), {}],
    ['a zip bomb', 413, gzipSync('[' + ' '.repeat(200_000_000)), { 'content-encoding': 'gzip' }],
  ] as const)('%s is refused with %i', async (_what, status, body, headers) => {
    expect((await post(body, headers)).status).toBe(status);
    expect((await server.api('/health')).status).toBe(200);
  });

  it('columns that do not belong together are refused with 422', async () => {
    const batch = batchOf([{ point: temperature, at: Date.now(), value: 1 }]);
    for (const wrong of [{ at: [] }, { point: [7] }, { quality: [0, 0] }]) {
      const body = { sentAt: Date.now(), batch: { ...batch, ...wrong } };
      const answer = await server.api('/ingest', { method: 'POST', role: 'collector', body });
      expect([answer.status, answer.json]).toMatchObject([422, { errors: [{ path: 'body.batch' }] }]);
    }
  });

  it('whatever JSON comes, the answer is a refusal or a result', async () => {
    const any = fc.record({
      sentAt: fc.anything(),
      batch: fc.option(fc.anything()),
      report: fc.option(fc.anything()),
    });
    const nearly = fc.record({
      sentAt: fc.double(),
      batch: fc.record({
        run: fc.constant('run00000009'),
        sequence: fc.integer(),
        settled: fc.integer({ min: 1, max: 3 }),
        live: fc.boolean(),
        points: fc.array(fc.oneof(fc.string(), fc.constantFrom('drc/env-c01/temperature', 'dc/env-a01/humidity')), { maxLength: 5 }),
        point: fc.array(fc.nat(6), { minLength: 2, maxLength: 3 }),
        at: fc.array(fc.double(), { minLength: 2, maxLength: 3 }),
        value: fc.array(fc.option(fc.double()), { minLength: 2, maxLength: 3 }),
        quality: fc.array(fc.integer(), { minLength: 2, maxLength: 3 }),
      }),
    }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.oneof(any, nearly), async (message) => {
        const { status } = await post(JSON.stringify(message));
        expect([200, 400, 422]).toContain(status);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a report', () => {
  const report = {
    version: '1.2.3', sites: ['drc'], startedAt: Date.now() - 5_000, skewMs: 1_500, roundTripMs: 12,
    spool: {
      readings: 90_000, oldestAt: Date.now() - day, bytes: 300_000, limitBytes: 1e9,
      lost: { readings: 7, from: Date.now() - 3 * day, to: Date.now() - 2 * day }, refused: { readings: 0, reason: null }, problem: null,
    },
    devices: ['drc/env-a01', 'dc/env-a01', 'drc/no-such'].map((device) => ({
      device, state: 'lost' as const, lastAnswerAt: null, latencyMs: 3, polls: 9, timeouts: 3, decodeErrors: 0, late: 0, skipped: 0, stretch: 1, clockOffsetMs: null, malformed: 0, wrongSource: 0, lastError: 'timeout',
    })),
  }; // prettier-ignore

  it('shows the collector, its clock, spool, losses and devices, beside the local one', async () => {
    await send({ report });
    const { items } = page(collectorView).parse((await server.api('/collectors', { role: 'viewer' })).json);
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['local', 'off'],
      ['collector', 'catching-up'],
    ]);
    expect(items[1]).toMatchObject({
      sites: ['drc'], version: '1.2.3', skewMs: 1_500, devices: 1,
      spool: { readings: 90_000, lost: { readings: 7 } },
    }); // prettier-ignore
    expect(server.remoteCollectors.deviceDiagnostics()).toMatchObject([
      { device: { key: 'drc/env-a01' }, collector: 'collector', state: 'lost' },
    ]);
    expect(server.lines.join('')).toContain('the clock of a collector is off');
    expect(server.lines.join('')).toContain('has lost readings');
  });

  it('is not needed: devices say who polls them', async () => {
    const { json } = await server.api('/devices/health', { role: 'viewer' });
    expect(page(deviceDiagnosticsView).parse(json).items[0]?.collector).toBe('local');
  });
});

it('only a collector may deliver, and it may do nothing else', async () => {
  const body = { sentAt: Date.now() };
  for (const role of ['wall', 'admin'] as const)
    expect((await server.api('/ingest', { method: 'POST', role, body })).status).toBe(403);
  expect((await server.api('/ingest', { method: 'POST', body })).status).toBe(401);
  expect((await server.api('/points', { role: 'collector' })).status).toBe(403);
  const { detail } = z
    .object({ detail: z.string() })
    .parse((await server.api('/points', { role: 'collector' })).json);
  expect(detail).toContain('collector');
});
