import type { Database } from '../db/schema.ts';
import type { Ranges } from './ledger.ts';

/** A run of a collector's process. */
export interface RunName {
  readonly collector: string;
  readonly run: string;
}

export interface RunChange extends RunName {
  /** Epoch ms. */
  readonly contactAt: number;
  readonly settled: number;
  readonly gone: Ranges;
  readonly come: Ranges;
}

export interface IngestRepository {
  /** What was taken of a run; nothing of an unknown one. */
  taken(name: RunName): Promise<{ readonly settled: number; readonly ranges: Ranges }>;
  /** In one transaction; durable when it resolves. */
  write(changes: readonly RunChange[]): Promise<void>;
  /** Collector → when it last delivered, epoch ms. */
  contacts(): Promise<ReadonlyMap<string, number>>;
  /** Forgets runs that have been silent since `before`, epoch ms. */
  forget(before: number): Promise<void>;
}

/** The only place that knows the SQL of collectors' deliveries. */
export function createIngestRepository(db: Database): IngestRepository {
  return {
    async taken({ collector, run }) {
      const row = await db
        .selectFrom('collector_run')
        .select('settled')
        .where('collector', '=', collector)
        .where('run', '=', run)
        .executeTakeFirst();
      const ranges = await db
        .selectFrom('collector_taken')
        .select(['first', 'last'])
        .where('collector', '=', collector)
        .where('run', '=', run)
        .orderBy('first')
        .execute();
      return { settled: row?.settled ?? 1, ranges };
    },
    async write(changes) {
      await db.transaction().execute(async (tx) => {
        for (const { collector, run, contactAt, settled, gone, come } of changes) {
          await tx
            .insertInto('collector_run')
            .values({ collector, run, contact_at: contactAt, settled })
            .onConflict((conflict) =>
              conflict.columns(['collector', 'run']).doUpdateSet({ contact_at: contactAt, settled }),
            )
            .execute();
          for (const { first } of gone)
            await tx
              .deleteFrom('collector_taken')
              .where('collector', '=', collector)
              .where('run', '=', run)
              .where('first', '=', first)
              .execute();
          for (const range of come)
            await tx
              .insertInto('collector_taken')
              .values({ collector, run, ...range })
              .execute();
        }
      });
    },
    async contacts() {
      const rows = await db
        .selectFrom('collector_run')
        .select(['collector', (expression) => expression.fn.max('contact_at').as('contact_at')])
        .groupBy('collector')
        .execute();
      return new Map(rows.map((row) => [row.collector, row.contact_at]));
    },
    async forget(before) {
      await db.transaction().execute(async (tx) => {
        const old = await tx
          .selectFrom('collector_run')
          .selectAll()
          .where('contact_at', '<', before)
          .execute();
        for (const { collector, run } of old)
          for (const table of ['collector_taken', 'collector_run'] as const)
            await tx.deleteFrom(table).where('collector', '=', collector).where('run', '=', run).execute();
      });
    },
  };
}
