import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { devicePoints, pointList } from '../../../config/build/points.ts';
import type { Device, Model } from '../../../config/model.ts';
import { accessControllerView, accessEventView } from '../../../server/contracts/access-events.ts';
import { page } from '../../../server/contracts/common.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { shippedProfile } from '../../support/field.ts';
import { shippedModel, startServer, type TestServer } from '../support/server.ts';

const now = Date.UTC(2026, 10, 23, 3, 30);
const key = 'rahasia-terminal-1';
const clock = createFakeClock(now);
let server: TestServer;

/** The shipped sites with a terminal and a webhook in the ante-room of the DC. */
function modelWithPushed(): Model {
  const shipped = shippedModel();
  const list = pointList();
  for (const { index: _index, id: _id, ...point } of shipped.points) list.add(point);
  const room = shipped.devices.find(({ id, site }) => site === 'dc' && id === 'door-mantrap')?.room ?? '';
  const added = [
    ['terminal', 'door/zkteco-push', 'CJXL204560097'],
    ['other', 'door/webhook', 'gerbang'],
  ].map(([id = '', profile = '', sender = '']): Device => {
    const loaded = shippedProfile(profile);
    const place = {
      key: `dc/${id}`, id, site: 'dc', kind: 'door' as const, profile: loaded, room, rating: {}, interval: loaded.interval,
      address: { protocol: 'push' as const, sender, key },
    }; // prettier-ignore
    const entry = { parts: { door: ['door-1', 'door-2'] } };
    return devicePoints(list, place, { entry, claims: [], intervalsMs: shipped.intervalsMs });
  });
  const devices = [...shipped.devices, ...added];
  return {
    ...shipped,
    devices,
    doors: [
      ...(shipped.doors ?? []),
      ...['door-1', 'door-2'].map((part) => ({
        key: `dc/other/${part}`,
        site: 'dc',
        device: 'other',
        part,
        from: null,
        to: room,
        isMantrap: false,
      })),
    ],
    deviceById: new Map(devices.map((device) => [device.key, device])),
    points: list.points,
    pointById: new Map(list.points.map((point) => [point.id, point])),
  };
}

beforeAll(async () => {
  server = await startServer({ model: modelWithPushed(), clock });
});
afterAll(() => server.close());

const terminal = (path: string, init?: RequestInit): Promise<Response> => fetch(server.url + path, init);
const post = (path: string, body: string): Promise<Response> => terminal(path, { method: 'POST', body });
async function events(query: string) {
  const { json } = await server.api(`/access-events?${query}`, { role: 'operator' });
  return page(accessEventView).parse(json).items;
}
async function health(): Promise<string> {
  const { text } = await server.api('/health');
  return text;
}

describe('a ZKTeco terminal', () => {
  const sn = 'SN=CJXL204560097';
  const line = (index: number, more = 'event=0'): string =>
    `time=2026-11-23 10:29:0${index}\tpin=17\tcardno=8165537\teventaddr=1\t${more}\tinoutstatus=0\tverifytype=4\tindex=${index}`;

  test('is greeted, and what it sends is stored once before it is acknowledged', async () => {
    const hello = await terminal(`/iclock/${key}/cdata?${sn}&options=all&pushver=2.4.1`);
    expect(await hello.text()).toContain('GET OPTION FROM: CJXL204560097');
    const body = [line(1), line(2, 'event=102')].join('\n');
    expect(await (await post(`/iclock/${key}/cdata?${sn}&table=rtlog`, body)).text()).toBe('OK: 2\n');
    expect(await (await post(`/iclock/${key}/cdata?${sn}&table=rtlog`, body)).text()).toBe('OK: 2\n');
    expect(await events('device=terminal')).toMatchObject([
      { kind: 'door-forced', attributes: { part: 'door-1' } },
      {
        kind: 'access-granted', at: '2026-11-23T03:29:01.000Z',
        attributes: { part: 'door-1', card: '8165537', person: '17', method: 'card', direction: 'in', number: '1' },
      },
    ]); // prettier-ignore
  });

  test('is there while it asks for commands, and gets none', async () => {
    expect(await (await terminal(`/iclock/${key}/getrequest?${sn}`)).text()).toBe('OK\n');
    const { json } = await server.api('/points/dc%2Fterminal%2Flink', { role: 'viewer' });
    expect(json).toMatchObject({ state: 'ok' });
  });

  test('that shares the key by its first request only is known by its address', async () => {
    expect((await terminal(`/iclock/cdata?${sn}&options=all&pushcommkey=${key}`)).status).toBe(200);
    expect((await post(`/iclock/cdata?${sn}&table=ATTLOG`, '18\t2026-11-23 10:29:30\t1\t15')).status).toBe(
      200,
    );
    expect(await events('person=18')).toMatchObject([{ attributes: { method: 'face', direction: 'out' } }]);
  });

  test('with the wrong key, or of another serial, is refused, counted and stores nothing', async () => {
    expect(
      (await post(`/iclock/falsch-falsch/cdata?${sn}&table=ATTLOG`, '99\t2026-11-23 10:29:31\t0\t1')).status,
    ).toBe(401);
    expect(
      (await post(`/iclock/${key}/cdata?SN=ELSE&table=ATTLOG`, '99\t2026-11-23 10:29:31\t0\t1')).status,
    ).toBe(401);
    expect(await events('person=99')).toEqual([]);
    expect(await health()).toMatch(
      /CJXL204560097 refused: wrong key \(1 times\); ELSE refused: unknown sender/,
    );
  });

  test('tells of a door that is not configured: kept, counted, shown', async () => {
    await post(`/iclock/${key}/cdata?${sn}&table=rtlog`, line(3).replace('eventaddr=1', 'eventaddr=7'));
    const event = (await events('device=terminal')).find(({ attributes }) => attributes['door'] === '7');
    expect(event?.attributes).toMatchObject({ number: '3', card: '8165537' });
    expect(event?.attributes).not.toHaveProperty('part');
    expect(await health()).toContain('door 7 is unknown');
  });

  test('that skips numbers has a gap, which is reported when it stays', async () => {
    await post(`/iclock/${key}/cdata?${sn}&table=rtlog`, line(6));
    for (let second = 0; second < 40; second += 1) {
      await clock.advance(1_000);
      server.tick();
    }
    await expect
      .poll(() => events('kind=events-missed'))
      .toMatchObject([{ attributes: { from: 4, to: 5, count: 2 } }]);
    const { json } = await server.api('/access-controllers', { role: 'viewer' });
    const states = page(accessControllerView).parse(json).items;
    expect(states.find(({ source }) => source === 'dc/terminal')).toMatchObject({ missing: 2, highest: 6 });
    await post(`/iclock/${key}/cdata?${sn}&table=rtlog`, [line(4), line(5)].join('\n'));
    expect(await health()).not.toContain('never arrived');
  });
});

describe('the signed webhook', () => {
  const send = (body: string, { secret = key, at = clock.now(), to = 'gerbang' } = {}): Promise<Response> => {
    const timestamp = String(Math.floor(at / 1_000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return fetch(`${server.url}/api/v1/access-events/${to}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-pantau-timestamp': timestamp,
        'x-pantau-signature': signature,
      },
    });
  };
  const body = JSON.stringify({
    events: [
      {
        id: '9012',
        time: '2026-11-23T10:28:32+07:00',
        kind: 'duress',
        door: '2',
        card: '00817',
        method: 'card',
        direction: 'in',
      },
      { id: null, kind: 'tamper' },
    ],
  });

  test('takes what is signed, once, and names what was wrong with the rest', async () => {
    const first = await send(body);
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({
      added: 1,
      repeated: 0,
      errors: [expect.stringMatching(/^no event id/)],
    });
    expect(await (await send(body)).json()).toMatchObject({ added: 0, repeated: 1 });
    expect(await events('card=00817')).toMatchObject([
      { kind: 'duress', attributes: { part: 'door-2', card: '00817' } },
    ]);
  });

  test('a door that is forced is found, with its clause, although no state of it is read', async () => {
    const forced = { id: '9013', time: new Date(clock.now()).toISOString(), kind: 'door-forced', door: '1' };
    expect((await send(JSON.stringify({ events: [forced] }))).status).toBe(200);
    const found = async (): Promise<unknown> =>
      (await server.api('/access-findings?kind=door-forced', { role: 'viewer' })).json;
    await expect.poll(found).toMatchObject({
      items: [{ door: 'dc/other/door-1', state: 'live', clause: expect.stringContaining('BAB IV.1.3') }],
    });
    const rules = async (): Promise<string> =>
      (await server.api('/incidents?site=dc', { role: 'viewer' })).text;
    await expect.poll(rules).toContain('"rule":"access-door-forced"');
  });

  test.each([
    ['a wrong key', { secret: 'another-secret-x' }],
    ['an old message', { at: now - 3_600_000 }],
    ['an unknown sender', { to: 'nobody' }],
  ])('refuses %s with a problem', async (_what, options) => {
    const refused = await send(body.replace('9012', '9999'), options);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect((await events('kind=duress')).map(({ id }) => id)).toEqual(['dc/other#9012']);
  });

  test('refuses more than a megabyte', async () => {
    expect((await send(JSON.stringify({ events: 'x'.repeat(1_100_000) }))).status).toBe(413);
  });
});

test('the list is filtered by room and door, and as CSV carries no formulas', async () => {
  const [any] = await events('device=other&limit=1');
  expect(await events(`room=${any?.room ?? ''}&door=door-2&site=dc`)).toHaveLength(1);
  const { text } = await server.api('/access-events?format=csv&limit=5', { role: 'operator' });
  expect(text.split('\n')[0]).toContain('id,source,room,at');
  expect((await server.api('/access-events?room=nirgends', { role: 'operator' })).status).toBe(400);
  expect((await server.api('/access-events', { role: 'viewer' })).status).toBe(403);
});
