import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../../config/model.ts';
import { good, qualityCode } from '../../../core/reading.ts';
import { complianceDocumentView, complianceView } from '../../../server/contracts/compliance.ts';
import { judgeTopology } from '../../../server/compliance/topology.ts';
import { monthRange } from '../../../server/compliance/months.ts';
import type { StoredReading } from '../../../server/historian/historian.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { sendFile } from '../support/send-file.ts';
import { loadTestsOverHttp } from '../loadtest/over-http.ts';
import { pointOf, shippedModel, startServer, type TestServer } from '../support/server.ts';

const hour = 3_600_000;
const minute = 60_000;
const month = '2026-11';
const { from } = monthRange(month);
/** The sixth hour of the month has begun. */
const now = from + 5 * hour + 10 * minute;
const shipped = shippedModel();
const sensors = shipped.points.filter(
  ({ id, quantity }) => quantity === 'temperature' && /^dc\/env-a0[1-4]\/|^dc\/env-hall-1-a\//.test(id),
);

let server: TestServer;
const clock = createFakeClock(now);
beforeAll(async () => {
  server = await startServer({ model: onlySensors(shipped), clock });
  const [hot, gone] = sensors;
  const readings: StoredReading[] = [];
  for (const { id } of sensors)
    for (let at = from; at < from + 5 * hour; at += 10_000) {
      if (id === gone?.id && at >= from + 2 * hour) continue;
      const isHot = id === hot?.id && at >= from + hour && at < from + hour + 30 * minute;
      readings.push({ point: id, at, value: isHot ? 28.5 : 22 + (at % 3) / 10, quality: good });
    }
  await server.historian.append(readings);
  const index = (id: string) => pointOf(server.model, id).index;
  server.pipeline.accept(
    sensors.map(({ id }) => ({
      point: index(id),
      at: now,
      value: id === gone?.id ? Number.NaN : 22,
      quality: id === gone?.id ? qualityCode('timeout') : good,
    })),
  );
});
afterAll(() => server.close());

/** The shipped sites with a handful of temperature sensors, so that each figure can be worked out by hand. */
function onlySensors(model: Model): Model {
  const kept = new Set(sensors.map(({ id }) => id));
  const compliance = model.compliance;
  if (compliance === undefined) throw new Error('the shipped configuration says how BAB IV is proven');
  return {
    ...model,
    compliance: {
      ...compliance,
      rows: compliance.rows.map((row) => ({
        ...row,
        proofs: row.proofs.map((proof) =>
          row.row === 'temperature' && proof.by === 'points'
            ? { ...proof, points: { ...proof.points, device: [...kept].map((id) => id.split('/')[1] ?? '') } }
            : proof,
        ),
      })),
    },
  };
}

async function read(query = `site=dc&month=${month}`) {
  return complianceView.parse((await server.api(`/compliance?${query}`, { role: 'viewer' })).json);
}

describe('the compliance page over HTTP', () => {
  it('has every row of the catalogue with its clause and the rule of its site', async () => {
    const dc = await read();
    const smart = await read(`site=smart-dc&month=${month}`);
    expect(dc.items).toHaveLength(25);
    const rule = (view: typeof dc, row: string) => view.items.find((each) => each.row === row);
    expect(rule(dc, 'temperature')).toMatchObject({ clause: 'BAB IV.1.4', rule: { id: '18–27 °C' } });
    expect(rule(smart, 'rack-power')?.rule.en).toMatch(/^Storage 5 kW, Server 3 kW, Network 2 kW/);
    expect(rule(smart, 'endurance')?.rule.en).toBe('At least 96 h nonstop');
    expect(rule(dc, 'cooling')?.rule.id).toBe('Precision Air Conditioner (PAC)');
    expect(JSON.stringify([dc, smart])).not.toMatch(/\{[a-z]+\./i);
  });

  it('measures the share of the month, its coverage and the worst moment', async () => {
    const view = await read();
    expect(view).toMatchObject({ from: new Date(from).toISOString(), to: new Date(from + 5 * hour).toISOString(), isOver: false });
    const proof = view.proofs.find(({ row }) => row === 'temperature');
    const [hot, gone] = sensors;
    const total = sensors.length * 5 * hour;
    // The last reading before the gap holds for as long as it is fresh.
    const known = total - 3 * hour + (hot?.staleAfterMs ?? 0) - 10_000;
    expect(proof?.share.coverage).toBeCloseTo((100 * known) / total, 1);
    expect(proof?.share.held).toBeCloseTo(100 - (100 * 30 * minute) / known, 1);
    expect(proof).toMatchObject({ verdict: 'fails', things: sensors.length, source: 'BAB IV.1.4' });
    expect(proof?.worst).toMatchObject({ point: hot?.id, value: 28.5, high: 27, isBroken: true, at: new Date(from + hour).toISOString() });
    expect(proof?.notable.map(({ point }) => point)).toEqual([hot?.id, gone?.id]);
  });

  it('judges this moment beside the month, once the field was read', async () => {
    expect((await read()).items.find(({ row }) => row === 'temperature')?.now).toBeNull();
    await server.httpOptions.compliance?.monitor.judge();
    const view = await read();
    const row = (name: string) => view.items.find((each) => each.row === name);
    expect(row('temperature')?.now).toMatchObject({ verdict: 'not-proven', since: new Date(now).toISOString() });
    expect(row('temperature')?.now?.reason.en).toMatch(/^1 of \d points without a value to be believed/);
    expect(row('racks')?.now).toMatchObject({ verdict: 'holds', reason: { id: '264 rak, paling banyak 264' } });
    expect(row('load-test')?.now).toMatchObject({ verdict: 'not-proven', reason: { id: 'Belum ada uji beban tercatat; paling lambat Senin, 30 November 2026' } });
  });

  it('says what it does not know of a month without data', async () => {
    const view = await read('site=drc&month=2026-09');
    expect(view.isOver).toBe(true);
    expect(view.items.filter(({ verdict }) => verdict === 'fails')).toEqual([]);
    const row = view.items.find((each) => each.row === 'temperature');
    expect(row).toMatchObject({ verdict: 'not-proven', share: { held: null, coverage: 0 }, now: null, worst: null });
    expect(row?.reason.id).toMatch(/Tidak ada data terukur/);
  });

  it('comes as CSV, a line a row, and refuses what there is not', async () => {
    const csv = (await server.api(`/compliance?site=dc&month=${month}&format=csv`, { role: 'viewer' })).text.trim().split('\r\n');
    expect(csv).toHaveLength(26);
    expect(csv[0]).toContain('site,month,row,clause,name.id,name.en,rule.id,rule.en,verdict');
    const problem = async (query: string) => (await server.api(`/compliance?${query}`, { role: 'viewer' })).json;
    expect(await problem('site=dcc')).toMatchObject({ status: 400, detail: expect.stringMatching(/did you mean "dc"/) });
    expect(await problem('site=dc&month=2027-01')).toMatchObject({ errors: [{ path: 'query.month', message: 'has not begun yet' }] });
    expect(await problem('site=dc&month=2026-13')).toMatchObject({ status: 400 });
    expect((await server.api('/compliance?site=dc', { role: 'wall' })).status).toBe(403);
  });
}); // prettier-ignore

describe('documents over HTTP', () => {
  const pdf = Buffer.from('%PDF-1.7 kontrak');
  const about = { site: 'dc', kind: 'fuel-contract', name: 'kontrak bbm.exe', validFrom: '2026-01-01', validTo: '2026-12-31' };
  const post = (change: Partial<typeof about>, role: 'manager' | 'operator' = 'manager', bytes: Uint8Array = pdf) =>
    sendFile(server, `/compliance/documents?${new URLSearchParams({ ...about, ...change }).toString()}`, { role, bytes });

  it('prove their row from their first day on, and not any more once withdrawn', async () => {
    expect((await post({}, 'operator')).status).toBe(403);
    const added = await post({});
    expect(added.status).toBe(201);
    const document = complianceDocumentView.parse(added.json);
    expect(document).toMatchObject({ name: 'kontrak bbm.pdf', state: 'valid', clause: 'BAB IV.1.6', addedBy: 'token:manager' });
    expect(document.expiresAt).toBe('2026-12-31T17:00:00.000Z');
    const row = async () => (await read()).items.find((each) => each.row === 'fuel-contract');
    expect(await row()).toMatchObject({ verdict: 'holds', now: { verdict: 'holds' }, share: { held: 100, coverage: 100 } });
    const file = await server.api(`/compliance/documents/${document.id}/file`, { role: 'viewer' });
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(file.text).toBe('%PDF-1.7 kontrak');
    expect((await post({})).json).toMatchObject({ detail: expect.stringMatching(/this very file is there already/) });

    const withdraw = () => server.api(`/compliance/documents/${document.id}/withdraw`, { method: 'POST', role: 'manager', body: { why: 'salah berkas' } });
    expect((await withdraw()).json).toMatchObject({ state: 'withdrawn', withdrawn: { by: 'token:manager', why: 'salah berkas' } });
    expect((await withdraw()).status).toBe(409);
    expect(await row()).toMatchObject({ verdict: 'not-proven' });
  });

  it('are refused with a reason: another type, too large, days the wrong way round, no such kind', async () => {
    const bytes = (data: Uint8Array) => post({}, 'manager', data);
    expect((await bytes(Buffer.from('<html>'))).json).toMatchObject({ status: 415, detail: expect.stringMatching(/not a PDF/) });
    expect((await bytes(Buffer.alloc(0))).status).toBe(415);
    const json = await server.api(`/compliance/documents?${new URLSearchParams(about).toString()}`, { method: 'POST', role: 'manager', body: { data: 'JVBERi0=' } });
    expect(json).toMatchObject({ status: 415, json: { detail: expect.stringMatching(/application\/pdf/) } });
    const large = Buffer.alloc(10 * 1_048_576 + 1, '%PDF-');
    expect((await bytes(large)).json).toMatchObject({ status: 413, detail: expect.stringMatching(/larger than 10 MB/) });
    expect((await post({ validTo: '2025-12-31' })).json).toMatchObject({ detail: expect.stringMatching(/ends before/) });
    expect((await post({ kind: 'fuel-contrakt' })).json).toMatchObject({ detail: expect.stringMatching(/did you mean "fuel-contract"/) });
    expect(await readdir(join(server.dataDir, 'documents'))).toHaveLength(1);
  });

  it('whose length is not announced are refused at the first byte too many, and 200 MB before the first', async () => {
    const url = new URL(`${server.url}/api/v1/compliance/documents?${new URLSearchParams(about).toString()}`);
    const ask = (headers: Record<string, string>, parts: Iterable<Uint8Array>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sending = request(url, { method: 'POST', headers: { authorization: `Bearer ${server.tokens.get('manager')}`, 'content-type': 'application/pdf', ...headers } });
        sending.once('response', (response) => {
          resolve(response.statusCode);
          sending.destroy();
        });
        sending.once('error', reject);
        Readable.from(parts).pipe(sending);
      });
    const megabyte = Buffer.alloc(1_048_576, '%PDF-');
    expect(await ask({}, Array.from({ length: 12 }, () => megabyte))).toBe(413);
    // Nothing of it was sent.
    expect(await ask({ 'content-length': String(200 * 1_048_576) }, [])).toBe(413);
    expect(await readdir(join(server.dataDir, 'documents'))).toHaveLength(1);
  });
}); // prettier-ignore

// The same server, so that it is composed once.
loadTestsOverHttp(() => server, now);

describe('the gensets that are installed', () => {
  const plated = (duty: 'prime' | 'standby' | undefined) => ({
    ...shipped,
    devices: shipped.devices.map((device) => {
      if (device.key !== 'dc/genset-2') return device;
      const { duty: _shipped, ...rest } = device.nameplate ?? {};
      return { ...device, nameplate: duty === undefined ? rest : { ...rest, duty } };
    }),
  });
  const judged = (model: Model) => {
    const site = model.sites.find(({ id }) => id === 'dc');
    if (site === undefined) throw new Error('the shipped configuration has a DC');
    return judgeTopology(model, site, 'gensets');
  };

  it('fail when a nameplate says another duty than the catalogue asks for, by name', () => {
    expect(judged(plated('prime'))).toMatchObject({ verdict: 'holds', reason: { id: '3 genset di konfigurasi, 3 dengan pelat prime' } });
    expect(judged(plated(undefined))).toMatchObject({ verdict: 'holds', reason: { en: expect.stringContaining('2 with a prime nameplate') } });
    expect(judged(plated('standby'))).toMatchObject({ verdict: 'fails', reason: { id: 'Pelat nama bukan prime: Genset 2 (standby)' } });
  });
}); // prettier-ignore
