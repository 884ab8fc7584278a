import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import {
  ConstraintViolation,
  DatabaseBusy,
  DatabaseUnavailable,
  DatabaseUnusable,
} from '../../../server/db/errors.ts';
import { describePostgres } from '../../../server/db/postgres.ts';
import { postgresBin, startPostgres, type Postgres } from '../../support/databases.ts';
import { peer } from '../../support/peers.ts';

let server: Postgres | undefined;
beforeAll(async () => {
  server = postgresBin() === undefined ? undefined : await startPostgres();
});
afterAll(() => server?.stop());
beforeEach((context) => void peer(context, 'postgres'));

function running(): Postgres {
  if (server === undefined) throw new Error('PostgreSQL is not running');
  return server;
}

describe('operations on PostgreSQL', () => {
  it('reads times and counts as numbers', async () => {
    const db = await openDatabase(await running().createDatabase());
    await db
      .insertInto('collector_run')
      .values({ collector: 'a', run: 'b', contact_at: 1_795_000_000_123, settled: 1 })
      .execute();
    const row = await db
      .selectFrom('collector_run')
      .select((eb) => ['contact_at', eb.fn.countAll<number>().as('rows')])
      .groupBy('contact_at')
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ contact_at: 1_795_000_000_123, rows: 1 });
    await db.destroy();
  });

  it('types its errors by what the caller should do', async () => {
    const url = await running().createDatabase();
    const db = await openDatabase(url, { timeouts: { busyMs: 200, deadlineMs: 1_000 } });
    const put = (): Promise<unknown> => db.insertInto('setting').values({ key: 'a', value: 'b' }).execute();
    await put();
    await expect(put()).rejects.toThrow(ConstraintViolation);
    const other = await openDatabase(url);
    await other.transaction().execute(async (trx) => {
      await trx.updateTable('setting').set({ value: 'c' }).execute();
      await expect(db.updateTable('setting').set({ value: 'd' }).execute()).rejects.toThrow(DatabaseBusy);
    });
    await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toThrow(DatabaseBusy);
    await expect(sql`select nothing`.execute(db)).rejects.toThrow(/column "nothing" does not exist/);
    expect(await db.selectFrom('setting').selectAll().execute()).toEqual([{ key: 'a', value: 'c' }]);
    await other.destroy();
    await db.destroy();
  });

  it('says to try again while the server is dead, and goes on when it is back, with nothing of the broken transaction', async () => {
    const db = await openDatabase(await running().createDatabase(), { timeouts: { deadlineMs: 2_000 } });
    const broken = db.transaction().execute(async (trx) => {
      await trx.insertInto('setting').values({ key: 'lost', value: 'x' }).execute();
      await running().kill();
      await trx.insertInto('setting').values({ key: 'lost too', value: 'x' }).execute();
    });
    await expect(broken).rejects.toThrow(DatabaseUnavailable);
    await expect(db.selectFrom('setting').selectAll().execute()).rejects.toThrow(DatabaseUnavailable);
    await running().start();
    await db.insertInto('setting').values({ key: 'a', value: 'b' }).execute();
    expect(await db.selectFrom('setting').select('key').execute()).toEqual([{ key: 'a' }]);
    await db.destroy();
  });

  it('lets the caller go when the server hangs', async () => {
    const db = await openDatabase(await running().createDatabase(), { timeouts: { deadlineMs: 500 } });
    await db.selectFrom('setting').selectAll().execute();
    try {
      running().freeze();
      await expect(db.selectFrom('setting').selectAll().execute()).rejects.toThrow(DatabaseUnavailable);
    } finally {
      running().thaw();
    }
    await expect.poll(() => db.selectFrom('setting').selectAll().execute().catch(String)).toEqual([]);
    await db.destroy();
  });

  it('never shows the password of its address', async () => {
    const url = `postgres://pantau:rahasia-sekali@127.0.0.1:${running().port}/nowhere`;
    const error = await openDatabase(url).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(DatabaseUnusable);
    const shown =
      error instanceof Error ? `${error.stack} ${String(error.cause)} ${JSON.stringify(error)}` : '';
    expect(shown).toContain(`127.0.0.1:${running().port}/nowhere`);
    expect(shown).not.toContain('rahasia');
    expect(describePostgres('postgres://a:rahasia@[broken')).not.toContain('rahasia');
  });
});
