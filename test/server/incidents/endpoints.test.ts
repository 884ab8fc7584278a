import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { journalEntryView, standingAlarmView } from '../../../server/contracts/alarms.ts';
import { incidentSummary, incidentView } from '../../../server/contracts/incidents.ts';
import { page, role } from '../../../server/contracts/common.ts';
import { alarmEndpoints } from '../../../server/api/endpoints/alarms.ts';
import { incidentEndpoints } from '../../../server/api/endpoints/incidents.ts';
import { mountEndpoints } from '../../../server/http/mount.ts';
import { fire, smallModel, temperatureHigh } from '../alarms/small-model.ts';
import { capturedLog, serve, type Served } from '../support/http.ts';
import { run, type Running } from './running.ts';

const model = smallModel({
  rules: [{ ...temperatureHigh, onDelay: '0s', offDelay: '0s' }, fire],
  points: [
    { id: 'dc/env-1/temperature', quantity: 'temperature' },
    { id: 'dc/env-2/temperature', quantity: 'temperature' },
    { id: 'dc/vesda/alarm-level', quantity: 'alarm-level', unit: 'state', states: new Map([[0, 'normal'], [4, 'fire-1']]) }, // prettier-ignore
  ],
});
const ticket = {
  id: 't', service: '3.1.1', unit: 'Pusintek', pic: 'Sari', activity: 'kabel',
  from: '2026-11-23T02:00:00Z', to: '2026-11-23T05:00:00Z',
}; // prettier-ignore

let folder = '';
let running: Running;
let server: Served;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-incidents-'));
  running = await run(join(folder, 'operations.db'), model, {
    ticketsTouching: () => Promise.resolve([ticket]),
  });
  const app = express();
  const { alarms, incidents, clock } = running;
  const endpoints = [...incidentEndpoints({ incidents, model }), ...alarmEndpoints({ alarms, model, clock })];
  mountEndpoints(app, endpoints, {
    identify: (request) => {
      const parsed = role.safeParse(request.headers['x-role']);
      return Promise.resolve(parsed.success ? { name: 'ana', role: parsed.data, by: 'session' } : undefined);
    },
    session: () => ({ signIn: () => Promise.resolve(), signOut: () => Promise.resolve() }),
    log: capturedLog().log,
    checkOutput: true,
  });
  server = await serve(app);
});
afterEach(async () => {
  await server.close();
  await running.db.destroy();
  await rm(folder, { recursive: true, force: true });
});

async function ask(path: string, user: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    headers: { 'x-role': user, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}
async function list(query = ''): Promise<z.infer<ReturnType<typeof page<typeof incidentSummary>>>> {
  return page(incidentSummary).parse((await ask(`/incidents${query}`, 'wall')).json);
}

describe('incidents over HTTP', () => {
  it('are listed by priority, page by page, and filtered', async () => {
    running.say({ 'dc/env-1/temperature': 28, 'dc/vesda/alarm-level': 4 });
    const first = await list('?limit=1');
    expect(first.items.map(({ rule }) => rule)).toEqual(['fire']);
    const second = await list(`?limit=1&cursor=${first.next ?? ''}`);
    expect([second.items.map(({ rule }) => rule), second.next]).toEqual([['temperature-high'], null]);
    expect((await list('?state=resolved')).items).toEqual([]);
    expect((await ask('/incidents?site=dcc', 'wall')).json).toMatchObject({ status: 400, detail: expect.stringMatching(/did you mean "dc"/) }); // prettier-ignore
    expect((await ask('/incidents?cursor=nonsense', 'wall')).status).toBe(400);
  });

  it('are narrowed to a site, priorities, a discipline, what waits, and words of their texts, in memory and in the store', async () => {
    running.say({ 'dc/env-1/temperature': 28, 'dc/vesda/alarm-level': 4 });
    const rules = async (query: string) => (await list(`?${query}`)).items.map(({ rule }) => rule);
    const check = async (): Promise<void> => {
      expect(await rules('priority=P2')).toEqual(['temperature-high']);
      expect(await rules('priority=P1,P2')).toEqual(['fire', 'temperature-high']);
      expect(await rules('discipline=fire')).toEqual(['fire']);
      expect(await rules('text=ENV-1%20temperature')).toEqual(['temperature-high']);
      // A wildcard of SQL is a letter like any other.
      expect(await rules('text=env_1')).toEqual([]);
      expect(await rules('text=%25')).toEqual([]);
      expect(await rules('text=%5C')).toEqual([]);
    };
    await check();
    expect(await rules('waiting=true')).toEqual(['fire', 'temperature-high']);
    const ids = (await list()).items.map(({ id }) => id);
    await ask('/incidents/ack', 'operator', { incidents: ids });
    expect(await rules('waiting=true')).toEqual([]);
    running.say({ 'dc/env-1/temperature': 22, 'dc/vesda/alarm-level': 0 });
    for (const id of ids) await ask(`/incidents/${id}/reset`, 'operator', {});
    expect(await rules('state=open')).toEqual([]);
    await check();
    expect(await rules('state=resolved&waiting=false&text=vesda')).toEqual(['fire']);
    const within = (from: string, to: string) => rules(`state=resolved&from=${from}Z&to=${to}Z`);
    expect(await within('2000-01-01T00:00:00', '2000-01-02T00:00:00')).toEqual([]);
    expect((await within('2000-01-01T00:00:00', '2100-01-01T00:00:00')).sort()).toEqual(['fire', 'temperature-high']); // prettier-ignore
    expect(await within('2100-01-01T00:00:00', '2100-01-02T00:00:00')).toEqual([]);
    expect((await ask('/incidents?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'wall')).status).toBe(
      400,
    );
    expect((await ask('/incidents?priority=P1,P9', 'wall')).json).toMatchObject({ status: 400, errors: [{ path: 'query.priority', message: expect.stringContaining('P1,P2') }] }); // prettier-ignore
  });

  it('are acknowledged all at once by an operator; an unknown one is named and stops nothing', async () => {
    running.say({ 'dc/env-1/temperature': 28, 'dc/vesda/alarm-level': 4 });
    const incidents = ['none', ...(await list()).items.map(({ id }) => id)];
    expect((await ask('/incidents/ack', 'viewer', { incidents })).status).toBe(403);
    expect((await ask('/incidents/ack', 'operator', { incidents: [] })).status).toBe(400);
    expect(await ask('/incidents/ack', 'operator', { incidents })).toEqual({
      status: 200,
      json: { acknowledged: incidents.slice(1), unknown: ['none'] },
    });
    expect((await list()).items.map(({ acknowledgedBy }) => acknowledgedBy)).toEqual(['ana', 'ana']);
  });

  it('are acknowledged and noted by operators only', async () => {
    running.say({ 'dc/env-1/temperature': 28 });
    const id = (await list()).items[0]?.id ?? '';
    expect((await ask(`/incidents/${id}/ack`, 'viewer', {})).status).toBe(403);
    const acknowledged = incidentView.parse((await ask(`/incidents/${id}/ack`, 'operator', {})).json);
    expect(acknowledged.acknowledgedBy).toBe('ana');
    const noted = incidentView.parse(
      (await ask(`/incidents/${id}/note`, 'operator', { text: ' lihat PAC 3 ' })).json,
    );
    expect(noted.timeline.at(-1)).toMatchObject({ kind: 'noted', actor: 'ana', note: 'lihat PAC 3' });
    expect((await ask(`/incidents/${id}/note`, 'operator', { text: ' ' })).status).toBe(400);
    expect((await ask('/incidents/none/ack', 'operator', {})).status).toBe(404);
  });

  it('give an alarm to another open incident, with a reason', async () => {
    running.say({ 'dc/env-1/temperature': 28, 'dc/vesda/alarm-level': 4 });
    const { items } = await list();
    const id = (rule: string): string => items.find((item) => item.rule === rule)?.id ?? '';
    const [from, to] = [id('temperature-high'), id('fire')];
    const move = { alarm: 'temperature-high@dc/env-1/temperature', to, reason: 'panas dari api' };
    expect((await ask(`/incidents/${from}/move`, 'viewer', move)).status).toBe(403);
    expect((await ask(`/incidents/${from}/move`, 'operator', { ...move, reason: ' ' })).status).toBe(400);
    expect((await ask(`/incidents/${from}/move`, 'operator', { ...move, to: 'none' })).status).toBe(404);
    const left = incidentView.parse((await ask(`/incidents/${from}/move`, 'operator', move)).json);
    expect(left).toMatchObject({ state: 'resolved', total: 0 });
    const joined = incidentView.parse((await ask(`/incidents/${to}`, 'viewer')).json);
    expect(joined).toMatchObject({ active: 2 });
    expect(joined.timeline.at(-1)).toMatchObject({
      kind: 'alarm-moved-in',
      note: `panas dari api ← ${from}`,
    });
    expect((await ask(`/incidents/${from}/move`, 'operator', move)).status).toBe(409);
  });

  it('refuse a text with U+0000, which PostgreSQL would not store', async () => {
    running.say({ 'dc/env-1/temperature': 28 });
    const id = (await list()).items[0]?.id ?? '';
    expect((await ask(`/incidents/${id}/note`, 'operator', { text: 'a\0b' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'body.text' }],
    });
    expect((await ask('/incidents?site=d%00c', 'wall')).json).toMatchObject({
      errors: [{ path: 'query.site' }],
    });
  });

  it('show their tickets to people, not to the wall', async () => {
    running.say({ 'dc/env-1/temperature': 28 });
    const id = (await list()).items[0]?.id ?? '';
    const seen = async (user: string) =>
      incidentView.parse((await ask(`/incidents/${id}`, user)).json).tickets;
    expect([await seen('viewer'), await seen('wall')]).toEqual([[ticket], []]);
  });

  it('refuse a reset while the condition stands, and allow it after', async () => {
    running.say({ 'dc/vesda/alarm-level': 4 });
    const id = (await list()).items[0]?.id ?? '';
    expect((await ask(`/incidents/${id}/reset`, 'operator', {})).status).toBe(409);
    running.say({ 'dc/vesda/alarm-level': 0 });
    const reset = incidentView.parse((await ask(`/incidents/${id}/reset`, 'operator', {})).json);
    expect(reset.state).toBe('resolved');
  });

  it('keep a note while the store fails, say that it is not durable, and write it once the store is back', async () => {
    running.say({ 'dc/env-1/temperature': 28 });
    const id = (await list()).items[0]?.id ?? '';
    await running.db.schema.alterTable('incident_event').renameTo('away').execute();
    const noted = await ask(`/incidents/${id}/note`, 'operator', { text: 'a' });
    expect(noted.status).toBe(200);
    expect(noted.json).toMatchObject({ durable: false });
    await running.db.schema.alterTable('away').renameTo('incident_event').execute();
    await running.clock.advance(2_000);
    const view = incidentView.parse((await ask(`/incidents/${id}`, 'viewer')).json);
    expect(view.timeline.map(({ kind }) => kind)).toEqual(['opened', 'noted']);
    expect(view.durable).toBe(true);
  });
});

it('standing alarms are listed with their incident and state, page by page', async () => {
  running.say({ 'dc/env-1/temperature': 28, 'dc/env-2/temperature': 29, 'dc/vesda/alarm-level': 4 });
  running.say({ 'dc/vesda/alarm-level': 0 });
  const alarms = page(standingAlarmView);
  const first = alarms.parse((await ask('/alarms?limit=2', 'wall')).json);
  const second = alarms.parse((await ask(`/alarms?limit=2&cursor=${first.next ?? ''}`, 'wall')).json);
  expect(
    [...first.items, ...second.items].map(({ id, alarmState, priority }) => [id, alarmState, priority]),
  ).toEqual([
    ['fire@dc/vesda/alarm-level', 'latched-unacknowledged', 'P1'],
    ['temperature-high@dc/env-1/temperature', 'unacknowledged', 'P2'],
    ['temperature-high@dc/env-2/temperature', 'unacknowledged', 'P2'],
  ]);
  expect(second.next).toBeNull();
});

describe('commands on an alarm over HTTP', () => {
  const key = 'temperature-high@dc/env-1/temperature';
  const id = encodeURIComponent(key);
  const reason = 'filter diganti';

  it('need an operator and a reason, and a shelf an end within 24 hours', async () => {
    const until = (hours: number): string => new Date(running.clock.now() + hours * 3_600_000).toISOString();
    expect((await ask(`/alarms/${id}/shelve`, 'viewer', { reason, until: until(1) })).status).toBe(403);
    expect((await ask(`/alarms/${id}/shelve`, 'operator', { until: until(1) })).status).toBe(400);
    expect((await ask(`/alarms/${id}/suppress`, 'operator', { reason: ' ' })).status).toBe(400);
    for (const hours of [0, 25])
      expect((await ask(`/alarms/${id}/shelve`, 'operator', { reason, until: until(hours) })).status).toBe(
        409,
      );
    expect((await ask('/alarms/none%40dc%2Fx/ack', 'operator', {})).status).toBe(404);
    expect((await ask(`/alarms/${id}/unshelve`, 'operator', {})).status).toBe(409);
    expect((await ask(`/alarms/${id}/reset`, 'operator', {})).status).toBe(409);
    const shelved = await ask(`/alarms/${id}/shelve`, 'operator', { reason, until: until(1) });
    expect(shelved.json).toMatchObject({ id: key, shelvedUntil: until(1), incident: null, durable: true });
  });

  it('are in the journal with who and why, which is filtered and read page by page', async () => {
    running.say({ 'dc/env-1/temperature': 28, 'dc/env-2/temperature': 28 });
    await ask(`/alarms/${id}/ack`, 'operator', {});
    await ask(`/alarms/${id}/out-of-service`, 'operator', { reason });
    const journal = page(journalEntryView);
    const read = async (query: string) => journal.parse((await ask(`/alarm-journal${query}`, 'viewer')).json);
    expect((await ask('/alarm-journal', 'wall')).status).toBe(403);
    const all = await read('');
    expect(all.items.map(({ sequence, why, actor }) => [sequence, why, actor])).toEqual([
      [4, 'out-of-service', 'ana'], [3, 'acknowledge', 'ana'], [2, 'raise', null], [1, 'raise', null],
    ]); // prettier-ignore
    expect(all.items[0]).toMatchObject({ from: 'acknowledged', to: 'acknowledged+out-of-service', reason, value: 28, limit: 27, quality: 'good' }); // prettier-ignore
    const first = await read(`?alarm=${id}&limit=2`);
    const second = await read(`?alarm=${id}&limit=2&cursor=${first.next ?? ''}`);
    expect([...first.items, ...second.items].map(({ sequence }) => sequence)).toEqual([4, 3, 1]);
    expect((await read('?actor=ana&why=acknowledge')).items).toHaveLength(1);
  });
});
