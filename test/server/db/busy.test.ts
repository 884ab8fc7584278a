import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import { DatabaseBusy, DatabaseUnavailable, isRetryable } from '../../../server/db/errors.ts';
import type { Database } from '../../../server/db/schema.ts';
import { foreignWriter } from '../../support/foreign-writer.ts';

let folder = '';
let path = '';
let db: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pantau-busy-'));
  path = join(folder, 'operations.db');
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

/** How long the event loop stood still while `work` ran, ms. The maximum also holds what other processes took from this one. */
async function loopDelay(work: () => Promise<void>): Promise<{ p99: number; max: number }> {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  await work();
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 };
}

const put = (key: string): Promise<unknown> => db.insertInto('setting').values({ key, value: 'x' }).execute();
const keys = async (): Promise<string[]> =>
  (await db.selectFrom('setting').select('key').orderBy('key').execute()).map(({ key }) => key);

describe('the write lock of another process', () => {
  it('stalls neither the event loop nor readers for 8 s, and writes that are tried again are there once', async () => {
    db = await openDatabase(path);
    await put('before');
    await keys();
    const foreign = await foreignWriter(path);
    let attempts = 0;
    async function keep(key: string): Promise<void> {
      try {
        attempts += 1;
        await put(key);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        await keep(key);
      }
    }
    let slowestReadMs = 0;
    const delay = await loopDelay(async () => {
      const written = Promise.all(['a', 'b', 'c'].map(keep));
      const releaseAt = performance.now() + 8_000;
      while (performance.now() < releaseAt) {
        const asked = performance.now();
        expect(await keys()).toEqual(['before']);
        slowestReadMs = Math.max(slowestReadMs, performance.now() - asked);
        await sleep(50);
      }
      await foreign.release();
      await written;
    });
    expect(await keys()).toEqual(['a', 'b', 'before', 'c']);
    expect(attempts).toBeGreaterThan(3);
    expect(slowestReadMs).toBeLessThan(1_000);
    expect(delay.p99).toBeLessThan(50);
    expect(delay.max).toBeLessThan(500);
  });

  it('is an error that says to try again, and leaves nothing of the transaction', async () => {
    db = await openDatabase(path, { timeouts: { busyMs: 100 } });
    const foreign = await foreignWriter(path);
    const transaction = db
      .transaction()
      .execute((trx) => trx.insertInto('setting').values({ key: 'a', value: 'x' }).execute());
    await expect(transaction).rejects.toThrow(DatabaseBusy);
    await expect(put('b')).rejects.toThrow(/operations\.db: another process holds the write lock/);
    await foreign.release();
    await put('c');
    expect(await keys()).toEqual(['c']);
  });
});

describe('a full disk', () => {
  it('is an error that says to try again, reading goes on, and writing goes on when there is room', async () => {
    db = await openDatabase(path);
    await put('before');
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db);
    const full = pages.rows[0]?.page_count ?? 0;
    await sql.raw(`pragma max_page_count = ${full}`).execute(db);
    const large = (key: string): Promise<unknown> =>
      db
        .insertInto('setting')
        .values({ key, value: 'x'.repeat(100_000) })
        .execute();
    await expect(large('a')).rejects.toThrow(DatabaseUnavailable);
    await expect(large('a')).rejects.toThrow(/operations\.db: database or disk is full/);
    expect(await keys()).toEqual(['before']);
    await sql.raw(`pragma max_page_count = ${full + 100}`).execute(db);
    await large('a');
    expect(await keys()).toEqual(['a', 'before']);
  });
});

describe('a thread that hangs', () => {
  /** Some seconds of work that cannot be interrupted: what a frozen disk looks like from here. */
  const hang = (): Promise<unknown> =>
    sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000000) select count(*) as n from n`.execute(
      db,
    );

  it('stalls nothing else; who waits is let go in time, and is not written later behind his back', async () => {
    db = await openDatabase(path, { timeouts: { busyMs: 300, deadlineMs: 300 } });
    await keys();
    const delay = await loopDelay(async () => {
      const hanging = hang();
      await expect(hanging).rejects.toThrow(DatabaseUnavailable);
      await expect(put('a')).rejects.toThrow(DatabaseBusy);
      await expect(
        db
          .transaction()
          .execute((trx) => trx.insertInto('setting').values({ key: 'b', value: 'x' }).execute()),
      ).rejects.toThrow(DatabaseBusy);
      expect(await keys()).toEqual([]);
    });
    expect(delay.p99).toBeLessThan(50);
    expect(delay.max).toBeLessThan(500);
    await expect
      .poll(
        () =>
          put('c').then(
            () => 'written',
            () => 'not yet',
          ),
        { timeout: 20_000 },
      )
      .toBe('written');
    expect(await keys()).toEqual(['c']);
  });

  it('takes its transaction back when it hung in the middle of it', async () => {
    db = await openDatabase(path, { timeouts: { busyMs: 300, deadlineMs: 300 } });
    const transaction = db.transaction().execute(async (trx) => {
      await trx.insertInto('setting').values({ key: 'a', value: 'x' }).execute();
      await sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000000) select count(*) as n from n`.execute(
        trx,
      );
    });
    await expect(transaction).rejects.toThrow(DatabaseUnavailable);
    await expect
      .poll(
        () =>
          put('c').then(
            () => 'written',
            () => 'not yet',
          ),
        { timeout: 20_000 },
      )
      .toBe('written');
    expect(await keys()).toEqual(['c']);
  });
});
