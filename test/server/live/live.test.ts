import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClock, systemClock } from '../../../core/clock.ts';
import { good, qualityCode } from '../../../core/reading.ts';
import { createToken, revokeToken } from '../../../server/auth/tokens.ts';
import { addUser, removeUser } from '../../../server/auth/users.ts';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import {
  livePath,
  type Beat,
  type ClientToServer,
  type LiveValues,
  type ServerToClient,
  type WatchReply,
} from '../../../server/contracts/live.ts';
import { page } from '../../../server/contracts/common.ts';
import { pausableProxy } from '../support/pausable-proxy.ts';
import { pointOf, startServer, stateCode, type TestServer } from '../support/server.ts';

type ClientSocket = Socket<ServerToClient, ClientToServer>;

const inlet = 'dc/env-a01/temperature';
const door = 'dc/door-mantrap/door-1/door-state';
let server: TestServer;
/** Runs the server's clock fast, for what happens every ten seconds. */
let pace = 1;
beforeAll(async () => {
  server = await startServer({
    clock: createClock({
      now: () => Date.now(),
      monotonic: () => systemClock.monotonic(),
      after: (delayMs, wake) => systemClock.after(delayMs / pace, wake),
    }),
  });
});
afterAll(() => server.close());
const sockets: Socket[] = [];
afterEach(() => {
  pace = 1;
  for (const socket of sockets.splice(0)) socket.disconnect();
});

interface Connect {
  token?: string | undefined;
  cookie?: string;
  origin?: string;
  url?: string;
}
const connect = (options: Connect): ClientSocket => connectUntyped(options);
/** A client that may say what the contract forbids. */
function connectUntyped(options: Connect): Socket {
  const socket = io(options.url ?? server.url, {
    path: livePath,
    reconnection: false,
    transports: ['websocket'],
    ...(options.token === undefined ? {} : { auth: { token: options.token } }),
    extraHeaders: {
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    },
  });
  sockets.push(socket);
  return socket;
}
/** `connected`, or why not. */
function outcome(socket: ClientSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('connect_error', (error) => resolve(error.message));
  });
}
async function connected(): Promise<ClientSocket> {
  const socket = connect({ token: server.tokens.get('wall') });
  expect(await outcome(socket)).toBe('connected');
  return socket;
}
type Reply = WatchReply;
const watch = (socket: ClientSocket, points: readonly string[]): Promise<Reply> =>
  new Promise((resolve) => socket.emit('watch', points, resolve));
/** Of who may see the DRC only. */
const limitedToken = (): Promise<string> =>
  createToken(
    server.db,
    { name: 'drc-wall', role: 'wall', sites: ['drc'] },
    { now: Date.now(), randomBytes },
  );
const nextValues = (socket: ClientSocket): Promise<LiveValues> =>
  new Promise((resolve) => socket.once('values', resolve));

function read(id: string, value: number, quality = good): void {
  server.pipeline.accept([{ point: pointOf(server.model, id).index, at: Date.now(), value, quality }]);
}

describe('live socket', () => {
  it('refuses who is nobody, a wrong token and a page of another site', async () => {
    expect(await outcome(connect({}))).toBe('unauthorized');
    expect(await outcome(connect({ token: 'pantau_wrong' }))).toBe('unauthorized');
    expect(await outcome(connect({ cookie: 'pantau=s%3Aabc.def' }))).toBe('unauthorized');
    // It may deliver readings of its sites and watch none, here as over HTTP.
    expect(await outcome(connect({ token: server.tokens.get('collector') }))).toBe('unauthorized');
    expect(
      await outcome(connect({ token: server.tokens.get('wall'), origin: 'https://evil.example' })),
    ).not.toBe('connected');
  });

  it('takes the cookie of a session', async () => {
    await addUser(server.db, { name: 'layar', password: 'a long password', role: 'wall' }, 0);
    const signedIn = await server.api('/session', {
      method: 'POST',
      body: { user: 'layar', password: 'a long password' },
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await outcome(connect({ cookie, origin: server.url }))).toBe('connected');
  });

  it('answers watch with every value of now, in the order asked, also for a point asked twice', async () => {
    read(inlet, 21.5);
    const socket = await connected();
    expect(await watch(socket, ['dc/env-a05/humidity', inlet, inlet])).toEqual({
      values: {
        position: [0, 1, 2],
        value: [null, 21.5, 21.5],
        at: [0, expect.any(Number), expect.any(Number)],
        quality: [qualityCode('never-read'), good, good],
      },
    });
  });

  it('pushes what changed, and only that', async () => {
    const socket = await connected();
    await watch(socket, ['dc/env-a05/humidity', inlet, inlet]);
    const pushed = nextValues(socket);
    read('dc/env-a09/temperature', 30);
    read(inlet, 25);
    expect(await pushed).toMatchObject({
      position: expect.arrayContaining([1, 2]),
      value: [25, 25],
      quality: [good, good],
    });
  });

  it('pushes a bad value without a number', async () => {
    const socket = await connected();
    await watch(socket, [inlet]);
    const pushed = nextValues(socket);
    read(inlet, Number.NaN, qualityCode('timeout'));
    expect(await pushed).toMatchObject({ value: [null], quality: [qualityCode('timeout')] });
  });

  it('sends the newest value once when a point changed many times in a round', async () => {
    const socket = await connected();
    await watch(socket, [inlet]);
    const pushed = nextValues(socket);
    for (let value = 1; value <= 50; value += 1) read(inlet, value);
    expect(await pushed).toMatchObject({ position: [0], value: [50] });
  });

  it('names a watched id that is unknown, shows nothing for it, and goes on with the others', async () => {
    const socket = await connected();
    read(inlet, 18);
    const reply = await watch(socket, ['dc/env-a01/temprature', inlet]);
    expect(reply).toMatchObject({
      values: { value: [null, 18], at: [0, expect.any(Number)], quality: [qualityCode('never-read'), good] },
      unknown: [{ position: 0, message: `"dc/env-a01/temprature" is no point; did you mean "${inlet}"?` }],
    });
    const pushed = nextValues(socket);
    read(inlet, 19);
    expect(await pushed).toMatchObject({ position: [1], value: [19] });
  });

  it('makes one picture at a time for a client that asks again before it has read, and cuts one that asks without end', async () => {
    const proxy = await pausableProxy(Number(new URL(server.url).port));
    const socket = connect({ token: server.tokens.get('wall'), url: proxy.url });
    expect(await outcome(socket)).toBe('connected');
    // The same point in every place: a long text, so that few pictures fill the system's own buffers.
    read(inlet, 20.123_456_789_012);
    const all = Array.from({ length: 60_000 }, () => inlet);
    const replies: Reply[] = [];
    proxy.pause();
    // The system's own buffers take some pictures before the connection blocks.
    const rounds = 4;
    const perRound = 9;
    for (let round = 1; round <= rounds; round += 1) {
      for (let request = 1; request <= perRound; request += 1)
        socket.emit('watch', all, (reply) => replies.push(reply));
      await systemClock.sleep(1_200);
    }
    proxy.resume();
    await expect.poll(() => replies.length, { timeout: 20_000 }).toBe(rounds * perRound);
    expect(replies.filter((reply) => 'values' in reply).length).toBeLessThan((rounds * perRound * 2) / 3);
    expect(replies.at(-1)).toHaveProperty('values');
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    for (let request = 1; request <= 250; request += 1) socket.emit('watch', [inlet], () => undefined);
    await gone;
    expect(server.lines.join('')).toContain('asks without end');
    await proxy.close();
  });

  it('answers an error and lives on when the input is garbage', async () => {
    const socket = connectUntyped({ token: server.tokens.get('wall') });
    expect(await outcome(socket)).toBe('connected');
    const raw = (points: unknown): Promise<unknown> =>
      new Promise((resolve) => socket.emit('watch', points, resolve));
    for (const bad of ['dc', null, 7, { a: 1 }, [1, 2], Array.from({ length: 60_001 }, () => inlet)]) {
      expect(await raw(bad)).toEqual({ error: 'watch takes a list of at most 60000 point ids' });
    }
    socket.emit('watch', [inlet]);
    socket.emit('watch', [inlet], 'no function');
    socket.emit('nonsense', 1);
    expect(await watch(socket, [inlet])).toHaveProperty('values');
  });

  it('watches the whole estate at once', async () => {
    const socket = await connected();
    const reply = await watch(
      socket,
      server.model.points.map((point) => point.id),
    );
    expect('values' in reply ? reply.values.value.length : reply).toBe(server.model.points.length);
  });

  it('beats with the time, the latency of what it sent and the open incidents', async () => {
    const socket = await connected();
    await watch(socket, [inlet]);
    const pushed = nextValues(socket);
    read(inlet, 23);
    await pushed;
    const beat = await new Promise<Beat>((resolve) => socket.on('beat', resolve));
    expect(beat).toMatchObject({
      serverTime: expect.any(Number),
      latency: { p50: expect.any(Number), p99: expect.any(Number) },
    });
    expect(beat.latency?.p50).toBeLessThanOrEqual(beat.latency?.p99 ?? -1);
  });

  it('pushes an incident when it opens', async () => {
    const socket = await connected();
    const opened = new Promise<IncidentSummary>((resolve) => socket.once('incident', resolve));
    read(door, stateCode(pointOf(server.model, door), 'forced'));
    expect(await opened).toMatchObject({ site: 'dc', room: 'mantrap', rule: 'door-forced', state: 'open' });
    const beat = await new Promise<Beat>((resolve) => socket.once('beat', resolve));
    expect(beat.openIncidents).toBe(1);
  });

  it('tells who may see another site neither values nor incidents of this one', async () => {
    const socket = connect({ token: await limitedToken() });
    expect(await outcome(socket)).toBe('connected');
    const incidents: string[] = [];
    socket.on('incident', ({ site }) => incidents.push(site));
    const reply = await watch(socket, [inlet, 'drc/site/power']);
    expect(reply).toMatchObject({ values: { value: [null, null], at: [0, expect.any(Number)] }, unknown: [{ position: 0 }] });
    const past = await new Promise((resolve) => socket.emit('past', Date.now(), [inlet], resolve));
    expect(past).toMatchObject({ values: { value: [null] } });
    // The same points again need not be named, but for whoever has named none.
    expect(await new Promise((resolve) => socket.emit('past', Date.now(), null, resolve))).toMatchObject({ values: { value: [null] } });
    const other = await connected();
    expect(await new Promise((resolve) => other.emit('past', Date.now(), null, resolve))).toHaveProperty('error');
    const everyone = await connected();
    const changed = new Promise<IncidentSummary>((resolve) => everyone.once('incident', resolve));
    const open = page(z.object({ id: z.string() })).parse((await server.api('/incidents?site=dc', { role: 'viewer' })).json);
    await server.api(`/incidents/${open.items[0]?.id}/ack`, { method: 'POST', role: 'operator', body: {} });
    expect(await changed).toMatchObject({ site: 'dc' });
    const beat = await new Promise<Beat>((resolve) => socket.once('beat', resolve));
    expect(beat.openIncidents).toBe(0);
    expect(incidents).toEqual([]);
  }); // prettier-ignore

  it('disconnects when the token is revoked or the user removed', async () => {
    const now = Date.now();
    const token = await createToken(server.db, { name: 'guest', role: 'wall' }, { now, randomBytes });
    await addUser(server.db, { name: 'tamu', password: 'a long password', role: 'viewer' }, 0);
    const signedIn = await server.api('/session', {
      method: 'POST',
      body: { user: 'tamu', password: 'a long password' },
    });
    const stays = await connected();
    const leaving = [
      connect({ token }),
      connect({ cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' }),
    ];
    for (const socket of leaving) expect(await outcome(socket)).toBe('connected');
    const reasons = leaving.map((socket) => new Promise((resolve) => socket.once('disconnect', resolve)));
    await revokeToken(server.db, 'guest');
    await removeUser(server.db, 'tamu');
    pace = 50;
    expect(await Promise.all(reasons)).toEqual(['io server disconnect', 'io server disconnect']);
    expect(stays.connected).toBe(true);
  });

  it('holds back from a client that does not read, and gives it the newest values once it does', async () => {
    const proxy = await pausableProxy(Number(new URL(server.url).port));
    const socket = connect({ token: server.tokens.get('wall'), url: proxy.url });
    expect(await outcome(socket)).toBe('connected');
    const points = server.model.points;
    await watch(
      socket,
      points.map((point) => point.id),
    );
    const received: LiveValues[] = [];
    socket.on('values', (values) => received.push(values));
    proxy.pause();
    pace = 20;
    // Sevenths are long texts: fewer packets fit into the system's own buffers.
    const rounds = 60;
    for (let round = 1; round <= rounds; round += 1) {
      const at = Date.now();
      server.pipeline.accept(
        points.map((point) => ({ point: point.index, at, value: round / 7, quality: good })),
      );
      await systemClock.sleep(25);
    }
    proxy.resume();
    // The server has readings of its own, which may come last of all.
    const place = points.findIndex(({ id }) => id === inlet);
    const newest = (): number | null | undefined =>
      received
        .flatMap(({ position, value }) => (position.includes(place) ? [value[position.indexOf(place)]] : []))
        .at(-1);
    await expect.poll(newest, { timeout: 60_000 }).toBe(rounds / 7);
    expect(received.length).toBeLessThan(rounds / 4);
    await proxy.close();
    // Some two million readings: a busy machine takes its time.
  }, 120_000);

  it('forgets a client that went away', async () => {
    const socket = await connected();
    const before = server.live.clients();
    socket.disconnect();
    await expect.poll(() => server.live.clients()).toBe(before - 1);
  });
});
