import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../support/databases.ts';

const program = (name: string): string => fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));
let dataDir = '';
beforeAll(() => void spawnSync(process.execPath, [program('build.js')]));
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pantau-cli-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function pantau(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [program('pantau.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PANTAU_DATA: dataDir, ...env },
  });
}

it('a damaged operations.db ends a command with its reason and exit code 74, without a stack', async () => {
  await writeFile(
    join(dataDir, 'operations.db'),
    'this is no database, and long enough to be looked at'.repeat(100),
  );
  const { status, stderr } = pantau(['user', 'list']);
  expect(stderr).toMatch(/operations\.db: file is not a database/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(74);
});

it('a PostgreSQL that does not answer ends a command with exit code 75, without the password', () => {
  const { status, stderr } = pantau(['user', 'list'], {
    PANTAU_DATABASE_URL: 'postgres://pantau:rahasia-sekali@127.0.0.1:1/pantau',
  });
  expect(stderr).toMatch(/^PostgreSQL 127\.0\.0\.1:1\/pantau: .*ECONNREFUSED/);
  expect(stderr).not.toContain('rahasia');
  expect(status).toBe(75);
});

forEachDatabase('pantau user', (database) => {
  it('adds to the database that the environment names', () => {
    const env: Record<string, string> = database.where().startsWith('postgres:')
      ? { PANTAU_DATABASE_URL: database.where() }
      : {};
    expect(pantau(['user', 'add', 'ana', '--role', 'operator'], env).stdout).toMatch(
      /^user ana \(operator\) added/,
    );
    expect(pantau(['user', 'list'], env).stdout).toMatch(/^ana +operator +since /);
  });
});
