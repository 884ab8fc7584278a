import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holds } from '../../../server/auth/identity.ts';
import { commissioningReading } from '../../../server/contracts/commissioning.ts';
import { page, tokenRoles } from '../../../server/contracts/common.ts';
import { healthView } from '../../../server/contracts/system.ts';
import { siteView } from '../../../server/contracts/sites.ts';
import { apiEndpoints } from '../../../server/api/endpoints/all.ts';
import type { Drills } from '../../../server/api/endpoints/drills.ts';
import { pointOf, type TestServer } from '../support/server.ts';
import { byteOrderMark, inlet, startFilled } from './filled.ts';

const running: { name: 'smoke' | 'leak'; site: string; startedAt: string }[] = [];
const drills: Drills = {
  async start(name, site) {
    if (name === 'smoke') running.push({ name, site, startedAt: '2026-11-23T00:00:00Z' });
  },
  async stop(name) {
    running.splice(0, running.length, ...running.filter((drill) => drill.name !== name));
  },
  running: async () => running,
};

let server: TestServer;
beforeAll(async () => {
  ({ server } = await startFilled({ drills, writerProblem: 'writing too slowly' }));
});
afterAll(() => server.close());

/** Names an item of any list: values may change between two pages. */
function identity(item: unknown): unknown {
  const named = z.looseObject({ id: z.unknown(), device: z.unknown(), site: z.unknown(), name: z.unknown(), point: z.unknown() }).partial(); // prettier-ignore
  const { id, device, site, name, point } = named.parse(item);
  return { id, device, site, name, point };
}

describe('every endpoint', () => {
  it('refuses who is nobody with 401, and a role below its own with 403', async () => {
    const endpoints = apiEndpoints({ ...server.httpOptions, throttle: [] }).filter(
      (endpoint) => endpoint.role !== 'public',
    );
    expect(endpoints.length).toBeGreaterThan(15);
    for (const { method, path, role } of endpoints) {
      const asked = { method: method.toUpperCase(), ...(method === 'get' ? {} : { body: {} }) };
      const statuses = [(await server.api(path, asked)).status];
      const below = tokenRoles.filter((each) => role !== 'public' && !holds(each, role));
      for (const each of below) statuses.push((await server.api(path, { ...asked, role: each })).status);
      expect([`${method} ${path}`, ...statuses]).toEqual([`${method} ${path}`, 401, ...below.map(() => 403)]);
    }
  });

  it('refuses a token that is unknown, also where nobody needs one', async () => {
    const headers = { authorization: 'Bearer pantau_wrong' };
    expect((await server.api('/sites', { headers })).status).toBe(401);
    expect((await server.api('/health', { headers })).status).toBe(401);
  });

  it('that is a list is paged by a cursor, whole and in order, and is given as CSV too', async () => {
    const lists = apiEndpoints({ ...server.httpOptions, throttle: [] }).filter(
      ({ method, output }) =>
        method === 'get' &&
        output instanceof z.ZodObject &&
        'items' in output.shape &&
        'next' in output.shape,
    );
    expect(lists.length).toBeGreaterThan(8);
    expect(lists.flatMap(({ path, csv }) => (csv ? [] : [path]))).toEqual([]);
    for (const { path, role, nextParameter } of lists) {
      const as = { role: role === 'public' ? 'viewer' : role };
      const first = await server.api(`${path}?limit=20`, as);
      // One with a place in its path, or that must be told what to list, has tests of its own.
      if (path.includes(':') || first.status === 400) continue;
      const whole = page(z.unknown()).parse(first.json).items;
      const paged: unknown[] = [];
      for (let next: string | null = ''; next !== null && paged.length < whole.length;) {
        const cursor: string = next === '' ? '' : `&${nextParameter}=${encodeURIComponent(next)}`;
        const answer = page(z.unknown()).parse((await server.api(`${path}?limit=3${cursor}`, as)).json);
        paged.push(...answer.items);
        next = answer.next;
      }
      expect([path, paged.length >= whole.length]).toEqual([path, true]);
      expect([path, paged.map(identity).slice(0, whole.length)]).toEqual([path, whole.map(identity)]);
      const { bytes, text, headers } = await server.api(`${path}?limit=20&format=csv`, as);
      expect([path, headers.get('content-type')]).toEqual([path, expect.stringContaining('text/csv')]);
      expect([path, text.trim().split('\r\n').length - 1]).toEqual([path, whole.length]);
      expect([path, bytes.toString('hex', 0, 3)]).toEqual([path, byteOrderMark]);
    }
  });

  it('stands in the OpenAPI document', async () => {
    const { json } = await server.api('/openapi.json');
    expect(json).toMatchObject({
      paths: {
        '/points/{id}/history': {
          get: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'resolution' })]) },
        },
        '/tickets': { post: {} },
      },
    });
  });
});

describe('GET health', () => {
  it('is as bad as its worst part', async () => {
    const health = healthView.parse((await server.api('/health')).json);
    expect(health).toMatchObject({ status: 'degraded', field: server.model.field, version: '0.0.0-test' });
    expect(health.parts).toContainEqual({
      part: 'historian',
      status: 'degraded',
      detail: 'writing too slowly',
    });
    expect(health.parts).toContainEqual({ part: 'incidents', status: 'ok', detail: null });
  });
});

describe('GET sites', () => {
  it('lists the sites with their number of racks', async () => {
    expect((await server.api('/sites', { role: 'wall' })).json).toMatchObject({
      items: [
        { id: 'dc', racks: 264 },
        { id: 'smart-dc', racks: 172 },
        { id: 'drc', racks: 292 },
      ],
      next: null,
    });
  });

  it('gives a site whose every point id is known, and whose racks have both feeds and an inlet', async () => {
    for (const id of ['dc', 'smart-dc', 'drc']) {
      const site = siteView.parse((await server.api(`/sites/${id}`, { role: 'wall' })).json);
      const ids = site.racks
        .flatMap((rack) => Object.values(rack.points))
        .concat(site.devices.flatMap((device) => [device.link, ...device.points.map((point) => point.id)]));
      expect(ids.filter((point) => point === null || !server.model.pointById.has(point))).toEqual([]);
      expect(site.racks.length).toBeGreaterThan(100);
      const [rack] = site.racks;
      expect(pointOf(server.model, rack?.points.feedA ?? '')).toMatchObject({
        rack: rack?.id,
        feed: 'A',
        unit: 'kW',
      });
      expect(pointOf(server.model, rack?.points.feedB ?? '')).toMatchObject({
        rack: rack?.id,
        feed: 'B',
        unit: 'kW',
      });
      expect(pointOf(server.model, rack?.points.temperature ?? '')).toMatchObject({
        rack: rack?.id,
        unit: '°C',
      });
    }
  });

  it('leaves the meters and sensors of racks out of the devices, and keeps incomers and UPS', async () => {
    const site = siteView.parse((await server.api('/sites/dc', { role: 'wall' })).json);
    const ids = site.devices.map((device) => device.id);
    expect(ids).toEqual(expect.arrayContaining(['pln-a', 'ups-a1']));
    expect(ids.filter((id) => id.startsWith('pdu-a01') || id === 'env-a01')).toEqual([]);
  });

  it('carries the limits with their clause', async () => {
    expect((await server.api('/sites/smart-dc', { role: 'wall' })).json).toMatchObject({
      limits: {
        temperature: { min: 18, max: 27, clause: expect.stringMatching('IV.2') },
        endurance: { hours: 96 },
      },
    });
  });

  it('names the nearest site when it is unknown', async () => {
    expect((await server.api('/sites/smart-cd', { role: 'wall' })).json).toMatchObject({
      status: 404,
      detail: '"smart-cd" is no site; did you mean "smart-dc"?',
    });
  });
});

describe('GET devices', () => {
  it('filters by site and kind, page by page', async () => {
    const { json } = await server.api('/devices?site=dc&kind=ups&limit=1', { role: 'wall' });
    expect(json).toMatchObject({
      items: [{ id: 'ups-a1', site: 'dc', kind: 'ups', protocol: 'snmp' }],
      next: expect.any(String),
    });
  });

  it('names an unknown site and an unknown kind', async () => {
    expect((await server.api('/devices?site=dd', { role: 'wall' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.site' }],
    });
    expect((await server.api('/devices?kind=upps', { role: 'wall' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.kind' }],
    });
  });

  it('tells how each device answers', async () => {
    const { json } = await server.api('/devices/health?limit=1', { role: 'viewer' });
    expect(json).toMatchObject({
      items: [
        {
          state: 'lost',
          lastAnswerAt: null,
          latencyMs: null,
          timeouts: 5,
          late: 1,
          skipped: 2,
          lastError: 'timeout',
        },
      ],
    });
    expect((await server.api('/devices/health?site=xx', { role: 'viewer' })).status).toBe(400);
  });

  it('tells what a device suffered in the last hour beside what it has since the start', async () => {
    const before = server.httpOptions.deviceDiagnostics().map((row) => ({ ...row, timeouts: 2, late: 1 }));
    server.troubles.observe(performance.now(), () => before);
    const { json } = await server.api('/devices/health?limit=1', { role: 'viewer' });
    expect(json).toMatchObject({
      items: [{ timeouts: 5, lastHour: { timeouts: 3, late: 0, discarded: 0 } }],
    });
  });

  it('keeps health among the points, apart from what a device measures', async () => {
    const [device] = server.model.devices;
    const [health] = device?.diagnostics ?? [];
    const { json } = await server.api(`/points?site=${device?.site}&device=${device?.id}&limit=5000`, {
      role: 'wall',
    });
    expect(JSON.stringify(json)).toContain(`"${health?.id}"`);
    const devices = await server.api(`/devices?site=${device?.site}&limit=1`, { role: 'wall' });
    expect(devices.text).toContain(`"${device?.points[0]?.id}"`);
    expect(devices.text).not.toContain(`"${health?.id}"`);
  });
});

describe('drills', () => {
  const post = (body: unknown) => server.api('/drills', { method: 'POST', role: 'operator', body });

  it('start and stop, and are listed while they run', async () => {
    expect((await post({ name: 'smoke', site: 'dc' })).json).toMatchObject({
      items: [{ name: 'smoke', site: 'dc' }],
    });
    expect((await server.api('/drills', { role: 'viewer' })).json).toMatchObject({
      items: [{ name: 'smoke' }],
    });
    expect((await post({ name: 'smoke', site: 'dc', action: 'stop' })).json).toEqual({
      items: [],
      next: null,
    });
  });

  it('name an unknown drill and an unknown site', async () => {
    expect((await post({ name: 'smok', site: 'dc' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'body.name', message: expect.stringMatching('pln-outage') }],
    });
    expect((await post({ name: 'smoke', site: 'dcc' })).json).toMatchObject({
      status: 422,
      errors: [{ path: 'body.site', message: '"dcc" is no site; did you mean "dc"?' }],
    });
  });
});

describe('commissioning', () => {
  const place = '/commissioning/dc/env-a01';
  const post = (path: string, body?: unknown) =>
    server.api(path, { method: 'POST', role: 'operator', ...(body === undefined ? {} : { body }) });
  const stateOf = async (path: string) =>
    z.looseObject({ state: z.string() }).parse((await server.api(path, { role: 'viewer' })).json).state;

  it('takes a verdict on each value that a collector read last, once, and is in the log with who and what', async () => {
    expect(await stateOf(place)).toBe('none');
    const { reading, values } = commissioningReading.parse((await post(`${place}/readings`)).json);
    expect(values).toContainEqual(
      expect.objectContaining({ point: inlet, value: 22.5, reason: null, raw: null }),
    );
    expect(
      await post(place, { reading, verdicts: [{ point: 'dc/env-a01/x', verdict: 'unseen' }] }),
    ).toMatchObject({ status: 409, json: { detail: 'dc/env-a01/x was not read' } });
    const verdicts = values
      .filter(({ value }) => value !== null)
      .map(({ point }) => ({ point, verdict: 'differs', shown: '25' }));
    expect(await post(place, { reading, verdicts, note: 'at the rack' })).toMatchObject({
      status: 201,
      json: { state: 'differs', history: [{ actor: 'token:operator', note: 'at the rack' }] },
    });
    expect((await post(place, { reading, verdicts })).status).toBe(409);
    const { json } = await server.api('/audit?path=/commissioning&subject=dc/env-a01&outcome=done&limit=1', {
      role: 'manager',
    });
    expect(json).toMatchObject({
      items: [
        {
          actor: 'token:operator',
          subject: 'dc/env-a01',
          input: expect.stringContaining(`{"point":"${inlet}","verdict":"differs","shown":"25"}`),
        },
      ],
    });
  });

  it('names a device that is not there', async () => {
    expect(await server.api('/commissioning/dc/env-z99', { role: 'viewer' })).toMatchObject({
      status: 404,
      json: { detail: 'there is no device dc/env-z99' },
    });
  });
});

describe('the search for devices', () => {
  const post = (path: string, body?: unknown) =>
    server.api(path, { method: 'POST', role: 'manager', ...(body === undefined ? {} : { body }) });

  it('is refused where a collector polls the site, and without anything to look for', async () => {
    const wanted = { site: 'drc', ranges: ['10.0.0.0/24'] };
    expect(await post('/discovery', wanted)).toMatchObject({
      status: 409,
      json: { detail: expect.stringContaining('search its network there with "pantau discover"') },
    });
    expect(await post('/discovery', { ...wanted, snmp: false })).toMatchObject({
      json: { errors: [{ path: 'body', message: 'name a protocol to look for: snmp, modbus, mqtt' }] },
    });
    expect(await post('/discovery', { site: 'drc' })).toMatchObject({
      json: { errors: [{ path: 'body.ranges', message: expect.stringContaining('name the addresses') }] },
    });
    expect(await post('/discovery', { ...wanted, ranges: ['all of it'] })).toMatchObject({
      status: 400,
      json: { errors: [{ path: 'body.ranges[0]' }] },
    });
  });

  it('has found nothing before the first one, and nothing can be put aside', async () => {
    expect((await server.api('/discovery', { role: 'manager' })).json).toEqual({
      sites: [],
      run: null,
      findings: [],
    });
    expect((await post('/discovery/stop')).status).toBe(204);
    const place = { site: 'dc', protocol: 'snmp', address: '10.0.0.9' };
    expect(await post('/discovery/dismiss', place)).toMatchObject({
      status: 404,
      json: { detail: 'nothing was found at 10.0.0.9' },
    });
  });
});
