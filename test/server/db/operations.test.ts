import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import { DatabaseUnavailable, DatabaseUnusable } from '../../../server/db/errors.ts';
import { migrations } from '../../../server/db/migrations/index.ts';
import { openOperations, type Operations } from '../../../server/db/operations.ts';
import { sqliteDialect } from '../../../server/db/sqlite/dialect.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/field.ts';
import { untilPassesInTime } from '../../support/until-passes.ts';

const dayMs = 86_400_000;
const now = Date.now();
let dataDir = '';
let path = '';
let clock: FakeClock;
const running: Operations[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pantau-operations-'));
  path = join(dataDir, 'operations.db');
  clock = createFakeClock(now);
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<Operations> {
  const operations = await openOperations({ dataDir, databaseUrl: undefined, clock, log: silentLog });
  running.push(operations);
  return operations;
}

/** Time passes until the watch says so: its look may be busy with the copy when the time for the next one comes. */
const untilFound = (problem: () => string | undefined, what: RegExp): Promise<void> =>
  untilPassesInTime(clock, 31_000, () => expect(problem()).toMatch(what));

const copies = (): string[] =>
  existsSync(join(dataDir, 'backups'))
    ? readdirSync(join(dataDir, 'backups'))
        .filter((name) => name.endsWith('.db'))
        .toSorted()
    : [];

/** A used database with a copy of yesterday beside it, closed. */
async function usedDatabase(): Promise<void> {
  const db = await openDatabase(path);
  const settings = Array.from({ length: 3_000 }, (_, i) => ({ key: `key-${i}`, value: 'x'.repeat(60) }));
  await db.transaction().execute(async (trx) => {
    for (const setting of settings) await trx.insertInto('setting').values(setting).execute();
  });
  await db.destroy();
  mkdirSync(join(dataDir, 'backups'));
  copyFileSync(path, join(dataDir, 'backups', 'operations-2026-11-24.db'));
}

function overwrite(at: number, bytes: Buffer): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

describe('a damaged operations.db', () => {
  const damages: readonly (readonly [string, () => void])[] = [
    ['whose header is overwritten', () => overwrite(0, Buffer.from('garbage!garbage!'))],
    ['that is cut in half', () => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['that is cut to less than a header', () => truncateSync(path, 50)],
    ['that is cut to nothing', () => truncateSync(path, 0)],
    ['that is gone', () => unlinkSync(path)],
    ['with one damaged page', () => overwrite(statSync(path).size - 3 * 4_096, Buffer.alloc(4_096, 0xa5))],
  ];
  it.each(damages)(
    '%s is refused, and the command that is printed goes back to the last good copy',
    async (_, damage) => {
      await usedDatabase();
      damage();
      const error = await open().catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(DatabaseUnusable);
      const message = error instanceof Error ? error.message : '';
      expect(message).toMatch(/operations\.db (is damaged|is empty|is missing|cannot be read)/);
      expect(message).toContain('The last good copy is of ');
      execFileSync('sh', ['-c', /^ {2}(mkdir .*)$/m.exec(message)?.[1] ?? 'false']);
      const { db } = await open();
      expect(await db.selectFrom('setting').selectAll().where('key', '=', 'key-2999').execute()).toHaveLength(
        1,
      );
    },
  );

  it('without any copy says what to do instead', async () => {
    await writeFile(path, 'this is no database, and long enough to be looked at'.repeat(100));
    await expect(open()).rejects.toThrow(/file is not a database\nThere is no copy of it in .*backups/);
  });
});

describe('an operations.db that cannot be used', () => {
  it('is refused when a newer version made it, and stays as it is', async () => {
    const db = await openDatabase(path);
    await db.schema.alterTable('setting').addColumn('new', 'text').execute();
    const later = { name: '099-later', timestamp: new Date(now).toISOString() };
    await db
      .withTables<{ kysely_migration: typeof later }>()
      .insertInto('kysely_migration')
      .values(later)
      .execute();
    await db.destroy();
    await expect(open()).rejects.toThrow(/made by a newer version of Pantau \(099-later\)/);
    await expect(open()).rejects.toThrow(DatabaseUnusable);
  });

  it('is refused with the reason when its folder cannot be made', async () => {
    await writeFile(join(dataDir, 'file'), '');
    const refused = openOperations({
      dataDir: join(dataDir, 'file', 'data'),
      databaseUrl: undefined,
      clock,
      log: silentLog,
    });
    await expect(refused).rejects.toThrow(/data folder .*file\/data cannot be made \(ENOTDIR.*PANTAU_DATA/);
  });
});

describe('copies of operations.db', () => {
  it('are made at the start and every day, and the last seven are kept', async () => {
    await usedDatabase();
    const folder = join(dataDir, 'backups');
    for (let day = 1; day <= 7; day += 1) {
      const name = join(folder, `operations-2026-11-0${day}.db`);
      copyFileSync(path, name);
      const madeAt = (now - (10 - day) * dayMs) / 1_000;
      utimesSync(name, madeAt, madeAt);
    }
    utimesSync(
      join(folder, 'operations-2026-11-24.db'),
      (now - 2 * dayMs) / 1_000,
      (now - 2 * dayMs) / 1_000,
    );
    const { db, problem } = await open();
    const today = `operations-${new Date(now).toISOString().slice(0, 10)}.db`;
    await expect.poll(copies, { timeout: 20_000 }).toContain(today);
    await expect.poll(() => copies().length, { timeout: 20_000 }).toBe(7);
    expect(copies()).not.toContain('operations-2026-11-01.db');
    await db.insertInto('setting').values({ key: 'later', value: 'b' }).execute();
    await clock.advance(31_000);
    expect(copies()).toHaveLength(7);
    await clock.advance(dayMs);
    const newest = async (): Promise<string> => {
      await clock.advance(31_000);
      return copies().at(-1) ?? '';
    };
    await expect.poll(() => newest().then((name) => name > today), { timeout: 20_000 }).toBe(true);
    expect(problem()).toBeUndefined();
    const copy = await openDatabase(join(folder, copies().at(-1) ?? ''));
    const later = copy.selectFrom('setting').select('value').where('key', '=', 'later');
    expect(await later.execute()).toEqual([{ value: 'b' }]);
    await copy.destroy();
  }, 60_000);

  it('is made before the schema is changed', async () => {
    const old = new Kysely<unknown>({ dialect: sqliteDialect(path) });
    const provider = { getMigrations: () => Promise.resolve({ ...migrations }) };
    await new Migrator({ db: old, provider }).migrateTo('003-incidents');
    await old.destroy();
    await open();
    expect(copies().filter((name) => name.endsWith('before-004-collectors.db'))).toHaveLength(1);
  });
});

describe('an operations.db that is damaged while it is in use', () => {
  it('is reported as soon as the damage is read, with the way to the last good copy', async () => {
    await usedDatabase();
    const { db, problem } = await open();
    expect(problem()).toBeUndefined();
    const size = statSync(path).size;
    overwrite(size - 20 * 4_096, Buffer.alloc(20 * 4_096, 0xa5));
    await expect(db.selectFrom('setting').selectAll().execute()).rejects.toThrow(DatabaseUnavailable);
    await untilFound(problem, /is damaged: .*malformed\nThe last good copy is of /);
  });
});

describe('an operations.db that disappears while it is in use', () => {
  it('is reported, and what it holds is saved', async () => {
    const { db, problem } = await open();
    await db.insertInto('setting').values({ key: 'a', value: 'b' }).execute();
    await expect.poll(copies, { timeout: 20_000 }).toHaveLength(1);
    unlinkSync(path);
    await untilFound(problem, /operations\.db was deleted while it was in use/);
    const saved = /put (\S+) in its place/.exec(problem() ?? '')?.[1] ?? '';
    const rescued = await openDatabase(saved);
    expect(await rescued.selectFrom('setting').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }]);
    await rescued.destroy();
  });
});
