import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import { sortableId } from '../../../server/db/id.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-db-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('operations database', () => {
  it('keeps what was written when it is opened again, and runs no migration twice', async () => {
    const path = join(folder, 'new', 'operations.db');
    const first = await openDatabase(path);
    await first.insertInto('setting').values({ key: 'a', value: 'b' }).execute();
    await first.destroy();
    const again = await openDatabase(path);
    expect(await again.selectFrom('setting').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }]);
    await again.destroy();
  });

  it('writes through to the disk and enforces references', async () => {
    const db = await openDatabase(join(folder, 'operations.db'));
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db)).rows[0] ?? {})[0];
    expect([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')]).toEqual(
      ['wal', 2, 1],
    );
    await expect(
      db.insertInto('ticket_room').values({ ticket: 'none', room: 'hall' }).execute(),
    ).rejects.toThrow(/FOREIGN KEY/);
    await db.destroy();
  });

  it('holds the write lock from the first statement of a transaction', async () => {
    const path = join(folder, 'operations.db');
    const one = await openDatabase(path);
    const two = await openDatabase(path);
    await sql.raw('pragma busy_timeout = 1').execute(two);
    await one.transaction().execute(async (tx) => {
      await tx.selectFrom('setting').selectAll().execute();
      await expect(two.insertInto('setting').values({ key: 'x', value: 'y' }).execute()).rejects.toThrow(
        /locked/,
      );
    });
    await one.destroy();
    await two.destroy();
  });

  it('undoes everything when a transaction throws', async () => {
    const db = await openDatabase(':memory:');
    await expect(
      db.transaction().execute(async (tx) => {
        await tx.insertInto('setting').values({ key: 'a', value: 'b' }).execute();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await db.selectFrom('setting').selectAll().execute()).toEqual([]);
    await db.destroy();
  });
});

describe('sortable id', () => {
  it('sorts by time when made later, and differs when made at the same time', () => {
    let byte = 0;
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (byte += 7));
    const ids = [1, 2, 1_795_000_000_000, 1_795_000_000_001].map((now) => sortableId(now, random));
    expect(ids.toSorted()).toEqual(ids);
    expect(sortableId(5, random)).not.toBe(sortableId(5, random));
    expect(ids[0]).toMatch(/^[0-9a-z]{20}$/);
  });
});
