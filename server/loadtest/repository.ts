import { loadTestContent, type LoadTestContent, type LoadTestSummary } from '../contracts/load-tests.ts';
import { iso } from '../../core/time.ts';
import type { Database } from '../db/schema.ts';
import type { LoadTestTable } from '../db/schema/load-tests.ts';
import type { Declaration } from './label.ts';
import type { Window } from './phases.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

type Row = Readonly<LoadTestTable>;
export type NewRun = Omit<Row, 'revision'>;

export type LoadTestRepository = ReturnType<typeof loadTestRepository>;

/** Why and by whom a run is put on record again; `by` null: the server itself. */
interface Correction {
  readonly by: string | null;
  readonly reason: string;
}

/** The only place that knows how runs are stored. A revision is not written again; the run itself is as its latest revision says. */
export function loadTestRepository(db: Database) {
  return {
    async add(row: NewRun): Promise<void> {
      await db.transaction().execute(async (work) => {
        await work
          .insertInto('load_test')
          .values({ ...row, revision: 1 })
          .execute();
        await work
          .insertInto('load_test_revision')
          .values(revisionOf(row, { revision: 1, by: null, reason: null }))
          .execute();
      });
    },

    /** Puts a corrected run in the place of the one on record, which stays as an earlier revision. Gives the new one's number. */
    async revise(row: NewRun, { by, reason }: Correction): Promise<number> {
      return db.transaction().execute(async (work) => {
        const last = await work
          .selectFrom('load_test_revision')
          .select('revision')
          .where('test', '=', row.id)
          .orderBy('revision', 'desc')
          .limit(1)
          .executeTakeFirstOrThrow();
        const revision = last.revision + 1;
        const { id, site: _site, ...change } = row;
        await work
          .updateTable('load_test')
          .set({ ...change, revision })
          .where('id', '=', id)
          .execute();
        await work
          .insertInto('load_test_revision')
          .values(revisionOf(row, { revision, by, reason }))
          .execute();
        return revision;
      });
    },

    /** Latest first; `before`: only those that began earlier. */
    async list(filter: {
      readonly site?: SiteFilter | undefined;
      readonly before?: number | undefined;
      readonly limit: number;
    }): Promise<Row[]> {
      const { site, before, limit } = filter;
      let query = db.selectFrom('load_test').selectAll().orderBy('from_at', 'desc').limit(limit);
      if (site !== undefined) query = query.where(ofSites(site));
      if (before !== undefined) query = query.where('from_at', '<', before);
      return query.execute();
    },

    async row(id: string): Promise<Row | undefined> {
      return db.selectFrom('load_test').selectAll().where('id', '=', id).executeTakeFirst();
    },

    /** The latest run on record that touches this time. */
    async touching(site: string, { from, to }: Window): Promise<Row | undefined> {
      return db
        .selectFrom('load_test')
        .selectAll()
        .where('site', '=', site)
        .where('from_at', '<=', to)
        .where('to_at', '>=', from)
        .orderBy('from_at', 'desc')
        .limit(1)
        .executeTakeFirst();
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

    /** What is stored of tests that came to their end, [from, to), earliest first. */
    async contents(site: string, window: Window): Promise<LoadTestContent[]> {
      const rows = await this.completed(site, window);
      return rows.map(({ content }) => loadTestContent.parse(JSON.parse(content)));
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

function revisionOf(
  { id, content, made_at }: NewRun,
  { revision, by, reason }: { readonly revision: number; readonly by: string | null; readonly reason: string | null },
) {
  return { test: id, revision, made_at, made_by: by, reason, content, sealed_at: null, sealed: null, sha256: null };
} // prettier-ignore

export function summaryOf({ id, site, label, why, verdict, from_at, to_at, revision }: Row): LoadTestSummary {
  return { id, revision, site, label, why, verdict, from: iso(from_at), to: iso(to_at) };
}
