import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock, systemClock } from '../../../core/clock.ts';
import { createAuth } from '../../../server/auth/auth.ts';
import { addUser, ensureAdmin, findUser, removeUser, setPassword } from '../../../server/auth/users.ts';
import { createToken } from '../../../server/auth/tokens.ts';
import { openDatabase } from '../../../server/db/database.ts';
import { startServer, type TestServer } from '../support/server.ts';

const password = 'correct horse';
const hour = 3_600_000;
let server: TestServer;
let skewMs = 0;
beforeAll(async () => {
  server = await startServer({
    clock: createClock({
      now: () => Date.now() + skewMs,
      monotonic: () => systemClock.monotonic(),
      after: (delayMs, wake) => systemClock.after(delayMs, wake),
    }),
  });
  for (const [name, role] of [
    ['ana', 'operator'],
    ['layar', 'wall'],
  ] as const)
    // prettier-ignore
    await addUser(server.db, { name, password, role }, 0);
});
afterAll(() => server.close());

const signIn = (user: string, secret = password, headers: Record<string, string> = {}) =>
  server.api('/session', { method: 'POST', body: { user, password: secret }, headers });
const cookieOf = (response: Awaited<ReturnType<typeof signIn>>): string =>
  response.headers.get('set-cookie') ?? '';
const who = (cookie: string) => server.api('/session', { headers: { cookie: cookie.split(';')[0] ?? '' } });

describe('sign-in', () => {
  it('answers who it is and sets a cookie that scripts cannot read', async () => {
    const response = await signIn('ana');
    expect(response.json).toEqual({ user: 'ana', role: 'operator', rights: [] });
    expect(cookieOf(response)).toMatch(/^pantau=s%3A[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect((await who(cookieOf(response))).json).toEqual({ user: 'ana', role: 'operator', rights: [] });
  });

  it('marks the cookie secure when a proxy took the request by https', async () => {
    expect(cookieOf(await signIn('ana', password, { 'x-forwarded-proto': 'https' }))).toMatch('; Secure');
  });

  it('says the same for a wrong password and an unknown user', async () => {
    const [wrong, unknown] = [await signIn('ana', 'wrong'), await signIn('nobody', 'wrong')];
    expect(wrong.json).toEqual(unknown.json);
    expect(wrong.json).toMatchObject({ status: 401, detail: 'user or password is wrong' });
    expect(cookieOf(wrong)).toBe('');
  });

  it('names the missing field', async () => {
    expect((await server.api('/session', { method: 'POST', body: { user: 'ana' } })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'body.password' }],
    });
  });

  it('gives a new session id when somebody planted one before', async () => {
    const first = cookieOf(await signIn('ana'));
    const second = cookieOf(await signIn('ana', password, { cookie: first.split(';')[0] ?? '' }));
    expect(second.split(';')[0]).not.toBe(first.split(';')[0]);
    expect((await who(first)).status).toBe(401);
    expect((await who('pantau=s%3Aplanted.signature')).status).toBe(401);
  });

  it('ends with DELETE session', async () => {
    const cookie = cookieOf(await signIn('ana'));
    const out = await server.api('/session', {
      method: 'DELETE',
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      204,
      expect.stringMatching(/^pantau=;.*1970/),
    ]);
    expect((await who(cookie)).status).toBe(401);
  });

  it('is refused from a page of another site', async () => {
    expect((await signIn('ana', password, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('is refused for a while after ten failures, for that user only', async () => {
    await addUser(server.db, { name: 'budi', password, role: 'viewer' }, 0);
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await signIn('budi', 'guess')).status).toBe(401);
    const refused = await signIn('budi');
    expect(refused.json).toMatchObject({ status: 429 });
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect((await signIn('ana')).status).toBe(200);
  });
});

describe('session', () => {
  it('keeps nothing in the database that opens it', async () => {
    const id = /s%3A([^.]+)\./.exec(cookieOf(await signIn('ana')))?.[1] ?? 'none';
    const rows = await server.db.selectFrom('session').selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(id);
  });

  it('lives on while a person uses it, and ends 12 hours after the last use', async () => {
    const cookie = cookieOf(await signIn('ana'));
    skewMs = 11 * hour;
    expect((await who(cookie)).status).toBe(200);
    skewMs = 22 * hour;
    expect((await who(cookie)).status).toBe(200);
    skewMs = 35 * hour;
    expect((await who(cookie)).status).toBe(401);
    skewMs = 0;
  });

  it('of a wall lives for a year', async () => {
    const cookie = cookieOf(await signIn('layar'));
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '');
    expect(expires - Date.now()).toBeGreaterThan(399 * 24 * hour);
    skewMs = 365 * 24 * hour;
    expect((await who(cookie)).json).toEqual({ user: 'layar', role: 'wall', rights: [] });
    skewMs = 0;
  });

  it('survives a restart of the server', async () => {
    const cookie = cookieOf(await signIn('ana'));
    const again = await createAuth({
      db: server.db,
      clock: systemClock,
      randomBytes,
    });
    const request = new IncomingMessage(new Socket());
    request.headers.cookie = cookie.split(';')[0] ?? '';
    expect(await again.socketIdentity(request, undefined)).toMatchObject({ name: 'ana' });
    request.headers.cookie = `${request.headers.cookie.slice(0, -1)}x`;
    expect(await again.socketIdentity(request, undefined)).toBeUndefined();
  });

  it('ends when the password is set anew or the user is removed', async () => {
    await addUser(server.db, { name: 'citra', password, role: 'viewer' }, 0);
    const first = cookieOf(await signIn('citra'));
    await setPassword(server.db, 'citra', 'another password');
    expect((await who(first)).status).toBe(401);
    const second = cookieOf(await signIn('citra', 'another password'));
    expect((await who(second)).status).toBe(200);
    await removeUser(server.db, 'citra');
    expect((await who(second)).status).toBe(401);
  });
});

describe('token', () => {
  it('is refused when it has expired, and needs no cookie rules for writes', async () => {
    const now = Date.now();
    const token = await createToken(
      server.db,
      { name: 'short', role: 'viewer', expiresAt: now + hour },
      { now, randomBytes },
    );
    const headers = { authorization: `Bearer ${token}`, origin: 'https://other.example' };
    expect((await server.api('/session', { headers })).json).toEqual({
      user: 'token:short',
      role: 'viewer',
      rights: [],
    });
    expect((await server.api('/tickets', { method: 'POST', body: {}, headers })).status).toBe(403);
    skewMs = 2 * hour;
    expect((await server.api('/session', { headers })).json).toMatchObject({
      status: 401,
      detail: expect.stringMatching('expired'),
    });
    skewMs = 0;
  });

  it('stands in the database as a hash only', async () => {
    const token = server.tokens.get('admin') ?? '';
    expect(token).toMatch(/^pantau_[\w-]{43}$/);
    expect(JSON.stringify(await server.db.selectFrom('token').selectAll().execute())).not.toContain(
      token.slice(7),
    );
  });
});

describe('first start', () => {
  it('makes admin with a password of its own, told once', async () => {
    const db = await openDatabase(':memory:');
    const made = await ensureAdmin(db, { password: undefined, randomBytes, now: 1 });
    expect(made).toMatch(/^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
    expect(await findUser(db, 'admin')).toMatchObject({
      role: 'admin',
      password: expect.stringMatching(/^\$argon2id\$/),
    });
    expect(await ensureAdmin(db, { password: 'another one', randomBytes, now: 2 })).toBeUndefined();
    await db.destroy();
  });

  it('takes the password it is given and tells none', async () => {
    expect(await ensureAdmin(server.db, { password: 'given password', randomBytes, now: 1 })).toBeUndefined();
    const db = await openDatabase(':memory:');
    expect(await ensureAdmin(db, { password: 'given password', randomBytes, now: 1 })).toBeUndefined();
    expect(await findUser(db, 'admin')).toBeDefined();
    await db.destroy();
  });
});
