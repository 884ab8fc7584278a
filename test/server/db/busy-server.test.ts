import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foreignWriter } from '../../support/foreign-writer.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const hour = 3_600_000;
const ticket = {
  site: 'dc',
  rooms: [],
  unit: 'Biro TIK',
  pic: 'Ana',
  accompanied: true,
  persons: [{ name: 'Budi', identity: '3171', party: 'employee' }],
  activity: 'Ganti disk',
  from: new Date(Date.now()).toISOString(),
  to: new Date(Date.now() + hour).toISOString(),
  superiorEmail: 'kabag@example.go.id',
};
const post = () => server.api('/tickets', { method: 'POST', role: 'operator', body: ticket });
const tickets = () => server.api('/tickets', { role: 'viewer' });

it('a server whose database another process has locked goes on reading, and asks writers to try again', async () => {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(server.db);
  const foreign = await foreignWriter(rows[0]?.file ?? '');
  const answered = new AbortController();
  const refused = post().finally(() => answered.abort());
  let slowestMs = 0;
  let reads = 0;
  while (!answered.signal.aborted) {
    const asked = performance.now();
    expect((await tickets()).json).toMatchObject({ items: [] });
    slowestMs = Math.max(slowestMs, performance.now() - asked);
    reads += 1;
  }
  const { status, headers, json } = await refused;
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(json).toMatchObject({ detail: expect.stringContaining('operations database') });
  expect(reads).toBeGreaterThan(5);
  // Before, each waited for the write: five seconds.
  expect(slowestMs).toBeLessThan(2_500);
  await foreign.release();
  expect((await post()).status).toBe(201);
  expect((await tickets()).json).toMatchObject({ items: [{ activity: 'Ganti disk' }] });
});
