import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handlingEndpoints } from '../../../server/api/endpoints/incident-handling.ts';
import { incidentEndpoints } from '../../../server/api/endpoints/incidents.ts';
import { page, role } from '../../../server/contracts/common.ts';
import { incidentSummary, incidentView, type IncidentView } from '../../../server/contracts/incidents.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { mountEndpoints } from '../../../server/http/mount.ts';
import { assignees } from '../../../server/incidents/assignees.ts';
import { fire, smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { capturedLog, serve, type Served } from '../support/http.ts';
import { monday, run, type Running } from './running.ts';

const small = smallModel({
  rules: [{ ...temperatureHigh, onDelay: '0s', offDelay: '0s' }, fire],
  points: [
    { id: 'dc/env-1/temperature', quantity: 'temperature' },
    { id: 'dc/env-2/temperature', quantity: 'temperature', room: 'other' },
    { id: 'dc/vesda/alarm-level', quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) }, // prettier-ignore
  ],
});
const hour = 3_600_000;
const day = 24 * hour;

/** Brought up to date once. */
let template = '';
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'pantau-handling-'));
  await (await openDatabase(join(template, 'operations.db'))).destroy();
});
afterAll(() => rm(template, { recursive: true, force: true }));

let folder = '';
let running: Running;
let server: Served;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-handling-'));
  await copyFile(join(template, 'operations.db'), join(folder, 'operations.db'));
  await start();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start({ pauses = false, clock }: { pauses?: boolean; clock?: Running['clock'] } = {}) {
  const model = { ...small, sla: { pauses } };
  running = await run(join(folder, 'operations.db'), model, clock === undefined ? {} : { clock });
  const app = express();
  const { incidents } = running;
  const people = assignees([{ person: 'budi', name: 'Budi Santoso' }], ['admin']);
  mountEndpoints(
    app,
    [...incidentEndpoints({ incidents, model }), ...handlingEndpoints({ incidents, assignees: () => Promise.resolve(people) })],
    {
      identify: (request) => {
        const parsed = role.safeParse(request.headers['x-role']);
        return Promise.resolve(parsed.success ? { name: 'ana', role: parsed.data, by: 'session' } : undefined);
      },
      session: () => ({ signIn: () => Promise.resolve(), signOut: () => Promise.resolve() }),
      log: capturedLog().log,
      checkOutput: true,
    },
  ); // prettier-ignore
  server = await serve(app);
}
async function stop(): Promise<void> {
  await server.close();
  await running.db.destroy();
}

async function ask(path: string, body?: unknown, user = 'manager'): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    headers: { 'x-role': user, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
} // prettier-ignore
async function view(path: string, body?: unknown): Promise<IncidentView> {
  const { json } = await ask(path, body);
  return incidentView.parse(json);
}
function setClock(at: number): void {
  running.clock.step(at - running.clock.now());
}
async function open(): Promise<string> {
  running.say({ 'dc/env-1/temperature': 28 });
  return (await running.incidents.list({ state: 'open', limit: 10 }))[0]?.id ?? '';
}
const kinds = ({ timeline }: IncidentView): string[] => timeline.map(({ kind }) => kind);
const resolution = { cause: 'Filter PAC tersumbat', remedy: 'Filter diganti' };

describe('the handling of an incident', () => {
  it('is given to a person or a user, and to nobody again', async () => {
    const id = await open();
    expect((await ask(`/incidents/${id}/assign`, { to: 'budi' }, 'viewer')).status).toBe(403);
    expect((await ask(`/incidents/${id}/assign`, { to: 'bud' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'body.to', message: '"bud" is no person; did you mean "budi"?' }],
    });
    const given = await view(`/incidents/${id}/assign`, { to: 'budi' });
    expect(given).toMatchObject({ assignedTo: 'budi' });
    expect(given.timeline.at(-1)).toMatchObject({ kind: 'assigned', actor: 'ana', note: '→ budi' });
    await stop();
    await start({ clock: running.clock });
    expect(await view(`/incidents/${id}`)).toMatchObject({ assignedTo: 'budi' });
    expect(await view(`/incidents/${id}/assign`, { to: null })).toMatchObject({ assignedTo: null });
    expect((await ask('/incidents/none/assign', { to: null })).status).toBe(404);
  });

  it('warns at three quarters of the time and when it is over, once each, also after a restart', async () => {
    const id = await open();
    const due = Date.parse((await view(`/incidents/${id}`)).dueAt);
    setClock(due - 1.9 * hour);
    running.alarms.tick();
    expect(kinds(await view(`/incidents/${id}`)).filter((kind) => kind.startsWith('sla'))).toEqual(['sla-warning']); // prettier-ignore
    await stop();
    await start({ clock: running.clock });
    running.alarms.tick();
    setClock(due + 1_000);
    running.alarms.tick();
    running.alarms.tick();
    const late = await view(`/incidents/${id}`);
    expect(kinds(late).filter((kind) => kind.startsWith('sla'))).toEqual(['sla-warning', 'sla-breached']);
    expect(late.sla).toMatchObject({ breached: true, state: 'counting', remainingMs: -1_000 });
  });

  it('is not paused unless the configuration allows it', async () => {
    const id = await open();
    expect((await ask(`/incidents/${id}/pause`, { reason: 'suku cadang' })).json).toMatchObject({
      status: 409,
      detail: expect.stringContaining('pauses: true'),
    });
    await stop();
    await start({ pauses: true, clock: running.clock });
    expect((await ask(`/incidents/${id}/pause`, { reason: ' ' })).status).toBe(400);
    expect((await ask(`/incidents/${id}/pause`, { reason: 'x' }, 'operator')).status).toBe(403);
    const before = await view(`/incidents/${id}`);
    const paused = await view(`/incidents/${id}/pause`, { reason: 'menunggu suku cadang' });
    expect(paused.sla).toMatchObject({ state: 'paused', pause: { by: 'ana', reason: 'menunggu suku cadang' } }); // prettier-ignore
    expect((await ask(`/incidents/${id}/pause`, { reason: 'lagi' })).status).toBe(409);
    await running.clock.advance(hour);
    const resumed = await view(`/incidents/${id}/resume`, {});
    expect(Date.parse(resumed.dueAt) - Date.parse(before.dueAt)).toBe(hour);
    expect(resumed.sla).toMatchObject({ state: 'counting', remainingMs: before.sla.remainingMs });
    expect((await ask(`/incidents/${id}/resume`, {})).status).toBe(409);
    expect(kinds(resumed).slice(-2)).toEqual(['paused', 'resumed']);
  });

  it('is resolved with cause and remedy once its condition is over', async () => {
    const id = await open();
    expect((await ask(`/incidents/${id}/resolve`, resolution)).json).toMatchObject({
      status: 409,
      detail: expect.stringContaining('1 of its alarms are still active'),
    });
    running.say({ 'dc/env-1/temperature': 22 });
    expect((await ask(`/incidents/${id}/resolve`, { ...resolution, remedy: '' })).status).toBe(400);
    const closed = await view(`/incidents/${id}/resolve`, resolution);
    expect(closed).toMatchObject({ state: 'resolved', resolution, acknowledgedBy: 'ana', unacknowledged: 0 });
    expect(kinds(closed)).toEqual(expect.arrayContaining(['resolved', 'closed']));
    expect((await ask(`/incidents/${id}/resolve`, resolution)).status).toBe(409);
    await stop();
    await start({ clock: running.clock });
    expect(await view(`/incidents/${id}`)).toMatchObject({ state: 'resolved', resolution });
  });

  it('is reopened within 7 calendar days, without the time in which it was taken for solved', async () => {
    const id = await open();
    expect((await ask(`/incidents/${id}/reopen`, { reason: 'x' })).status).toBe(409);
    running.say({ 'dc/env-1/temperature': 22 });
    const closed = await view(`/incidents/${id}/resolve`, resolution);
    // Monday 10:00; the last moment is Monday, a week later, at midnight.
    setClock(monday + 7 * day + 13 * hour);
    const opened = await view(`/incidents/${id}/reopen`, { reason: 'Masih panas' });
    expect(opened).toMatchObject({ state: 'returned', resolvedAt: null, resolution: null });
    expect(opened.sla).toMatchObject({ breached: false, remainingMs: closed.sla.remainingMs });
    expect(opened.timeline.at(-1)).toMatchObject({
      kind: 'reopened',
      note: 'Masih panas\n(Filter PAC tersumbat; Filter diganti)',
    });
    // It is no longer over by itself, whatever happens around it.
    await stop();
    await start({ clock: running.clock });
    await ask(`/incidents/${id}/ack`, {});
    expect(await view(`/incidents/${id}`)).toMatchObject({ state: 'returned' });
    // The alarm that comes again joins it.
    running.say({ 'dc/env-1/temperature': 28 });
    expect(await view(`/incidents/${id}`)).toMatchObject({ state: 'open', active: 1 });
    running.say({ 'dc/env-1/temperature': 22 });
    expect(await view(`/incidents/${id}/resolve`, resolution)).toMatchObject({ state: 'resolved' });

    setClock(running.clock.now() + 8 * day);
    expect((await ask(`/incidents/${id}/reopen`, { reason: 'terlambat' })).json).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/more than 7 calendar days ago .* note/),
    });
  });

  it('lists what is due next, whatever its priority, page by page', async () => {
    running.say({ 'dc/env-1/temperature': 28 });
    await running.clock.advance(1_000);
    running.say({ 'dc/vesda/alarm-level': 4 });
    const list = async (query: string) =>
      page(incidentSummary).parse((await ask(`/incidents?state=open&${query}`)).json);
    const all = (await list('order=due')).items;
    expect(all.map(({ dueAt }) => dueAt)).toEqual(all.map(({ dueAt }) => dueAt).toSorted());
    const first = await list('order=due&limit=1');
    const second = await list(`order=due&limit=1&cursor=${first.next ?? ''}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect((await ask('/incidents?order=due')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.order' }],
    });
  });
});
