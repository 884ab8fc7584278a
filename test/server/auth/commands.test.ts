import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createToken, listTokens, revokeToken } from '../../../cli/token.ts';
import { addUser, listUsers, removeUser, setPassword } from '../../../cli/user.ts';
import { AccountError, findUser } from '../../../server/auth/users.ts';
import { verify } from '@node-rs/argon2';
import { findToken } from '../../../server/auth/tokens.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';

const means = { now: Date.UTC(2026, 10, 23), randomBytes };
let db: Database;
beforeEach(async () => {
  db = await openDatabase(':memory:');
});
afterEach(() => db.destroy());

describe('pantau user', () => {
  it('adds a user with a made password that it tells once, and lists it', async () => {
    const text = await addUser(db, { name: 'ana', role: 'operator' }, means);
    const password = /once: (\S+)$/.exec(text)?.[1] ?? '';
    expect(await verify((await findUser(db, 'ana'))?.password ?? '', password)).toBe(true);
    expect(await listUsers(db)).toMatch(/^ana +operator +since 2026-11-23/);
  });

  it('does not repeat a password that was given', async () => {
    expect(await addUser(db, { name: 'ana', role: 'viewer', password: 'given password' }, means)).toBe(
      'user ana (viewer) added',
    );
    expect(await setPassword(db, 'ana', { password: 'newer password', randomBytes })).not.toMatch('newer');
    expect(await verify((await findUser(db, 'ana'))?.password ?? '', 'newer password')).toBe(true);
  });

  it('says why when a name is taken, bad or unknown, or a password is short', async () => {
    await addUser(db, { name: 'ana', role: 'viewer' }, means);
    await expect(addUser(db, { name: 'ana', role: 'viewer' }, means)).rejects.toThrow(
      'user "ana" is there already',
    );
    await expect(addUser(db, { name: 'Ana Maria', role: 'viewer' }, means)).rejects.toThrow(AccountError);
    await expect(addUser(db, { name: 'bo', role: 'viewer', password: 'short' }, means)).rejects.toThrow(
      'at least 8',
    );
    await expect(removeUser(db, 'bo')).rejects.toThrow('there is no user "bo"');
    await expect(setPassword(db, 'bo', { randomBytes })).rejects.toThrow('there is no user "bo"');
  });

  it('removes a user', async () => {
    await addUser(db, { name: 'ana', role: 'viewer' }, means);
    expect(await removeUser(db, 'ana')).toMatch('removed');
    expect(await findUser(db, 'ana')).toBeUndefined();
  });
});

describe('pantau token', () => {
  it('shows a token once, lists it without, and revokes it', async () => {
    const token =
      (await createToken(db, { name: 'grafana', role: 'viewer', lifeMs: 1_000 }, means)).split('\n')[1] ?? '';
    expect(await findToken(db, token, means.now + 999)).toMatchObject({ name: 'grafana', role: 'viewer' });
    expect(await findToken(db, token, means.now + 1_000)).toBeUndefined();
    expect(await listTokens(db)).toMatch(/^grafana +viewer +until 2026-11-23T00:00:01/);
    await revokeToken(db, 'grafana');
    expect(await findToken(db, token, means.now)).toBeUndefined();
  });

  it('says why when a name is taken or unknown', async () => {
    await createToken(db, { name: 'a', role: 'wall' }, means);
    expect(await listTokens(db)).toMatch('no expiry');
    await expect(createToken(db, { name: 'a', role: 'wall' }, means)).rejects.toThrow('"a" already');
    await expect(revokeToken(db, 'b')).rejects.toThrow('there is no token "b"');
  });
});
