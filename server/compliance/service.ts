import type { Logger } from 'pino';
import type { Model, Site } from '../../config/model.ts';
import type { ComplianceCatalogue } from '../../config/schema/compliance.ts';
import type { Clock } from '../../core/clock.ts';
import type { ComplianceView } from '../contracts/compliance.ts';
import type { Database } from '../db/schema.ts';
import type { Historian } from '../historian/historian.ts';
import { bindCompliance, type BoundProof, type BoundRow, type BoundSite } from './bind.ts';
import { createDocuments, type Documents } from './documents.ts';
import { complianceOfMonth } from './month.ts';
import type { LoadTestsOf } from './modules.ts';
import { createComplianceMonitor, type ComplianceMonitor } from './monitor.ts';
import type { ValuesNow } from './now.ts';
import { createComplianceRepository, type ComplianceRepository } from './repository.ts';

interface Progress {
  readonly site: string;
  readonly month: string;
  readonly done: number;
  readonly of: number;
}

export interface ComplianceService {
  readonly catalogue: ComplianceCatalogue;
  readonly sites: readonly BoundSite[];
  readonly documents: Documents;
  readonly monitor: ComplianceMonitor;
  readonly repository: ComplianceRepository;
  /** As it is now; asked again within some minutes it is the same one. Rejects when the store does not answer. */
  month(site: string, month: string): Promise<ComplianceView>;
  /** What is being measured for somebody. */
  progress(): readonly Progress[];
  /** The proofs by document, by kind. */
  documentKinds(): readonly DocumentKind[];
  /** A document has changed: what is remembered is not true any more. */
  forget(): void;
  close(): Promise<void>;
}

export interface DocumentKind {
  readonly site: Site;
  readonly row: BoundRow;
  readonly proof: Extract<BoundProof, { by: 'document' }>;
}

/** What is shown may be so old; the row's verdict of now beside it is not. */
const rememberMs = 300_000;
/** Months in memory: a dozen of each site. */
const mostRemembered = 40;

export interface ComplianceOptions {
  readonly model: Model;
  readonly db: Database;
  readonly dataFolder: string;
  readonly historian: Historian;
  readonly values: ValuesNow;
  readonly loadTests?: LoadTestsOf | undefined;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly newId: (at: number) => string;
  readonly log: Logger;
}

/** Undefined: nobody has written down how the standard's rows are proven. */
export function createCompliance(options: ComplianceOptions): ComplianceService | undefined {
  const { model, db, historian, values, clock, newId, log } = options;
  const catalogue = model.compliance;
  if (catalogue === undefined) return undefined;
  const sites = bindCompliance(model, catalogue);
  const repository = createComplianceRepository(db);
  const documents = createDocuments({ db, folder: options.dataFolder, clock, newId });
  const modules = { model, repository, loadTests: options.loadTests };
  const monitor = createComplianceMonitor({
    model, sites, needed: catalogue.needed, values, documents, modules, repository, clock, newId, log,
  }); // prettier-ignore
  const closing = new AbortController();
  const remembered = new Map<string, { readonly view: Promise<ComplianceView>; readonly until: number }>();
  const running = new Map<string, Progress>();

  function compute(bound: BoundSite, month: string): Promise<ComplianceView> {
    const key = `${bound.site.id} ${month}`;
    running.set(key, { site: bound.site.id, month, done: 0, of: 0 });
    return complianceOfMonth(
      { model, catalogue: catalogueOf(), historian, repository, modules, documents, monitor, clock },
      bound,
      {
        month,
        signal: closing.signal,
        onProgress: (done, of) => running.set(key, { site: bound.site.id, month, done, of }),
      },
    ).finally(() => running.delete(key));
  }

  function catalogueOf(): ComplianceCatalogue {
    if (catalogue === undefined) throw new TypeError('there is a catalogue');
    return catalogue;
  }

  return {
    catalogue,
    sites,
    documents,
    monitor,
    repository,
    async month(site, month) {
      const bound = sites.find((each) => each.site.id === site);
      if (bound === undefined) throw new RangeError(`no site ${site}`);
      const key = `${site} ${month}`;
      const known = remembered.get(key);
      if (known !== undefined && clock.monotonic() < known.until) return withNow(await known.view, monitor);
      const view = compute(bound, month);
      remembered.set(key, { view, until: clock.monotonic() + rememberMs });
      for (const old of [...remembered.keys()].slice(0, Math.max(0, remembered.size - mostRemembered))) remembered.delete(old);
      try {
        return await view;
      } catch (error) {
        remembered.delete(key);
        throw error;
      }
    },
    progress: () => [...running.values()],
    documentKinds: () =>
      sites.flatMap(({ site, rows }) =>
        rows.flatMap((row) => row.proofs.flatMap((proof) => (proof.by === 'document' ? [{ site, row, proof }] : []))),
      ),
    forget: () => remembered.clear(),
    async close() {
      closing.abort(new Error('the server stops'));
      await Promise.allSettled([...remembered.values()].map(({ view }) => view));
      await monitor.close();
    },
  };
} // prettier-ignore

/** What was measured some minutes ago, with the verdicts of this moment. */
function withNow(view: ComplianceView, monitor: Pick<ComplianceMonitor, 'now'>): ComplianceView {
  if (view.isOver) return view;
  return {
    ...view,
    items: view.items.map((item) => {
      const now = monitor.now(view.site, item.row, '');
      if (now === undefined) return item;
      const { verdict, reason, since } = now;
      return { ...item, now: { verdict, reason, since: new Date(since).toISOString() } };
    }),
    proofs: view.proofs.map((proof) => {
      const now = monitor.now(view.site, proof.row, proof.proof);
      return now === undefined ? proof : { ...proof, now: { verdict: now.verdict, reason: now.reason } };
    }),
  };
}
