import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { good, qualityCode } from '../../../core/reading.ts';
import { holds } from '../../../server/auth/identity.ts';
import { commissioningReading } from '../../../server/contracts/commissioning.ts';
import { page, tokenRoles } from '../../../server/contracts/common.ts';
import { healthView } from '../../../server/contracts/system.ts';
import { historyView, pointView } from '../../../server/contracts/points.ts';
import { siteView } from '../../../server/contracts/sites.ts';
import { apiEndpoints } from '../../../server/api/endpoints/all.ts';
import type { Drills } from '../../../server/api/endpoints/drills.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../support/server.ts';

/** Of UTF-8: without it Excel shows Â°C for °C. */
const byteOrderMark = 'efbbbf';

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

const inlet = 'dc/env-a01/temperature';
const minute = 60_000;
let server: TestServer;
let now = 0;
beforeAll(async () => {
  server = await startServer({ drills, writerProblem: 'writing too slowly' });
  now = Date.now();
  const point = pointOf(server.model, inlet);
  const door = pointOf(server.model, 'dc/door-mantrap/door-1/door-state');
  server.pipeline.accept([
    { point: point.index, at: now - 1_000, value: 22.5, quality: good },
    { point: door.index, at: now - 1_000, value: stateCode(door, 'open'), quality: good },
    {
      point: pointOf(server.model, 'dc/env-a02/temperature').index,
      at: now - 1_000,
      value: Number.NaN,
      quality: qualityCode('timeout'),
    },
  ]);
  await server.historian.append(
    Array.from({ length: 300 }, (_, index) => ({
      point: inlet,
      at: now - (300 - index) * minute,
      value: 20 + (index % 5),
      quality: good,
    })),
  );
});
afterAll(() => server.close());

const history = (query: string) =>
  server.api(`/points/${encodeURIComponent(inlet)}/history${query}`, { role: 'wall' });

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

describe('GET points', () => {
  it('gives values, states, quality and the reason when there is no value', async () => {
    const list = async (query: string) =>
      page(pointView).parse((await server.api(`/points?${query}`, { role: 'wall' })).json).items;
    expect(await list('site=dc&device=env-a01&quantity=temperature')).toEqual([
      {
        id: inlet,
        site: 'dc',
        room: 'hall-1',
        rack: 'rack-a01',
        device: 'env-a01',
        part: null,
        quantity: 'temperature',
        unit: '°C',
        value: 22.5,
        state: null,
        quality: 'good',
        reason: null,
        at: new Date(now - 1_000).toISOString(),
      },
    ]);
    expect(await list('device=env-a02&quantity=temperature&site=dc')).toMatchObject([
      { value: null, quality: 'bad', reason: 'timeout' },
    ]);
    expect(await list('device=door-mantrap&site=dc&quantity=door-state&limit=1')).toMatchObject([
      { state: 'open', part: 'door-1' },
    ]);
    expect(await list('device=env-a03&site=dc&quantity=humidity')).toMatchObject([
      { value: null, quality: 'bad', reason: 'never-read', at: null },
    ]);
  });

  it('gives every point once over all pages', async () => {
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const { items, next } = page(pointView).parse(
        (await server.api(`/points?limit=5000${cursor}`, { role: 'wall' })).json,
      );
      ids.push(...items.map((item) => item.id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(ids).toEqual(server.model.points.map((point) => point.id));
  });

  it('names the nearest device and quantity when they are unknown', async () => {
    expect((await server.api('/points?device=ups-a9&site=dc', { role: 'wall' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.device', message: expect.stringMatching('did you mean "ups-a') }],
    });
    expect((await server.api('/points?quantity=temperatur', { role: 'wall' })).json).toMatchObject({
      errors: [{ path: 'query.quantity', message: expect.stringMatching('"temperature"') }],
    });
  });

  it('gives one point by its escaped id, and the nearest name when it is unknown', async () => {
    expect((await server.api(`/points/${encodeURIComponent(inlet)}`, { role: 'wall' })).json).toMatchObject({
      id: inlet,
      value: 22.5,
    });
    expect(
      (await server.api(`/points/${encodeURIComponent('dc/env-a01/temprature')}`, { role: 'wall' })).json,
    ).toMatchObject({ status: 404, detail: expect.stringMatching(inlet) });
  });

  it('is CSV with a header line when asked', async () => {
    const { text, headers } = await server.api(
      '/points?site=dc&device=env-a01&quantity=temperature&format=csv',
      { role: 'wall' },
    );
    expect(headers.get('content-type')).toMatch('text/csv');
    expect(text.split('\r\n')[0]).toBe(
      'id,site,room,rack,device,part,quantity,unit,value,state,quality,reason,at',
    );
    expect(text).toMatch('dc/env-a01/temperature,dc,hall-1,rack-a01,env-a01,,temperature,°C,22.5,,good,,');
  });
});

describe('GET points/:id/history', () => {
  const span = (hours: number): string =>
    `?from=${new Date(now - hours * 60 * minute).toISOString()}&to=${new Date(now).toISOString()}`;
  const read = async (query: string) => historyView.parse((await history(query)).json);

  it('chooses the resolution by the length of the range', async () => {
    expect([
      (await read(span(2))).resolution,
      (await read(span(3))).resolution,
      (await read(span(72))).resolution,
      (await read(span(73))).resolution,
    ]).toEqual(['raw', '1m', '1m', '1h']);
  });

  it('gives the samples of the last hour when no time is said', async () => {
    const { items, point, unit, next } = await read('?resolution=raw');
    expect({ point, unit, next }).toEqual({ point: inlet, unit: '°C', next: null });
    expect(items.length).toBeGreaterThanOrEqual(58);
    expect(items.at(-1)).toMatchObject({
      at: new Date(now - minute).toISOString(),
      value: 24,
      quality: 'good',
      reason: null,
    });
  });

  it('gives minutes and hours with their figures', async () => {
    const { items } = await read(`${span(10)}&resolution=1h`);
    expect(items.length).toBeGreaterThanOrEqual(5);
    expect(items[2]).toMatchObject({ min: 20, max: 24, mean: 22, count: 60, good: 60 });
  });

  it('takes a time with an offset whose plus was not escaped', async () => {
    const jakarta = new Date(now - 2 * minute + 7 * 60 * minute).toISOString().replace('Z', '');
    expect((await read(`?from=${jakarta}+07:00&resolution=raw`)).items).toHaveLength(2);
  });

  it('cuts a range that is too long and says where to go on', async () => {
    const { next, items } = await read(`${span(24 * 30)}&resolution=1m`);
    expect(items).toEqual([]);
    expect(Date.parse(next ?? '')).toBeLessThan(now);
    expect((await read(`?from=${next}&to=${new Date(now).toISOString()}&resolution=1m`)).point).toBe(inlet);
  });

  it('names the remedy when from is after to, and the form when it is no time', async () => {
    expect((await history('?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.from', message: expect.stringMatching('swap them') }],
    });
    expect((await history('?from=yesterday')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.from', message: expect.stringMatching('2026-11-23T08:00:00') }],
    });
    expect((await history('?resolution=5m')).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.resolution' }],
    });
  });

  it('is CSV too', async () => {
    const { bytes, text } = await history(`${span(1)}&format=csv`);
    expect(text).toMatch(/^at,value,quality,reason\r\n2/);
    expect(bytes.toString('hex', 0, 3)).toBe(byteOrderMark);
  });
});

describe('GET snapshot', () => {
  const items = async (query: string) =>
    page(pointView).parse((await server.api(`/snapshot${query}`, { role: 'wall' })).json).items;

  it('is every point as it is now', async () => {
    const all = await items('');
    expect(all).toHaveLength(server.model.points.length);
    expect(all.find((point) => point.id === inlet)).toMatchObject({ value: 22.5 });
  });

  it('is every point as it was, stale where the last reading was too old then', async () => {
    const at = (time: number) => `?site=dc&at=${new Date(time).toISOString()}`;
    const then = (await items(at(now - 10 * minute + 1_000))).find((point) => point.id === inlet);
    expect(then).toMatchObject({ value: 20, quality: 'good', at: new Date(now - 10 * minute).toISOString() });
    const before = (await items(at(now - 400 * minute))).find((point) => point.id === inlet);
    expect(before).toMatchObject({ value: null, reason: 'never-read' });
    const later = (await items(at(now + 4 * minute))).find((point) => point.id === inlet);
    expect(later).toMatchObject({ value: 24, quality: 'bad', reason: 'stale' });
  });

  it('names a time that is none', async () => {
    expect((await server.api('/snapshot?at=now', { role: 'wall' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'query.at' }],
    });
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

describe('GET /metrics', () => {
  it('is for viewers and above, in the format of Prometheus', async () => {
    expect((await server.ask('/metrics')).status).toBe(401);
    expect((await server.ask('/metrics', { role: 'wall' })).status).toBe(401);
    expect((await server.ask('/metrics', { role: 'viewer' })).text).toMatch(
      'pantau_devices{site="dc",state="lost"} 3',
    );
  });

  it('has every point beside them, with unit, quality and age, and no value that is not usable', async () => {
    const { status, text } = await server.ask('/metrics/points?site=dc', { role: 'viewer' });
    expect(status).toBe(200);
    const of = (id: string): string[] => text.split('\n').filter((line) => line.includes(`point="${id}"`));
    const [value, quality, age] = of(inlet);
    expect(value).toMatch(
      /^pantau_point_temperature_celsius\{point="dc\/env-a01\/temperature",site="dc",.*\} 22.5$/,
    );
    expect(quality).toMatch(/^pantau_point_quality\{.*,reason=""\} 0$/);
    expect(age).toMatch(/^pantau_point_age_seconds\{.*\} \d+(\.\d+)?$/);
    expect(of('dc/door-mantrap/door-1/door-state')[0]).toMatch(/_state\{.*,state="open"\} \d$/);
    expect(of('dc/env-a02/temperature')[0]).toMatch(/^pantau_point_quality\{.*,reason="timeout"\} 2$/);
    expect(text).not.toContain('site="drc"');
  });

  it('refuses points to nobody, of a site that is none, and what it does not know', async () => {
    expect((await server.ask('/metrics/points', { role: 'wall' })).status).toBe(401);
    const ask = async (query: string) =>
      (await server.ask(`/metrics/points?${query}`, { role: 'viewer' })).json;
    expect(await ask('site=dcc')).toMatchObject({
      status: 400,
      errors: [{ path: 'query.site', message: '"dcc" is no site; did you mean "dc"?' }],
    });
    expect(await ask('room=hall-1')).toMatchObject({ status: 400, errors: [{ path: 'query.room' }] });
  });
});
