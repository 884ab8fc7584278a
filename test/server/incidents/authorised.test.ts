import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildPeople } from '../../../config/build/people.ts';
import { peopleSchema } from '../../../config/schema/people.ts';
import { statutorySchema } from '../../../config/schema/statutory.ts';
import { good } from '../../../core/reading.ts';
import {
  attachmentsView,
  attachmentView,
  reportsView,
  reportView,
} from '../../../server/contracts/handling.ts';
import { incidentView, type IncidentView } from '../../../server/contracts/incidents.ts';
import { fileCheck, safeName } from '../../../server/incidents/file-type.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { pointOf, startServer, type Ask, type TestServer } from '../support/server.ts';
import { sendFile } from '../support/send-file.ts';
import { monday } from './running.ts';

const point = 'dc/env-1/temperature';
const people = buildPeople(
  peopleSchema.parse({
    persons: [
      { person: 'eko', name: 'Eko', user: 'token:operator', email: 'eko@pantau.example', rights: ['declare-disaster', 'statutory-reports'] },
    ],
    escalation: { P1: [{ after: '0s', notify: ['person:eko'], channels: ['email'] }] },
  }),
  {},
); // prettier-ignore
/** As they ship. */
const statutory = ['bssn-1-2024', 'uu-27-2022'].map((name) =>
  statutorySchema.parse(
    parse(readFileSync(new URL(`../../../config/library/statutory/${name}.yaml`, import.meta.url), 'utf8')),
  ),
);
const clock = createFakeClock(monday);
const hour = 3_600_000;

let server: TestServer;
let id = '';
beforeAll(async () => {
  const small = smallModel({
    rules: [{ ...temperatureHigh, onDelay: '0s', offDelay: '0s' }],
    points: [{ id: point, quantity: 'temperature' }],
  });
  const model = { ...small, people, statutory };
  server = await startServer({ model, clock });
  say(29);
  id = (await server.incidents.list({ state: 'open', limit: 1 }))[0]?.id ?? '';
});
afterAll(() => server.close());

function say(value: number): void {
  server.pipeline.accept([{ point: pointOf(server.model, point).index, at: clock.now(), value, quality: good }]); // prettier-ignore
}
const post = (path: string, body: unknown, role: Ask['role'] = 'operator') =>
  server.api(`/incidents/${id}${path}`, { method: 'POST', role, body });
const incident = async (): Promise<IncidentView> =>
  incidentView.parse((await server.api(`/incidents/${id}`, { role: 'viewer' })).json);

const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
const upload = (name: string, bytes: Uint8Array) =>
  sendFile(server, `/incidents/${id}/attachments?${new URLSearchParams({ name }).toString()}`, {
    role: 'operator',
    bytes,
  });

describe('files of an incident', () => {
  it('are taken by their content, whatever their name says, and saved by the browser only', async () => {
    const page = await upload('laporan.pdf', Buffer.from('<html><script>alert(1)</script>'));
    expect(page).toMatchObject({ status: 415, json: { detail: expect.stringContaining('not a PDF') } });
    expect((await upload('virus.pdf', Buffer.from([0x4d, 0x5a, 0, 1]))).status).toBe(415);
    expect((await upload('kosong.txt', Buffer.alloc(0))).status).toBe(415);
    const added = attachmentView.parse((await upload('../../etc/Foto Genset.html', pdf)).json);
    expect(added).toMatchObject({ name: 'Foto Genset.pdf', type: 'application/pdf', addedBy: 'token:operator' }); // prettier-ignore
    const got = await server.api(`/incidents/${id}/attachments/${added.id}`, { role: 'viewer' });
    expect(got.headers.get('content-disposition')).toBe('attachment; filename="Foto Genset.pdf"');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('content-security-policy')).toContain("default-src 'self'");
    const view = await incident();
    expect(view.timeline.at(-1)).toMatchObject({ kind: 'attached', note: 'Foto Genset.pdf' });
    expect((await server.api(`/incidents/${id}/attachments`, { role: 'wall' })).status).toBe(403);
    expect((await server.api('/incidents/none/attachments/x', { role: 'viewer' })).status).toBe(404);
    const { files } = attachmentsView.parse(
      (await server.api(`/incidents/${id}/attachments`, { role: 'viewer' })).json,
    );
    expect(files).toEqual([added]);
    // A data folder that is not the database's own.
    await rm(`${server.dataDir}/attachments/${added.id}`);
    const gone = await server.api(`/incidents/${id}/attachments/${added.id}`, { role: 'viewer' });
    expect(gone).toMatchObject({ status: 410, json: { detail: expect.stringContaining('backup') } });
  });

  it('are at most 10 MB', async () => {
    const large = Buffer.concat([pdf, Buffer.alloc(10 * 1_024 * 1_024)]);
    expect(await upload('besar.pdf', large)).toMatchObject({ status: 413, json: { detail: expect.stringContaining('10 MB') } }); // prettier-ignore
  });

  it('are told apart by their bytes, in whatever pieces they come', () => {
    const typeOf = (bytes: Buffer, size: number): string | undefined => {
      const check = fileCheck();
      for (let at = 0; at < bytes.length; at += size)
        if (!check.accept(bytes.subarray(at, at + size))) return undefined;
      return check.end()?.type;
    };
    for (const size of [1, 3, 1_000]) {
      expect(typeOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), size)).toBe(
        'image/png',
      );
      expect(typeOf(Buffer.from('Suhu 29 °C di hall 1\n'), size)).toBe('text/plain; charset=utf-8');
      expect(typeOf(Buffer.from('ya'), size)).toBe('text/plain; charset=utf-8');
      expect(typeOf(Buffer.from([0xc3, 0x28]), size)).toBeUndefined();
      expect(
        typeOf(Buffer.concat([Buffer.from('panjang sekali'), Buffer.from([0xc3])]), size),
      ).toBeUndefined();
      expect(typeOf(Buffer.from(`${' '.repeat(40)}<svg onload=alert(1)>`), size)).toBeUndefined();
      expect(typeOf(Buffer.alloc(0), size)).toBeUndefined();
    }
    expect(safeName('‮gpj.exe', { type: '', extension: 'png' })).toBe('gpj.png');
    expect(safeName('...', { type: '', extension: 'txt' })).toBe('lampiran.txt');
  });
});

describe('a Bencana TIK', () => {
  it('is proposed when the period has passed, and decided by an authorised person', async () => {
    expect((await incident()).disaster).toBeNull();
    expect((await post('/disaster', { decision: 'reject', reason: 'x' })).status).toBe(409);
    clock.step(3 * hour - 1_000);
    server.alarms.tick();
    expect((await incident()).disaster).toBeNull();
    clock.step(1_000);
    server.alarms.tick();
    server.alarms.tick();
    const proposed = await incident();
    expect(proposed).toMatchObject({ disaster: { state: 'proposed', by: null }, checklist: [{ en: 'Check' }] }); // prettier-ignore
    expect(proposed.timeline.filter(({ kind }) => kind === 'disaster-proposed')).toHaveLength(1);
    expect(await post('/disaster', { decision: 'declare', reason: 'x' }, 'manager')).toMatchObject({
      status: 403,
      json: { detail: expect.stringContaining('"declare-disaster" in people.yaml') },
    });
    expect((await post('/disaster', { decision: 'declare', reason: ' ' })).status).toBe(400);
    const declared = incidentView.parse((await post('/disaster', { decision: 'declare', reason: 'Pendinginan mati' })).json); // prettier-ignore
    // It is handled like priority 1.
    expect(declared).toMatchObject({ priority: 'P1', disaster: { state: 'declared', by: 'token:operator' } });
    expect(Date.parse(declared.dueAt) - Date.parse(declared.openedAt)).toBe(3 * hour);
    expect((await post('/disaster', { decision: 'declare', reason: 'lagi' }, 'admin')).status).toBe(409);
    const rejected = incidentView.parse((await post('/disaster', { decision: 'reject', reason: 'Sudah dingin' }, 'admin')).json); // prettier-ignore
    expect(rejected.disaster).toMatchObject({ state: 'rejected', reason: 'Sudah dingin' });
    server.alarms.tick();
    expect((await incident()).disaster).toMatchObject({ state: 'rejected' });
  });
});

describe('a report that the law asks for', () => {
  const list = async () =>
    reportsView.parse((await server.api(`/incidents/${id}/reports`, { role: 'operator' })).json);

  it('runs from when it became known, is filled in, sent once and not changed afterwards', async () => {
    expect((await list()).possible.map(({ kind, withinMs }) => [kind, withinMs / hour])).toEqual([
      ['bssn-1-2024', 24],
      ['uu-27-2022', 72],
    ]);
    expect((await post('/reports', { kind: 'bssn-1-2024' }, 'manager')).status).toBe(403);
    expect((await post('/reports', { kind: 'bssn' })).status).toBe(400);
    const future = new Date(clock.now() + hour).toISOString();
    expect((await post('/reports', { kind: 'bssn-1-2024', knownAt: future })).status).toBe(400);
    const opened = reportView.parse((await post('/reports', { kind: 'bssn-1-2024' })).json);
    const { title, openedAt } = await incident();
    expect(Date.parse(opened.dueAt) - Date.parse(openedAt)).toBe(24 * hour);
    expect(opened.fields.find(({ field }) => field === 'description')?.text).toBe(title.id);
    expect((await post('/reports', { kind: 'bssn-1-2024' })).status).toBe(409);
    expect(await post('/reports/bssn-1-2024/send', { receipt: null })).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining('Contact') },
    });
    const fields = { contact: 'Eko, 0812', impact: 'Tidak ada layanan yang terhenti' };
    expect((await post('/reports/bssn-1-2024/save', { fields: { kontak: 'x' }, version: 1 })).status).toBe(
      400,
    );
    const saved = reportView.parse((await post('/reports/bssn-1-2024/save', { fields, version: 1 })).json);
    expect(saved).toMatchObject({ version: 2, saved: { by: 'token:operator' } });
    // Somebody else has an older one on the screen.
    expect((await post('/reports/bssn-1-2024/save', { fields, version: 1 }, 'admin')).status).toBe(409);
    const sent = reportView.parse((await post('/reports/bssn-1-2024/send', { receipt: 'BSSN-77' })).json);
    expect(sent).toMatchObject({ state: 'sent', sent: { by: 'token:operator', receipt: 'BSSN-77' } });
    expect((await post('/reports/bssn-1-2024/save', { fields, version: 3 })).status).toBe(409);
    expect((await post('/reports/bssn-1-2024/send', { receipt: null })).status).toBe(409);
    expect((await post('/reports/uu-27-2022/save', { fields: {}, version: 1 })).status).toBe(404);
    const file = await server.api(`/incidents/${id}/reports/bssn-1-2024/file`, { role: 'operator' });
    expect(file.headers.get('content-disposition')).toContain(`bssn-1-2024-${id}.json`);
    expect(file.json).toMatchObject({ incident: id, state: 'sent' });
    expect((await incident()).timeline.slice(-2).map(({ kind }) => kind)).toEqual(['report-opened', 'report-sent']); // prettier-ignore
    expect((await server.api('/session', { role: 'operator' })).json).toMatchObject({
      rights: ['declare-disaster', 'statutory-reports'],
    });
  });
});
