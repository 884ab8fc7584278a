import type { Database } from '../db/schema.ts';
import type { LoadTestCheckTable, LoadTestPlanTable } from '../db/schema/load-tests.ts';
import type { Window } from './phases.ts';
import type { SiteFilter } from '../../core/site-filter.ts';
import { ofSites } from '../db/of-sites.ts';

export type PlanRow = Readonly<LoadTestPlanTable>;
export type CheckRow = Readonly<LoadTestCheckTable>;

const mostListed = 500;

export type PlanRepository = ReturnType<typeof planRepository>;

/** The only place that knows how planned load tests are stored. */
export function planRepository(db: Database) {
  return {
    async add(row: PlanRow): Promise<void> {
      await db.insertInto('load_test_plan').values(row).execute();
    },
    async find(id: string): Promise<PlanRow | undefined> {
      return db.selectFrom('load_test_plan').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** Those whose windows touch [from, to), earliest first. */
    async list({ site, from, to }: { readonly site?: SiteFilter | undefined } & Partial<Window>): Promise<PlanRow[]> {
      let query = db.selectFrom('load_test_plan').selectAll();
      if (site !== undefined) query = query.where(ofSites(site));
      if (from !== undefined) query = query.where('to_at', '>', from);
      if (to !== undefined) query = query.where('from_at', '<', to);
      return query.orderBy('from_at').limit(mostListed).execute();
    },
    async checks(plans: readonly string[]): Promise<CheckRow[]> {
      if (plans.length === 0) return [];
      return db.selectFrom('load_test_check').selectAll().where('plan', 'in', [...plans]).execute();
    },
    /** Who ticked an item first stays. */
    async tick(row: CheckRow): Promise<void> {
      await db
        .insertInto('load_test_check')
        .values(row)
        .onConflict((conflict) => conflict.columns(['plan', 'item']).doNothing())
        .execute();
    },
    async untick(plan: string, item: number): Promise<void> {
      await db.deleteFrom('load_test_check').where('plan', '=', plan).where('item', '=', item).execute();
    },
    async cancel(id: string, change: Pick<PlanRow, 'cancelled_by' | 'cancelled_at' | 'cancelled_why'>): Promise<void> {
      await db.updateTable('load_test_plan').set(change).where('id', '=', id).execute();
    },
    /** The run that a declared window became. */
    async settle(plantState: string, test: string): Promise<void> {
      await db.updateTable('load_test_plan').set({ test }).where('plant_state', '=', plantState).execute();
    },
    /** A run that is no test to its end fulfils no plan. */
    async reopen(test: string): Promise<void> {
      await db.updateTable('load_test_plan').set({ test: null }).where('test', '=', test).execute();
    },
    /** Since when a site is watched; the first call makes it now. */
    async watchedSince(site: string, now: number): Promise<number> {
      await db
        .insertInto('load_test_watch')
        .values({ site, since: now })
        .onConflict((conflict) => conflict.column('site').doNothing())
        .execute();
      const row = await db.selectFrom('load_test_watch').select('since').where('site', '=', site).executeTakeFirstOrThrow();
      return row.since;
    },
  };
} // prettier-ignore
