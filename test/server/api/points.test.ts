import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { page } from '../../../server/contracts/common.ts';
import { historyView, pointView } from '../../../server/contracts/points.ts';
import type { TestServer } from '../support/server.ts';
import { byteOrderMark, inlet, minute, startFilled } from './filled.ts';

let server: TestServer;
let now = 0;
beforeAll(async () => {
  ({ server, now } = await startFilled({}));
});
afterAll(() => server.close());

const history = (query: string) =>
  server.api(`/points/${encodeURIComponent(inlet)}/history${query}`, { role: 'wall' });

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
