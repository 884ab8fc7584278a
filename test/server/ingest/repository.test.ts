import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { createLedger } from '../../../server/ingest/ledger.ts';
import { createIngestRepository, type IngestRepository } from '../../../server/ingest/repository.ts';
import { forEachDatabase } from '../../support/databases.ts';

const now = 1_795_000_000_000;
const run = { collector: 'far', run: 'r1' };

forEachDatabase('deliveries of remote collectors', (database) => {
  let db: Database;
  let repository: IngestRepository;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    repository = createIngestRepository(db);
  });
  afterEach(() => db.destroy());

  it('are remembered as ranges, which grow together', async () => {
    const ledger = createLedger(repository);
    for (const sequence of [1, 2, 5, 4, 3])
      await ledger.mark({ ...run, sequence }, { settled: 1, now: now + sequence });
    expect(await repository.taken(run)).toEqual({ settled: 1, ranges: [{ first: 1, last: 5 }] });
    expect(await repository.contacts()).toEqual(new Map([['far', now + 3]]));
    expect(await repository.taken({ ...run, run: 'unknown' })).toEqual({ settled: 1, ranges: [] });
  });

  it('are known to a ledger that is opened again, those marked together as well', async () => {
    const ledger = createLedger(repository);
    await Promise.all(
      [7, 9, 8, 12].map((sequence) => ledger.mark({ ...run, sequence }, { settled: 7, now })),
    );
    const again = createLedger(repository);
    const has = await Promise.all([6, 7, 9, 10, 12].map((sequence) => again.has({ ...run, sequence })));
    expect(has).toEqual([true, true, true, false, true]);
  });

  it('of runs that nobody has heard of for long are forgotten', async () => {
    const ledger = createLedger(repository);
    await ledger.mark({ ...run, sequence: 1 }, { settled: 1, now: now - 1 });
    await ledger.mark({ collector: 'near', run: 'r2', sequence: 1 }, { settled: 1, now });
    await repository.forget(now);
    expect(await repository.contacts()).toEqual(new Map([['near', now]]));
    expect(await repository.taken(run)).toEqual({ settled: 1, ranges: [] });
  });
});
