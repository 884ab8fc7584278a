import type { Logger } from 'pino';
import type { Model, Site } from '../../config/model.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import type { Clock } from '../../core/clock.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { CompletedTest } from '../compliance/modules.ts';
import type { LoadTestDueView, LoadTestSummary, LoadTestTrendItem } from '../contracts/load-tests.ts';
import type { Historian, Range } from '../historian/historian.ts';
import { dueOf } from './due.ts';
import { createDossier, type Dossier, type PresenceOf } from './dossier.ts';
import type { DossierRepository } from './dossier-repository.ts';
import { createRunKeeper, type KeptRun, type SitePlant } from './keeper.ts';
import type { PlanRepository } from './plan-repository.ts';
import { createLoadTestPlans, type LoadTestPlans } from './plans.ts';
import { summaryOf, type LoadTestRepository } from './repository.ts';
import { createLoadTestReports, type LoadTestReports } from './signatures.ts';
import type { Print } from './print-thread.ts';
import type { PdfSigner } from './signing/signer.ts';
import { siteRoles } from './roles.ts';
import { trendOf } from './trends.ts';
import { watchRuns, type RunWatch } from './watch.ts';
import type { SiteFilter } from '../../core/site-filter.ts';

export interface LoadTests extends RunWatch {
  list(filter: { readonly site?: SiteFilter | undefined; readonly before?: number | undefined; readonly limit: number }): Promise<LoadTestSummary[]>;
  /** Tests that were run to their end, for the compliance page. */
  completed(site: string, range: Range): Promise<CompletedTest[]>;
  /** For every site: the last test that was run to its end, and when the next one is due. */
  due(): Promise<LoadTestDueView[]>;
  /** Tests of the last 36 months that came to their end, earliest first. */
  trends(site: string): Promise<LoadTestTrendItem[]>;
  readonly plans: LoadTestPlans;
  readonly dossier: Dossier;
  readonly reports: LoadTestReports;
} // prettier-ignore

/** 36 months. */
const keptMs = 36 * 30.5 * 86_400_000;

/**
 * Finds the genset runs of every site in what is stored, judges them and keeps the result. All state is in the store: a server that was
 * away in the middle of a run finds it afterwards like any other.
 */
export function openLoadTests(options: {
  readonly model: Model;
  readonly profile: LoadTestProfile;
  readonly historian: Pick<Historian, 'raw' | 'rawColumns' | 'buckets' | 'pin'>;
  readonly repository: LoadTestRepository;
  readonly newId: (at: number) => string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly plans: PlanRepository;
  readonly plantStates: Pick<PlantStates, 'declare' | 'end'>;
  readonly dossiers: DossierRepository;
  readonly presence: PresenceOf;
  /** Beside the signature in the application. */
  readonly signers: readonly PdfSigner[];
  /** Makes the printed report. */
  readonly print: Print;
  /** Called again and again while gensets run, and once when they have stopped: a report is asked for soon. */
  readonly onActive?: () => void;
  /** Of signed files. */
  readonly folder: string;
  readonly publicUrl: string;
}): LoadTests {
  const { model, profile, repository, plantStates, clock, log } = options;
  const plants = model.sites.map((site): SitePlant => ({ site, roles: siteRoles(model, site.id) }));
  const keeper = createRunKeeper(options);
  const plans = createLoadTestPlans({ ...options, repository: options.plans });
  const dossier = createDossier({
    ...options,
    repository: options.dossiers,
    plans,
    forms: ['application', ...options.signers.map(({ form }) => form)],
  });
  const reports = createLoadTestReports({
    ...options,
    plants,
    keeper,
    dossier,
    repository: options.dossiers,
    onKept: ({ site }, run) => afterRun(site.id, run),
  });
  const watch = watchRuns({
    model,
    plants,
    profile,
    keeper,
    clock,
    log,
    onActive: options.onActive ?? ((): void => undefined),
    onKept: ({ site }, run) => afterRun(site.id, run),
  });

  /** The declared test was run: from here on alarms are no longer expected, however long its windows are. */
  async function afterRun(site: string, { id, recognised: { run }, isCompleted }: KeptRun): Promise<void> {
    if (!isCompleted) await plans.didNotRun(id);
    if (!isCompleted || run.label.declaration === null || run.to === null) return;
    for (const declaration of await repository.declarations(site, { from: run.from, to: run.to })) {
      await plans.ran(declaration.id, id);
      await plantStates.end(declaration.id, 'pantau');
    }
  }

  async function dueAt(site: Site): Promise<LoadTestDueView> {
    const now = clock.now();
    const { everyMonths, clause } = site.standard.loadTest;
    const last = await repository.latestCompleted(site.id, now);
    const watchedSince = await options.plans.watchedSince(site.id, now);
    const { by, daysSince, daysLeft } = dueOf(
      { lastTest: last?.from_at ?? null, watchedSince },
      everyMonths,
      now,
    );
    return {
      site: site.id,
      everyMonths,
      clause,
      last: last === undefined ? null : { id: last.id, at: iso(last.from_at), verdict: last.verdict },
      daysSince,
      dueBy: isoOrNull(by),
      daysLeft,
      nextPlan: (await plans.next(site.id)) ?? null,
    };
  }

  return {
    ...watch,
    plans,
    dossier,
    reports,
    list: async (filter) => (await repository.list(filter)).map(summaryOf),
    completed: async (site, range) =>
      (await repository.completed(site, range)).map(({ id, from_at, verdict }) => ({
        id,
        at: from_at,
        result: verdict,
      })),
    trends: async (site) => {
      const now = clock.now();
      return (await repository.contents(site, { from: now - keptMs, to: now })).map(trendOf);
    },
    due: () => Promise.all(model.sites.map((site) => dueAt(site))),
  };
}
