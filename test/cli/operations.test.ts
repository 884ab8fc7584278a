import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { changeOperations, withOperations } from '../../cli/operations.ts';
import { addUser } from '../../cli/user.ts';

test('a change in the shell is in the log with who and what, without the password; one that fails is in neither', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pantau-shell-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { PANTAU_DATA: folder, PANTAU_DATABASE_URL: undefined };
  const add = (name: string): Promise<string> =>
    changeOperations(
      environment,
      { method: 'POST', path: '/users', params: { name }, body: { name, role: 'operator' } },
      (db, means) => addUser(db, { name, role: 'operator', password: 'rahasia-sekali' }, means),
    );
  await add('ana');
  await expect(add('ana')).rejects.toThrow('ana');
  const { entries, logged, users } = await withOperations(environment, async (db) => ({
    entries: await db.selectFrom('audit_entry').selectAll().execute(),
    logged: await db.selectFrom('log_entry').select('ref').where('kind', '=', 'audit').execute(),
    users: await db.selectFrom('user').select('name').execute(),
  }));
  expect(users).toEqual([{ name: 'ana' }]);
  expect(entries).toMatchObject([
    { actor: `shell:${os.userInfo().username}`, path: '/users', subject: 'ana', status: 201 },
  ]);
  expect(entries[0]?.input).toBe('{"name":"ana","role":"operator"}');
  expect(logged).toEqual([{ ref: entries[0]?.id }]);
});
