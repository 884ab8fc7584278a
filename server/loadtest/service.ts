import type { Logger } from 'pino';
import type { Model, Site } from '../../config/model.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Clock } from '../../core/clock.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { CompletedTest } from '../compliance/modules.ts';
import type { LoadTestDueView, LoadTestSummary, LoadTestView } from '../contracts/load-tests.ts';
import type { Historian, Range } from '../historian/historian.ts';
import { dueOf } from './due.ts';
import { createRunKeeper, type KeptRun, type SitePlant } from './keeper.ts';
import { summaryOf, type LoadTestRepository } from './repository.ts';
import { siteRoles } from './roles.ts';
import { watchRuns, type RunWatch } from './watch.ts';

export interface LoadTests extends RunWatch {
  list(filter: { readonly site?: string | undefined; readonly before?: number | undefined; readonly limit: number }): Promise<LoadTestSummary[]>;
  get(id: string): Promise<LoadTestView | undefined>;
  /** Tests that were run to their end, for the compliance page. */
  completed(site: string, range: Range): Promise<CompletedTest[]>;
  /** For every site: the last test that was run to its end, and when the next one is due. */
  due(): Promise<LoadTestDueView[]>;
} // prettier-ignore

/**
 * Finds the genset runs of every site in what is stored, judges them and keeps the result. All state is in the store: a server that was
 * away in the middle of a run finds it afterwards like any other.
 */
export function openLoadTests(options: {
  readonly model: Model;
  readonly profile: LoadTestProfile;
  readonly historian: Pick<Historian, 'raw' | 'buckets' | 'pin'>;
  readonly repository: LoadTestRepository;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the declaration of a test: it was run. */
  readonly endDeclaration?: (id: string) => Promise<void>;
}): LoadTests {
  const { model, profile, repository, clock, log } = options;
  const plants = model.sites.map((site): SitePlant => ({ site, roles: siteRoles(model, site.id) }));
  const keeper = createRunKeeper(options);
  const watch = watchRuns({
    model,
    plants,
    profile,
    keeper,
    clock,
    log,
    onKept: (_plant, run) => afterRun(run),
  });

  /** The declared test was run: from here on alarms are no longer expected, however long its window was. */
  async function afterRun({ recognised: { run }, isCompleted }: KeptRun): Promise<void> {
    if (isCompleted && run.label.declaration !== null) await options.endDeclaration?.(run.label.declaration);
  }

  async function dueAt(site: Site): Promise<LoadTestDueView> {
    const now = clock.now();
    const { everyMonths, clause } = site.standard.loadTest;
    const last = await repository.latestCompleted(site.id, now);
    const { by, daysSince, daysLeft } = dueOf(last?.from_at ?? null, everyMonths, now);
    return {
      site: site.id,
      everyMonths,
      clause,
      last: last === undefined ? null : { id: last.id, at: iso(last.from_at), verdict: last.verdict },
      daysSince,
      dueBy: isoOrNull(by),
      daysLeft,
    };
  }

  return {
    ...watch,
    list: async (filter) => (await repository.list(filter)).map(summaryOf),
    get: (id) => repository.find(id),
    completed: async (site, range) =>
      (await repository.completed(site, range)).map(({ id, from_at, verdict }) => ({
        id,
        at: from_at,
        result: verdict,
      })),
    due: () => Promise.all(model.sites.map((site) => dueAt(site))),
  };
}
