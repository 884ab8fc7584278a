import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { placedKinds, siteOfRecord } from '../../../server/auth/site-repository.ts';
import { limitOf } from '../../../server/auth/sites.ts';
import { SessionStore } from '../../../server/auth/session-store.ts';
import { createToken, findToken, listTokens, revokeToken, sitesOf } from '../../../server/auth/tokens.ts';
import {
  addUser,
  ensureAdmin,
  findUser,
  listUsers,
  removeUser,
  setDisabled,
  setPassword,
  setRole,
  setSites,
} from '../../../server/auth/users.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'; // prettier-ignore

const hour = 3_600_000;

forEachDatabase('accounts', (database) => {
  let db: Database;
  let clock: FakeClock;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    clock = createFakeClock();
  });
  afterEach(() => db.destroy());

  it('are closed with their sessions and opened again, but never the last administrator', async () => {
    await addUser(db, { name: 'ana', password: 'kata-sandi-1', role: 'admin' }, clock.now());
    await addUser(db, { name: 'budi', password: 'kata-sandi-2', role: 'operator' }, clock.now());
    await store().set('s1', 'budi');
    await setDisabled(db, 'budi', clock.now());
    expect(Number((await findUser(db, 'budi'))?.disabled_at)).toBe(clock.now());
    expect(await store().userOf('s1')).toBeUndefined();
    await setDisabled(db, 'budi', null);
    expect((await findUser(db, 'budi'))?.disabled_at).toBeNull();

    await expect(setDisabled(db, 'ana', clock.now())).rejects.toThrow('last administrator');
    await expect(setRole(db, 'ana', 'viewer')).rejects.toThrow('last administrator');
    await setRole(db, 'budi', 'admin');
    await setRole(db, 'ana', 'viewer');
    expect((await findUser(db, 'ana'))?.role).toBe('viewer');
    await expect(setRole(db, 'nobody', 'viewer')).rejects.toThrow('no user');
  });

  it('are limited to some sites, but an administrator never', async () => {
    const ana = { name: 'ana', password: 'kata-sandi-1', role: 'manager' } as const;
    await addUser(db, { ...ana, sites: ['drc'] }, clock.now());
    const sites = async (): Promise<readonly string[] | undefined> =>
      limitOf((await findUser(db, 'ana')) ?? { sites: null });
    expect(await sites()).toEqual(['drc']);
    await expect(setRole(db, 'ana', 'admin')).rejects.toThrow('an administrator sees every site');
    await setSites(db, 'ana', null);
    expect(await sites()).toBeUndefined();
    await setRole(db, 'ana', 'admin');
    await expect(setSites(db, 'ana', ['dc'])).rejects.toThrow('an administrator sees every site');
    await expect(addUser(db, { ...ana, name: 'budi', role: 'admin', sites: ['dc'] }, clock.now())).rejects.toThrow('an administrator sees every site'); // prettier-ignore
    await expect(setSites(db, 'nobody', ['dc'])).rejects.toThrow('no user');
    for (const kind of placedKinds)
      expect([kind, await siteOfRecord(db, kind, 'x')]).toEqual([kind, undefined]);
  });

  function store(): {
    set(id: string, user?: string): Promise<void>;
    userOf(id: string): Promise<string | undefined>;
  } {
    const sessions = new SessionStore(db, clock);
    const cookie = {
      originalMaxAge: hour,
      httpOnly: true,
      path: '/',
      secure: false,
      sameSite: 'lax' as const,
    };
    return {
      set: (id, user) =>
        new Promise((resolve, reject) => {
          sessions.set(id, user === undefined ? { cookie } : { cookie, user }, (error) =>
            error instanceof Error ? reject(error) : resolve(),
          );
        }),
      userOf: (id) => sessions.userOf(id),
    };
  }

  it('of people are added, listed by name and removed, once each', async () => {
    await addUser(db, { name: 'budi', password: 'long enough', role: 'viewer' }, clock.now());
    await addUser(db, { name: 'ana', password: 'long enough', role: 'admin' }, clock.now());
    await expect(addUser(db, { name: 'ana', password: 'long enough', role: 'viewer' }, 0)).rejects.toThrow(
      'there already',
    );
    expect((await listUsers(db)).map(({ name, role, created_at }) => [name, role, created_at])).toEqual([
      ['ana', 'admin', clock.now()],
      ['budi', 'viewer', clock.now()],
    ]);
    await removeUser(db, 'ana');
    expect(await findUser(db, 'ana')).toBeUndefined();
    await expect(removeUser(db, 'ana')).rejects.toThrow('no user');
  });

  it('begin with one admin, made once', async () => {
    const options = { password: undefined, randomBytes, now: clock.now() };
    expect(await ensureAdmin(db, options)).toMatch(/^\w{5}(-\w{5}){3}$/);
    expect(await ensureAdmin(db, options)).toBeUndefined();
  });

  it('hold sessions that end with time, with a new password and with their user', async () => {
    for (const name of ['ana', 'budi', 'citra'])
      await addUser(db, { name, password: 'long enough', role: 'viewer' }, 0);
    const sessions = store();
    for (const name of ['ana', 'budi', 'citra']) await sessions.set(`id-${name}`, name);
    await sessions.set('id-ana', 'ana');
    expect(await sessions.userOf('id-ana')).toBe('ana');
    // Of a sign-in that failed before it had a user nothing is kept, and nothing fails again.
    await sessions.set('id-nobody');
    expect(await sessions.userOf('id-nobody')).toBeUndefined();
    await setPassword(db, 'budi', 'a new password');
    await removeUser(db, 'citra');
    expect([await sessions.userOf('id-budi'), await sessions.userOf('id-citra')]).toEqual([
      undefined,
      undefined,
    ]);
    await clock.advance(hour);
    expect(await sessions.userOf('id-ana')).toBeUndefined();
  });

  it('of programs are found by their token until they expire or are revoked', async () => {
    const means = { now: clock.now(), randomBytes };
    const token = await createToken(
      db,
      { name: 'far', role: 'collector', sites: ['drc'], expiresAt: clock.now() + hour },
      means,
    );
    const found = await findToken(db, token, clock.now());
    expect(found).toMatchObject({ name: 'far', role: 'collector', expires_at: clock.now() + hour });
    expect(found === undefined ? [] : sitesOf(found)).toEqual(['drc']);
    expect(await findToken(db, token, clock.now() + hour)).toBeUndefined();
    await revokeToken(db, 'far');
    expect(await listTokens(db)).toEqual([]);
  });
});
