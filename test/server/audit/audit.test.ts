import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint, isSigned } from '../../../core/log/note.ts';
import { isConsistent, isIncluded, leafHash } from '../../../core/log/tree.ts';
import {
  auditEntryView,
  logEntryView,
  logProofView,
  logVerificationView,
  logView,
} from '../../../server/contracts/audit.ts';
import { page } from '../../../server/contracts/common.ts';
import { healthView } from '../../../server/contracts/system.ts';
import { ticketDetails } from '../../../server/contracts/tickets.ts';
import { startServer, type TestServer } from '../support/server.ts';

const hour = 3_600_000;
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();
const request = {
  site: 'dc', rooms: [], unit: 'Biro TIK', pic: 'Ana Wijaya', accompanied: true, activity: 'Ganti disk',
  persons: [{ name: 'Budi Santoso', identity: '3171234567890123', party: 'employee' }],
  from: at(-1), to: at(1), superiorEmail: 'kabag@example.go.id',
}; // prettier-ignore
const audit = async (query = '') =>
  page(auditEntryView).parse((await server.api(`/audit?${query}`, { role: 'manager' })).json).items;

describe('a command through the API', () => {
  it('leaves an entry of who, from where, what and its outcome, without what is personal', async () => {
    const made = await server.api('/tickets', { method: 'POST', role: 'operator', body: request });
    expect(made.status).toBe(201);
    const [entry] = await audit('path=/tickets');
    expect(entry).toMatchObject({
      actor: 'token:operator', role: 'operator', address: '127.0.0.1', method: 'POST', path: '/tickets', subject: '', status: 201, problem: null,
    }); // prettier-ignore
    expect(JSON.parse(entry?.input ?? '')).toMatchObject({ unit: 'Biro TIK', persons: '1', pic: '•••' });
    for (const personal of ['Budi', '3171234567890123', 'Ana Wijaya', 'kabag@'])
      expect(JSON.stringify(await audit())).not.toContain(personal);
  });

  it('leaves one when it is refused, with the reason', async () => {
    await server.api('/tickets', { method: 'POST', role: 'viewer', body: request });
    await server.api('/tickets/none/approve', { method: 'POST', role: 'manager', body: {} });
    const [missing, forbidden] = await audit('outcome=refused');
    expect(missing).toMatchObject({ subject: 'none', path: '/tickets/:id/approve', status: 404, problem: 'there is no ticket "none"' }); // prettier-ignore
    expect(forbidden).toMatchObject({ actor: 'token:viewer', status: 403, problem: 'needs role operator; token:viewer has viewer' }); // prettier-ignore
    expect((await audit('actor=token:viewer')).every(({ actor }) => actor === 'token:viewer')).toBe(true);
  });

  it('leaves no password and none of who is not signed in', async () => {
    await server.api('/session', { method: 'POST', body: { user: 'admin', password: 'salah-sekali' } });
    await server.api('/tickets', { method: 'POST', body: request });
    const [entry] = await audit();
    expect(entry).toMatchObject({ path: '/session', status: 401, actor: '' });
    expect(entry?.input).toBe('{"user":"admin","password":"•••"}');
  });

  it('is shown to managers only', async () => {
    expect((await server.api('/audit', { role: 'operator' })).status).toBe(403);
    expect((await server.ask('/api/v1/audit?format=csv', { role: 'manager' })).text).toContain(
      'token:operator',
    );
  });
});

describe('the log', () => {
  const log = async () => logView.parse((await server.api('/log', { role: 'viewer' })).json);
  const proof = async (query: string) =>
    logProofView.parse((await server.api(`/log/proof?${query}`, { role: 'viewer' })).json);
  const entries = async (query: string) =>
    page(logEntryView).parse((await server.api(`/log/entries?${query}`, { role: 'manager' })).json).items;

  it('proves every entry from its data alone, under a checkpoint signed with the key of the installation', async () => {
    await server.provenLog.checkpointNow();
    const { checkpoint, key, size } = await log();
    const [, name = '', encoded = ''] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(key) ?? [];
    const publicKey = Buffer.from(encoded, 'base64').subarray(1).toString('base64');
    expect(isSigned(checkpoint?.note ?? '', { name, publicKey })).toBe(true);
    expect(parseCheckpoint(checkpoint?.note ?? '')).toMatchObject({
      size,
      root: checkpoint?.root,
      number: 1,
    });
    expect(statSync(join(server.dataDir, 'log-key.pem')).mode & 0o777).toBe(0o600);
    const all = await entries('');
    expect(all).toHaveLength(size);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['key', 'audit', 'ticket-event']));
    for (const { sequence, leaf, data } of all) {
      expect(leafHash(data ?? '')).toBe(leaf);
      const { hashes, root } = await proof(`size=${size}&sequence=${sequence}`);
      expect(isIncluded({ leaf, index: sequence, size, proof: hashes, root: checkpoint?.root ?? '' })).toBe(
        true,
      );
      expect(root).toBe(checkpoint?.root);
    }
    expect(all.map(({ data }) => data).join()).not.toMatch(/Budi|3171234567890123|Ana Wijaya|kabag@/);
  });

  it('proves that it only grew', async () => {
    const before = (await log()).checkpoint;
    const { json } = await server.api('/tickets', { method: 'POST', role: 'operator', body: request });
    const { id } = ticketDetails.parse(json);
    await server.api(`/tickets/${id}/approve`, { method: 'POST', role: 'manager', body: { escort: 'Eko' } });
    await server.provenLog.checkpointNow();
    const after = (await log()).checkpoint;
    if (before === null || after === null) throw new Error('no checkpoint');
    expect(after).toMatchObject({ number: 2, size: before.size + 4 });
    const { hashes } = await proof(`first=${before.size}&size=${after.size}`);
    expect(isConsistent(before, after, hashes)).toBe(true);
  });

  it('names what is wrong with a question', async () => {
    const ask = async (query: string) => server.api(`/log/proof?${query}`, { role: 'viewer' });
    expect((await ask('size=3')).text).toContain('give either');
    expect((await ask('size=300&first=1')).text).toContain('query.size: the log has');
    expect((await ask('size=3&sequence=3')).text).toContain('must be below');
    expect((await server.api('/log/checkpoint?number=99', { role: 'viewer' })).status).toBe(404);
    expect((await server.api('/log/entries', { role: 'viewer' })).status).toBe(403);
  });
});

// The last one: it edits what the log has.
describe('a verification from the page', () => {
  const view = async () =>
    logVerificationView.parse((await server.api('/log/verification', { role: 'manager' })).json);
  const start = () => server.api('/log/verification', { method: 'POST', role: 'manager' });
  const verified = async () => {
    expect((await start()).status).toBe(202);
    await expect.poll(async () => (await view()).running, { timeout: 20_000 }).toBeNull();
    return (await view()).last;
  };

  it('reads the whole log beside the running server, one verification at a time, and keeps what it found', async () => {
    expect(await view()).toEqual({ running: null, last: null });
    expect((await server.api('/log/verification', { method: 'POST', role: 'operator' })).status).toBe(403);
    const [first, second] = await Promise.all([start(), start()]);
    expect(new Set([first.status, second.status])).toEqual(new Set([202, 409]));
    await expect.poll(async () => (await view()).running, { timeout: 20_000 }).toBeNull();
    expect((await view()).last).toMatchObject({
      actor: 'token:manager',
      result: { state: 'verified', problems: 0, findings: [] },
    });

    // An insider edits what the log has; the page and health say so.
    await server.db.updateTable('audit_entry').set({ actor: 'orang lain' }).execute();
    const last = await verified();
    const { result } = last ?? {};
    expect(result?.state === 'verified' ? result.findings[0] : result).toMatchObject({ what: 'edited' });
    const health = healthView.parse((await server.api('/health', { role: 'viewer' })).json);
    expect(health.parts.find(({ part }) => part === 'audit log')).toMatchObject({ status: 'degraded' });
  });
});
