import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { good } from '../../../core/reading.ts';
import { apiEndpoints } from '../../../server/api/endpoints/all.ts';
import type { Drills } from '../../../server/api/endpoints/drills.ts';
import { topologyView } from '../../../server/contracts/topology.ts';
import { scopeOf } from '../../../server/api/site-scopes.ts';
import { createToken } from '../../../server/auth/tokens.ts';
import type { Endpoint } from '../../../server/http/endpoint.ts';
import { pointOf, startServer, stateCode, type Ask, type TestServer } from '../support/server.ts';

const day = 86_400_000;
const drills: Drills = {
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  running: () => Promise.resolve([{ name: 'leak', site: 'dc', startedAt: '2026-11-23T00:00:00Z' }]),
};

let server: TestServer;
let token = '';
let endpoints: Endpoint[] = [];
/** Ids at DC of things that are made while the test prepares. */
const foreign = { incident: '', ticket: '', plan: '', state: '' };
beforeAll(async () => {
  server = await startServer({ drills });
  const now = Date.now();
  token = await createToken(server.db, { name: 'drc', role: 'manager', sites: ['drc'] }, { now, randomBytes });
  endpoints = apiEndpoints({ ...server.httpOptions, throttle: [] });
  for (const site of ['dc', 'drc']) {
    const found = server.model.points.find(({ quantity, kind, site: at }) => quantity === 'alarm-level' && kind === 'vesda' && at === site);
    const point = pointOf(server.model, found?.id ?? '');
    server.alarms.accept([{ point: point.index, at: now, value: stateCode(point, 'fire-1'), quality: good }]);
  }
  const made = z.object({ id: z.string() });
  const [from, to] = [now + day / 2, now + day].map((at) => new Date(at).toISOString());
  const make = async (path: string, body: unknown): Promise<string> => {
    const { json, text } = await server.api(path, { method: 'POST', role: 'admin', body });
    const parsed = made.safeParse(json);
    if (!parsed.success) throw new Error(`${path}: ${text}`);
    return parsed.data.id;
  };
  foreign.state = await make('/plant-states', { state: 'load-test', site: 'dc', reason: 'Uji', to: from });
  foreign.ticket = await make('/tickets', {
    site: 'dc', unit: 'Biro TIK', pic: 'Ana', accompanied: true, activity: 'Perawatan', from, to, superiorEmail: 'a@b.go.id',
    persons: [{ name: 'Sari', identity: '123', party: 'employee' }],
  });
  foreign.plan = await make('/load-test-plans', { site: 'dc', from, to });
  const incidents = z.object({ items: z.array(made) }).parse((await server.api('/incidents?site=dc', { role: 'viewer' })).json);
  foreign.incident = incidents.items[0]?.id ?? '';
}); // prettier-ignore
afterAll(() => server.close());

const asked = (path: string, ask: Ask = {}) =>
  server.api(path, { ...ask, headers: { authorization: `Bearer ${token}` } });

/** Where an answer names another site: as the `site` of something, or at the beginning of an id. */
function leaks(value: unknown, at = ''): string[] {
  if (typeof value === 'string') return /^(dc|smart-dc)(\/|$)/.test(value) ? [`${at}: ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => leaks(part, `${at}.${key}`));
}

function takesSite({ input: { query } }: Endpoint): boolean {
  return query instanceof z.ZodObject && 'site' in query.shape;
}

describe('a user of one site', () => {
  it('meets no endpoint of which nobody has said what it has to do with sites', () => {
    const undecided = endpoints.filter((endpoint) => scopeOf(endpoint) === undefined);
    expect(undecided.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('reads nothing of another site from any endpoint', async () => {
    const found: string[] = [];
    let read = 0;
    for (const { method, path, role } of endpoints) {
      if (method !== 'get' || path.includes(':') || role === 'admin' || role === 'collector') continue;
      const { status, json } = await asked(`${path}${path === '/compliance' ? '?month=2026-10' : ''}`);
      if (status >= 500) found.push(`${path}: ${status}`);
      if (status === 200) read += 1;
      found.push(...leaks(json).map((leak) => `${path} ${leak}`));
    }
    expect(found.slice(0, 20)).toEqual([]);
    expect(read).toBeGreaterThan(30);
  });

  it('is refused another site by every endpoint that takes one', async () => {
    const statuses: Record<string, number> = {};
    for (const endpoint of endpoints.filter(({ method, role }) => method === 'get' && role !== 'admin')) {
      if (endpoint.path.includes(':') || !takesSite(endpoint)) continue;
      statuses[endpoint.path] = (await asked(`${endpoint.path}?site=dc`)).status;
    }
    expect(Object.keys(statuses).length).toBeGreaterThan(20);
    expect(Object.entries(statuses).filter(([, status]) => status !== 403)).toEqual([]);
    const body = { site: 'dc' };
    for (const path of ['/tickets', '/drills', '/plant-states', '/load-test-plans'])
      expect([path, (await asked(path, { method: 'POST', body })).status]).toEqual([path, 403]);
  });

  it('finds nothing of another site by its id, and changes nothing of it', async () => {
    const alarm = encodeURIComponent('fire@dc/vesda-1/alarm-level');
    const { incident, ticket, plan, state } = foreign;
    const wrong: unknown[] = [];
    const expectNone = async (path: string, body?: unknown): Promise<void> => {
      const ask: Ask = body === undefined ? {} : { method: 'POST', body };
      const { status } = await asked(path, ask);
      if (status !== 404) wrong.push([path, status]);
    };
    await expectNone('/sites/dc');
    await expectNone(`/points/${encodeURIComponent('dc/env-a01/temperature')}`);
    await expectNone(`/history?points=${encodeURIComponent('drc/site/power,dc/site/power')}&from=2026-11-01T00:00:00Z`);
    await expectNone(`/capacity/what-if?fail=${encodeURIComponent('dc/ups-a1')}`);
    await expectNone(`/alarms/${alarm}`);
    await expectNone(`/alarms/${alarm}/suppress`, { reason: 'x' });
    await expectNone(`/incidents/${incident}`);
    await expectNone(`/incidents/${incident}/ack`, {});
    await expectNone(`/incidents/${incident}/note`, { text: 'x' });
    await expectNone('/incidents/ack', { incidents: [incident] });
    await expectNone(`/deliveries?incident=${incident}`);
    await expectNone(`/tickets/${ticket}`);
    await expectNone(`/tickets/${ticket}/cancel`, { note: 'x' });
    await expectNone(`/load-test-plans/${plan}/cancel`, { reason: 'tidak jadi' });
    await expectNone(`/plant-states/${state}/end`, {});
    expect(wrong).toEqual([]);
    const { json } = await server.api(`/incidents/${incident}`, { role: 'viewer' });
    expect(json).toMatchObject({ acknowledgedAt: null, site: 'dc' });
  }); // prettier-ignore

  it('sees and handles what is of the own site, and what is no site’s', async () => {
    const sites = await asked('/sites');
    expect(sites.json).toMatchObject({ items: [{ id: 'drc' }] });
    const { json } = await asked('/incidents');
    const [own] = z.object({ items: z.array(z.object({ id: z.string(), site: z.literal('drc') })) }).parse(json).items; // prettier-ignore
    expect((await asked(`/incidents/${own?.id}/ack`, { method: 'POST', body: {} })).status).toBe(200);
    expect((await asked('/session')).json).toMatchObject({ user: 'token:drc' });
    expect((await asked('/audit')).status).toBe(403);
    const counts = z.object({ annunciated: z.int() });
    const [limited, all] = [await asked('/alarm-counts'), await server.api('/alarm-counts', { role: 'viewer' })].map((answer) => counts.parse(answer.json).annunciated); // prettier-ignore
    expect(limited).toBeLessThan(all ?? 0);
  });

  it('gets pages as full as anybody’s when what comes first is of another site', async () => {
    const two = await createToken(server.db, { name: 'two', role: 'viewer', sites: ['smart-dc', 'drc'] }, { now: Date.now(), randomBytes }); // prettier-ignore
    const ids = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() });
    const seen: string[] = [];
    let cursor = '';
    for (let turn = 0; turn < 3; turn += 1) {
      const { json } = await server.api(`/points?limit=7${cursor}`, { headers: { authorization: `Bearer ${two}` } }); // prettier-ignore
      const { items, next } = ids.parse(json);
      expect(items).toHaveLength(7);
      seen.push(...items.map(({ id }) => id));
      cursor = `&cursor=${encodeURIComponent(next ?? '')}`;
    }
    const whole = ids.parse((await server.api('/points?site=smart-dc&limit=21', { role: 'viewer' })).json);
    expect(seen).toEqual(whole.items.map(({ id }) => id));
  });
});

describe('a list that takes a site', () => {
  const lists = ['/incidents', '/alarms', '/alarm-journal', '/tickets', '/load-test-plans', '/access-events', '/access-findings', '/ticket-series', '/load-tests', '/devices', '/points', '/commissioning', '/capacity', '/capacity/predictions']; // prettier-ignore
  const placed = z.object({
    items: z.array(z.object({ site: z.string() }).or(z.object({ source: z.string() }))),
  });

  it('takes several, and holds what is of any of them', async () => {
    const sizes: Record<string, number> = {};
    for (const path of lists) {
      const sizeOf = async (sites: string): Promise<number> =>
        placed.parse((await server.api(`${path}?site=${sites}`, { role: 'operator' })).json).items.length;
      const [dc, drc, both] = [await sizeOf('dc'), await sizeOf('drc'), await sizeOf('dc,drc')];
      sizes[path] = both;
      // A page of 500 is full of what comes first.
      expect([path, both]).toEqual([path, Math.min(dc + drc, 500)]);
    }
    for (const path of ['/incidents', '/alarms', '/alarm-journal', '/tickets', '/load-test-plans'])
      expect(sizes[path]).toBeGreaterThan(0);
  });

  it('refuses one that is not there among several, with the nearest name', async () => {
    const { status, json } = await server.api('/incidents?site=dc,dcr', { role: 'viewer' });
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('did you mean');
  });
});

const topology = (query: string) => server.api(`/topology?${query}`, { role: 'wall' });

describe('GET topology', () => {
  it('gives every node and edge of a site, with why an edge is there', async () => {
    const { site, nodes, edges } = topologyView.parse((await topology('site=drc')).json);
    expect(site).toBe('drc');
    expect(nodes.filter(({ kind }) => kind === 'rack')).toHaveLength(292);
    expect(edges).toContainEqual({
      from: 'drc/panel:A',
      to: 'drc/rack-a01',
      type: 'supplies',
      feed: 'A',
      why: 'default',
      meter: 'drc/gateway-a',
    });
    const keys = new Set(nodes.map(({ key }) => key));
    expect(edges.filter(({ from, to }) => !keys.has(from) || !keys.has(to))).toEqual([]);
  });

  it('leaves out rows, racks and what stands in them when only the plant is asked for', async () => {
    const { nodes } = topologyView.parse((await topology('site=dc&scope=plant')).json);
    expect(
      nodes.filter(({ kind, id }) => kind === 'rack' || kind === 'row' || id.startsWith('pdu-')),
    ).toEqual([]);
    expect(nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['pln-a', 'ats-b', 'ups-b2', 'panel:B']),
    );
  });

  it('refuses a site that is not there with the nearest name', async () => {
    const { status, json } = await topology('site=dcr');
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('did you mean');
  });
});
