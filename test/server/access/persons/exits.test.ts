import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { good } from '../../../../core/reading.ts';
import { breachView } from '../../../../server/contracts/breach.ts';
import { page } from '../../../../server/contracts/common.ts';
import { incidentSummary } from '../../../../server/contracts/incidents.ts';
import { ticketDetails } from '../../../../server/contracts/tickets.ts';
import { peer } from '../../../support/peers.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../../support/server.ts';

const identity = '3171055501900042';
const hour = 3_600_000;
let server: TestServer;
let ticket: string;
beforeAll(async () => {
  server = await startServer();
  const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
  const body = {
    site: 'dc', rooms: [], unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: 'Ganti disk',
    persons: [{ name: 'Budi', identity, party: 'employee' }], from: at(1), to: at(2), superiorEmail: 'kabag@example.go.id',
  }; // prettier-ignore
  const { json } = await server.api('/tickets', { method: 'POST', role: 'operator', body });
  ticket = ticketDetails.parse(json).id;
});
afterAll(() => server.close());

const post = (path: string, body: unknown, role: 'manager' | 'admin' = 'admin') =>
  server.api(path, { method: 'POST', role, body });

it('no endpoint that reads gives an identity, as JSON or CSV, nor do the metrics', async () => {
  const document = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse((await server.api('/openapi.json')).json);
  const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
    'get' in methods ? [path.replace(/^\/api\/v1/, '').replace(/^(\/tickets\/)\{id\}/, `$1${ticket}`)] : [],
  );
  expect(paths).toContain('/tickets');
  expect(paths).toContain(`/tickets/${ticket}`);
  let answered = 0;
  for (const path of paths.filter((each) => !each.includes('{')))
    for (const query of ['', '?format=csv']) {
      const { status, text } = await server.api(path + query, { role: 'admin' });
      expect({ path, leaks: text.includes(identity) }).toEqual({ path, leaks: false });
      if (status === 200) answered += 1;
    }
  expect(answered).toBeGreaterThan(20);
  expect((await server.ask('/metrics', { role: 'admin' })).text).not.toContain(identity);
});

/** Raises a fire, whose report on personal data can be opened. */
async function fire(): Promise<string> {
  const detector = server.model.points.find(({ quantity, kind, site }) => quantity === 'alarm-level' && kind === 'vesda' && site === 'dc'); // prettier-ignore
  const point = pointOf(server.model, detector?.id ?? '');
  server.alarms.accept([{ point: point.index, at: Date.now(), value: stateCode(point, 'fire-1'), quality: good }]); // prettier-ignore
  const open = await server.api('/incidents?discipline=fire', { role: 'viewer' });
  return page(incidentSummary).parse(open.json).items[0]?.id ?? '';
}

it('a breach package names who looked, whose data and which fields, masked, with the time that the law leaves', async (context) => {
  await post(`/tickets/${ticket}/identities`, { reason: 'Cocokkan kartu' });
  const incident = await fire();
  const base = `/incidents/${incident}/reports/uu-27-2022`;
  expect((await post(`/incidents/${incident}/reports`, { kind: 'uu-27-2022' })).status).toBe(201);
  const asked = `from=${new Date(Date.now() - hour).toISOString()}&to=${new Date(Date.now() + hour).toISOString()}`;
  expect((await server.api(`${base}/breach?${asked}`, { role: 'operator' })).status).toBe(403);
  expect((await server.api(`${base}/breach?from=2026-02-01&to=2026-01-01`, { role: 'admin' })).status).toBe(
    400,
  );
  const view = breachView.parse((await server.api(`${base}/breach?${asked}`, { role: 'admin' })).json);
  expect(Date.parse(view.dueAt) - Date.parse(view.knownAt)).toBe(72 * hour);
  expect(view).toMatchObject({
    counts: { lookups: 1, users: 1, subjects: 3, identities: 1 },
    users: [{ user: 'token:admin', lookups: 1, tickets: 1 }],
    held: { tickets: 1, persons: 1 },
    isCut: false,
  });
  expect(view.subjects[0]).toMatchObject({ name: 'Budi', identity: '•••042', role: 'employee', fields: ['name', 'identity'], tickets: [ticket] }); // prettier-ignore
  const csv = await server.api(`${base}/breach/lookups?format=csv&${asked}`, { role: 'admin' });
  expect(csv.text).toContain('Cocokkan kartu');
  expect(JSON.stringify(view) + csv.text).not.toContain(identity);
  peer(context, 'pdftotext');
  expect(await pdfText(`${base}/breach/file?${asked}`)).toMatch(/72 jam|sisa 2 hari 23 jam|sisa 71 jam/);
  expect(await pdfText('/access-events/file?site=dc')).toMatch(/Log akses[^]*site: dc/);
});

async function pdfText(path: string): Promise<string> {
  const { url, tokens, dataDir } = server;
  const headers = { authorization: `Bearer ${tokens.get('admin')}` };
  const response = await fetch(`${url}/api/v1${path}`, { headers });
  const file = join(dataDir, 'berkas.pdf');
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  return spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout;
}

it('export and erasure are for those who may see identities, need a reason and wait for the ticket', async () => {
  const asked = { identity, reason: 'Permintaan subjek data' };
  expect((await post('/persons/export', asked, 'manager')).status).toBe(403);
  expect((await post('/persons/erase', asked, 'manager')).status).toBe(403);
  expect((await post('/persons/erase', { reason: asked.reason })).status).toBe(400);
  expect((await post('/persons/erase', { ...asked, reason: `NIK ${identity}` })).status).toBe(400);
  expect((await post('/persons/erase', { ...asked, identity: '•••042' })).status).toBe(400);
  expect((await post('/persons/erase', { ...asked, identity: '9999999999' })).status).toBe(404);
  expect((await post('/persons/export', asked)).json).toMatchObject({
    tickets: [{ id: ticket, names: ['Budi'], identities: [identity] }],
  });
  expect((await server.api('/identity-lookups', { role: 'manager' })).json).toMatchObject({
    items: [{ ticket, user: 'token:admin', reason: asked.reason }, {}],
  });
  expect((await post('/persons/erase', asked)).status).toBe(409);
  await post(`/tickets/${ticket}/cancel`, { note: 'Tidak jadi' });
  expect((await post('/persons/erase', asked)).json).toMatchObject({ tickets: 1, actor: 'token:admin' });
  const shown = ticketDetails.parse((await server.api(`/tickets/${ticket}`, { role: 'viewer' })).json);
  expect(shown.persons).toEqual([{ name: '•••', identity: '•••', party: 'employee' }]);
  expect(shown.events.at(-1)).toMatchObject({ action: 'erase' });
  expect((await server.api('/audit', { role: 'manager' })).text).not.toContain(identity);
  expect((await post('/persons/export', asked)).status).toBe(404);
});
