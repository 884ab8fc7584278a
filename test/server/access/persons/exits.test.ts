import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { FieldEvent } from '../../../../core/field-event.ts';
import { good } from '../../../../core/reading.ts';
import { fieldEventRepository } from '../../../../server/access/field-events.ts';
import { readTable } from '../../../../server/access/import-read.ts';
import { breachView } from '../../../../server/contracts/breach.ts';
import { page } from '../../../../server/contracts/common.ts';
import { incidentSummary } from '../../../../server/contracts/incidents.ts';
import { livePath } from '../../../../server/contracts/live.ts';
import { identityLookupView, ticketDetails } from '../../../../server/contracts/tickets.ts';
import { peer } from '../../../support/peers.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../../support/server.ts';
import { untilPasses } from '../../../support/until-passes.ts';

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

/** A contractor inside, whose number and card nobody reads by the way. */
const guest = { identity: '3174020203910007', card: '88002211' };
const inDay = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const ofGuest = {
  site: 'dc', rooms: ['hall-1'], unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: 'Perawatan PAC',
  persons: [{ name: 'Sari Kontraktor', identity: guest.identity, party: 'third-party' }],
  from: inDay(-0.1), to: inDay(2), superiorEmail: 'kabag@example.go.id', picEmail: 'ana@example.go.id',
}; // prettier-ignore

/** What a path of the document is asked with. */
function urlOf(
  path: string,
  { ticket: id, incident }: { readonly ticket: string; readonly incident: string },
): string | undefined {
  const queries: Readonly<Record<string, string>> = {
    '/topology': 'site=dc', '/compliance': 'site=dc', '/load-test-trends': 'site=dc', '/capacity/trends': 'site=dc', '/on-call/at': 'site=dc',
    '/tickets/calendar': 'site=dc&month=2026-11', '/history': 'points=dc/env-a01/temperature', '/history/columns': 'points=dc/env-a01/temperature', '/capacity/what-if': 'fail=dc/ups-a',
    '/log/proof': 'size=1', '/log/witness': 'first=1', '/tickets/export': 'as=csv',
  }; // prettier-ignore
  const of: Readonly<Record<string, string>> = { sites: 'dc', tickets: id, incidents: incident };
  const filled = path.replace(
    /^\/(sites|tickets|incidents)\/\{id\}/,
    (_, list: string) => `/${list}/${of[list]}`,
  );
  if (filled.includes('{')) return undefined;
  return queries[path] === undefined ? filled : `${filled}?${queries[path]}`;
}

/** Of things that hold nothing of a ticket, and breach packages, which a test of their own asks for. */
const notAsked =
  /^\/(points|alarms|alarm-figures|alarm-reports|commissioning|compliance|load-tests|verify|reports|acknowledgements|shifts|incidents\/\{id\}\/(attachments|reports))\/|^\/on-call\/calendar\.ics/;

/** Everything that a page, a wall or a phone is told over the socket. */
async function listening(): Promise<{ readonly told: unknown[]; readonly socket: Socket }> {
  const socket = io(server.url, {
    path: livePath,
    transports: ['websocket'],
    auth: { token: server.tokens.get('viewer') },
  });
  const told: unknown[] = [];
  socket.onAny((...message: unknown[]) => told.push(message));
  await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
  return { told, socket };
}

/** As the event store does: stored, then on the stream. */
async function happens(events: readonly FieldEvent[]): Promise<void> {
  await fieldEventRepository(server.db).add(events, Date.now());
  server.pipeline.acceptEvents(events);
}

it('a number of identity leaves by no list, thing, file, metric, message, socket or log, and a card only to operators', async () => {
  const { told, socket } = await listening();
  const made = ticketDetails.parse((await post('/tickets', ofGuest, 'manager')).json);
  await post(`/tickets/${made.id}/approve`, { escort: 'Rudi' }, 'manager');
  await post(`/tickets/${made.id}/check-in`, { cards: [{ person: 0, card: guest.card }] }, 'manager');
  const door = { source: 'dc/door-hall-1', at: Date.now(), kind: 'access-granted' };
  await happens([
    { ...door, id: 'dc/door-hall-1#1', attributes: { part: 'door-1', card: guest.card, direction: 'in' } },
    { ...door, id: 'dc/door-hall-1#2', kind: 'duress', attributes: { part: 'door-1', card: guest.card } },
  ]);
  const series = {
    first: { ...ofGuest, from: inDay(24), to: inDay(25) },
    repetition: { every: 'week', count: 2 },
  };
  await post('/ticket-series', series, 'manager');
  const file = Buffer.from(`referensi;situs;orang\n1;dc;Sari/${guest.identity}`).toString('base64');
  await post('/tickets/import', { name: 'tiket.csv', data: file }, 'manager');
  const incident = await fire();

  const document = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
  const { paths } = document.parse((await server.api('/openapi.json')).json);
  const leaks: string[] = [];
  const answered = { viewer: 0, admin: 0 };
  for (const [whole, methods] of Object.entries(paths)) {
    const path = whole.replace(/^\/api\/v1/, '');
    if (!('get' in methods) || notAsked.test(path)) continue;
    const url = urlOf(path, { ticket: made.id, incident });
    expect({ path, isAsked: url !== undefined }).toEqual({ path, isAsked: true });
    for (const role of ['viewer', 'admin'] as const)
      for (const form of ['', 'format=csv']) {
        const { status, text } = await server.api(
          `${url}${form === '' ? '' : `${url?.includes('?') === true ? '&' : '?'}${form}`}`,
          { role },
        );
        if (status === 200) answered[role] += 1;
        if (text.includes(guest.identity) || text.includes(identity)) leaks.push(`${role} ${path} ${form}`);
        if (role === 'viewer' && text.includes(guest.card)) leaks.push(`${role} ${path} ${form} card`);
      }
  }
  expect(leaks).toEqual([]);
  expect(answered.viewer).toBeGreaterThan(60);
  expect(answered.admin).toBeGreaterThan(answered.viewer);
  expect((await server.ask('/metrics', { role: 'viewer' })).text).not.toMatch(guest.identity);
  const headers = { authorization: `Bearer ${server.tokens.get('viewer')}` };
  const xlsx = await fetch(`${server.url}/api/v1/tickets/export?as=xlsx`, { headers });
  const cells = JSON.stringify(await readTable(Buffer.from(await xlsx.arrayBuffer())));
  expect(cells).toContain('Sari Kontraktor | •••007 | pihak ketiga');
  expect(cells).not.toContain(guest.identity);

  await untilPasses(() => expect(JSON.stringify(told)).toContain(incident));
  socket.disconnect();
  const pages = await server.db.selectFrom('notification').selectAll().execute();
  for (const text of [JSON.stringify(told), server.lines.join(''), JSON.stringify(pages)]) {
    expect(text).not.toContain(guest.identity);
    expect(text).not.toContain(guest.card);
  }
  // Some three hundred answers, one after the other.
}, 120_000);

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
    held: { tickets: 2, persons: 2 },
    isCut: false,
  });
  expect(view.subjects[0]).toMatchObject({ name: 'Budi', identity: '•••042', role: 'employee', fields: ['name', 'identity'], tickets: [ticket] }); // prettier-ignore
  const csv = await server.api(`${base}/breach/lookups?format=csv&${asked}`, { role: 'admin' });
  expect(csv.text).toContain('Cocokkan kartu');
  expect(JSON.stringify(view) + csv.text).not.toContain(identity);
  peer(context, 'pdftotext');
  const file = await pdfText(`${base}/breach/file?${asked}`);
  expect(file).toMatch(/72 jam|sisa 2 hari 23 jam|sisa 71 jam/);
  expect(file).not.toContain(identity);
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

it('every way to whole identities takes the right and a reason, and is a look-up on record', async () => {
  const { json } = await post('/tickets', { ...ofGuest, persons: [{ name: 'Tono', identity: '3175010101800009', party: 'employee' }] }, 'manager'); // prettier-ignore
  const { id } = ticketDetails.parse(json);
  const lookups = async (): Promise<number> => {
    const { items } = page(identityLookupView).parse(
      (await server.api(`/identity-lookups?ticket=${id}`, { role: 'manager' })).json,
    );
    return items.filter(({ user, reason }) => user === 'token:admin' && reason === 'Cocokkan kartu').length;
  };
  const ways = [
    { path: `/tickets/${id}/identities`, body: {} },
    { path: '/tickets/export', body: { as: 'csv', site: 'dc' } },
    { path: '/persons/export', body: { identity: '3175010101800009' } },
  ];
  for (const { path, body } of ways) {
    const before = await lookups();
    expect(
      (
        await server.api(path, {
          method: 'POST',
          role: 'viewer',
          body: { ...body, reason: 'Cocokkan kartu' },
        })
      ).status,
    ).toBe(403);
    expect((await post(path, body)).status).toBe(400);
    expect(await lookups()).toBe(before);
    expect((await post(path, { ...body, reason: 'Cocokkan kartu' })).text).toContain('3175010101800009');
    expect({ path, lookups: await lookups() }).toEqual({ path, lookups: before + 1 });
  }
});
