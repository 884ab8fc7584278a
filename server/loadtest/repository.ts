import { loadTestView, type LoadTestSummary, type LoadTestView } from '../contracts/load-tests.ts';
import { iso } from '../../core/time.ts';
import type { Database } from '../db/schema.ts';
import type { LoadTestTable } from '../db/schema/reports.ts';
import type { Declaration } from './label.ts';
import type { Window } from './phases.ts';

type Row = Readonly<LoadTestTable>;

export type LoadTestRepository = ReturnType<typeof loadTestRepository>;

/** The only place that knows how runs are stored. What is stored is not written again. */
export function loadTestRepository(db: Database) {
  return {
    async add(row: Row): Promise<void> {
      await db.insertInto('load_test').values(row).execute();
    },

    /** Latest first; `before`: only those that began earlier. */
    async list(filter: {
      readonly site?: string | undefined;
      readonly before?: number | undefined;
      readonly limit: number;
    }): Promise<Row[]> {
      const { site, before, limit } = filter;
      let query = db.selectFrom('load_test').selectAll().orderBy('from_at', 'desc').limit(limit);
      if (site !== undefined) query = query.where('site', '=', site);
      if (before !== undefined) query = query.where('from_at', '<', before);
      return query.execute();
    },

    async find(id: string): Promise<LoadTestView | undefined> {
      const row = await db.selectFrom('load_test').select('content').where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : loadTestView.parse(JSON.parse(row.content));
    },

    /** Whether a run that touches this time is on record. */
    async knows(site: string, { from, to }: Window): Promise<boolean> {
      const row = await db
        .selectFrom('load_test')
        .select('id')
        .where('site', '=', site)
        .where('from_at', '<=', to)
        .where('to_at', '>=', from)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Tests that were run to their end, [from, to). */
    async completed(site: string, { from, to }: Window): Promise<Row[]> {
      return db
        .selectFrom('load_test')
        .selectAll()
        .where('site', '=', site)
        .where('label', '=', 'test')
        .where('completed', '=', 1)
        .where('from_at', '>=', from)
        .where('from_at', '<', to)
        .orderBy('from_at')
        .execute();
    },

    /** The latest test that was run to its end and began at or before `until`. */
    async latestCompleted(site: string, until: number): Promise<Row | undefined> {
      return db
        .selectFrom('load_test')
        .selectAll()
        .where('site', '=', site)
        .where('label', '=', 'test')
        .where('completed', '=', 1)
        .where('from_at', '<=', until)
        .orderBy('from_at', 'desc')
        .limit(1)
        .executeTakeFirst();
    },

    /** Load tests that people declared for a time, also those that have ended: planned when declared before they began. */
    async declarations(site: string, { from, to }: Window): Promise<Declaration[]> {
      const rows = await db
        .selectFrom('plant_state')
        .select(['id', 'from_at', 'to_at', 'ended_at'])
        .where('state', '=', 'load-test')
        .where('site', '=', site)
        .where('from_at', '<=', to)
        .where('to_at', '>=', from)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        kind: 'planned',
        from: row.from_at,
        to: Math.min(row.to_at, row.ended_at ?? Infinity),
      }));
    },
  };
}

export function summaryOf({ id, site, label, why, verdict, from_at, to_at }: Row): LoadTestSummary {
  return { id, site, label, why, verdict, from: iso(from_at), to: iso(to_at) };
}
