import type { LoadTestPlanView } from '../contracts/load-test-plans.ts';
import type { LoadTestDueView, LoadTestSummary } from '../contracts/load-tests.ts';
import type { NearbyTest } from '../contracts/ticket-approval.ts';

/** What is asked of the load tests; from `server/loadtest`. */
export interface TestRecord {
  list(filter: {
    readonly site: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly Pick<LoadTestSummary, 'id' | 'label' | 'from' | 'to'>[]>;
  readonly plans: {
    list(filter: {
      readonly site: string;
      readonly from: number;
      readonly to: number;
    }): Promise<readonly Pick<LoadTestPlanView, 'state' | 'from' | 'to'>[]>;
  };
  due(): Promise<readonly Pick<LoadTestDueView, 'site' | 'dueBy'>[]>;
}

/** More runs in one window are not read beside a ticket. */
const mostShown = 50;

/** Genset runs and planned tests of a site that a time touches, earliest first, and the next test if it must have been run within that time. */
export async function testsTouching(
  tests: TestRecord | undefined,
  { site, from, to }: { readonly site: string; readonly from: number; readonly to: number },
): Promise<NearbyTest[]> {
  if (tests === undefined) return [];
  const runs = (await tests.list({ site, before: to, limit: mostShown }))
    .filter((run) => Date.parse(run.to) > from && Date.parse(run.from) < to)
    .map(({ id, label, from: start, to: end }): NearbyTest => ({ id, label, from: start, to: end }));
  const plans = (await tests.plans.list({ site, from, to }))
    .filter(({ state }) => state === 'coming' || state === 'under-way')
    .map((plan): NearbyTest => ({ id: null, label: 'planned', from: plan.from, to: plan.to }));
  const due = (await tests.due()).find((each) => each.site === site)?.dueBy ?? null;
  const isDue = due !== null && Date.parse(due) >= from && Date.parse(due) <= to;
  return [
    ...runs,
    ...plans,
    ...(isDue ? [{ id: null, label: 'due' as const, from: due, to: due }] : []),
  ].toSorted((one, other) => (one.from < other.from ? -1 : 1));
}
