import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ticketDetails } from '../../../../server/contracts/tickets.ts';
import { startServer, type TestServer } from '../../support/server.ts';

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
    items: [{ ticket, user: 'token:admin', reason: asked.reason }],
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
