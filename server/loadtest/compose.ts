import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { PastPresence } from '../access/presence/past.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { Database } from '../db/schema.ts';
import type { Historian } from '../historian/historian.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createReportRepository } from '../reports/repository.ts';
import { dossierRepository } from './dossier-repository.ts';
import { planRepository } from './plan-repository.ts';
import { presenceAround } from './presence.ts';
import { watchDue } from './reminders.ts';
import { loadTestRepository } from './repository.ts';
import { openLoadTests, type LoadTests } from './service.ts';
import { createPrinter } from './print-thread.ts';
import { openSigners } from './signing/open.ts';

/** Genset runs, their plans and reports; undefined: the installation has no criteria of load tests. */
export async function composeLoadTests(
  options: {
    readonly model: Model;
    readonly db: Database;
    readonly dataDir: string;
    readonly historian: Historian;
    readonly pipeline: Pick<Pipeline, 'accept' | 'subscribe'>;
    readonly plantStates: PlantStates;
    /** Who was inside a site at a moment. */
    readonly past: (site: string, moment: number) => Promise<PastPresence>;
    readonly publicUrl: string;
    readonly newId: (at: number) => string;
    readonly clock: Clock;
    readonly log: Logger;
  },
  teardown: Teardown,
): Promise<LoadTests | undefined> {
  const { model, db, dataDir, pipeline, past, clock } = options;
  if (model.loadTest === undefined) return undefined;
  const printer = createPrinter(clock);
  teardown.add('printing of load tests', () => printer.close());
  const loadTests = openLoadTests({
    ...options,
    profile: model.loadTest,
    repository: loadTestRepository(db),
    plans: planRepository(db),
    dossiers: dossierRepository(db),
    presence: async (site, moment) => presenceAround(model, await past(site, moment)),
    signers: await openSigners(model, clock.now()),
    print: printer.print,
    onActive: () => {
      printer.prepare();
    },
    folder: join(dataDir, 'load-tests'),
  });
  teardown.add('load tests', () => loadTests.close());
  const due = watchDue({
    ...options,
    due: () => loadTests.due(),
    accept: pipeline.accept,
    repository: createReportRepository(db),
    recipients: model.people?.reports ?? [],
  });
  teardown.add('due load tests', () => due.close());
  pipeline.subscribe('load tests', { readings: (batch) => loadTests.accept(batch) });
  return loadTests;
}
