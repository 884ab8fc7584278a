import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadTestProfile } from '../../../config/schema/loadtest.ts';
import { openPlantStates, type PlantStates } from '../../../server/alarms/plant-states.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { loadTestRepository } from '../../../server/loadtest/repository.ts';
import { siteRoles } from '../../../server/loadtest/roles.ts';
import { openLoadTests, type LoadTests } from '../../../server/loadtest/service.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/field.ts';
import { minute, morning, second, shippedModel, startField } from '../../simulator/support.ts';
import { polledSite, quietParts, type Polled } from './polled.ts';
import { untilPasses } from '../../support/until-passes.ts';

const model = shippedModel();
const roles = siteRoles(model, 'dc');
const profile = shippedProfile();
const everyMs = 2 * second;
let db: Database;
let clock: FakeClock;
let polled: Polled;
let field: ReturnType<typeof startField>;
let plantStates: PlantStates;

function shippedProfile(): LoadTestProfile {
  if (model.loadTest === undefined) throw new Error('no profile');
  return model.loadTest;
}

function open(): LoadTests {
  return openLoadTests({
    model: { ...model, sites: model.sites.filter(({ id }) => id === 'dc') },
    profile,
    historian: polled.historian,
    repository: loadTestRepository(db),
    newId: (at) => `run-${at}`,
    clock,
    log: silentLog,
    ...quietParts(db),
    plantStates,
  });
}

beforeEach(async () => {
  db = await openDatabase(':memory:');
  clock = createFakeClock(morning);
  field = startField(model);
  polled = polledSite(field, model, roles);
  plantStates = await openPlantStates({ db, clock, newId: (at) => `state-${at}` });
});
afterEach(() => db.destroy());

async function declare(): Promise<void> {
  const window = { from_at: morning, to_at: morning + 60 * minute };
  await plantStates.declare(
    { ...window, state: 'load-test', site: 'dc', room: null, ticket: null, reason: 'uji' },
    'andi',
  );
}

/** Polls until something is so, for at most so long. */
async function poll(tests: LoadTests, ms: number, until: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = clock.now() + ms; clock.now() < end && !(await until());) {
    await clock.advance(everyMs);
    field.advance(clock.now());
    tests.accept(polled.poll(clock.now()));
  }
}
const never = (): boolean => false;
/** Polls until the engines rest and 4 s on, and waits for what is then on record; the clock stands still while the store is read. */
async function pollToRest(tests: LoadTests, revision = 1) {
  await poll(tests, 10 * minute, () => !tests.isRunning('dc'));
  await poll(tests, 2 * everyMs, never);
  return untilPasses(async () => {
    const kept = await first(tests);
    if (kept?.revision !== revision) throw new Error(`revision ${kept?.revision}`);
    return kept;
  });
}
const first = async (tests: LoadTests) => (await tests.list({ limit: 5 }))[0];

describe('the end of a run', () => {
  it('is seen in the readings as they arrive: its report is on record within 5 seconds of the last engine', async () => {
    const tests = open();
    const from = morning + 90 * second;
    const plan = await tests.plans.add(
      { site: 'dc', from, to: from + 60 * minute, witnesses: [], ticket: null, note: null },
      'andi',
    );
    await poll(tests, 2 * minute, never);
    expect(plantStates.isDeclared('load-test', { site: 'dc' })).toBe(true);
    field.startDrill('load-test', 'dc', clock.now(), 2);
    await poll(tests, minute, never);
    expect(tests.isRunning('dc')).toBe(true);
    expect(tests.isEvidence(model.pointById.get('dc/genset-1/power')?.index ?? -1)).toBe(true);
    const kept = await pollToRest(tests);
    expect(kept).toMatchObject({ label: 'test', why: 'planned', revision: 1 });
    expect(clock.now() - Date.parse(kept.to)).toBeLessThanOrEqual(5 * second);
    expect(tests.isRunning('dc')).toBe(false);
    await untilPasses(() => expect(plantStates.isDeclared('load-test', { site: 'dc' })).toBe(false));
    expect(await tests.plans.get(plan.id)).toMatchObject({ state: 'done', test: kept.id });
    expect((await tests.due())[0]).toMatchObject({ last: { id: kept.id }, nextPlan: null });
    await poll(tests, 10 * minute, never);
    expect(await tests.list({ limit: 5 })).toHaveLength(1);
    await tests.close();
  }, 30_000);

  it('is found by a server that was started again in the middle, with the run from its beginning', async () => {
    await declare();
    const before = open();
    await poll(before, 2 * minute, never);
    const began = clock.now();
    field.startDrill('load-test', 'dc', began, 2);
    await poll(before, 90 * second, never);
    await before.close();
    const after = open();
    await poll(after, 4 * second, never);
    const kept = await pollToRest(after);
    expect(Date.parse(kept.from) - began).toBeLessThanOrEqual(2 * everyMs);
    expect(clock.now() - Date.parse(kept.to)).toBeLessThanOrEqual(5 * second);
    await after.close();
  }, 30_000);

  it('that was not the end is corrected: another attempt soon after makes one run of both, as a second revision', async () => {
    await declare();
    const tests = open();
    await poll(tests, 2 * minute, never);
    field.startDrill('load-test', 'dc', clock.now(), 2);
    await poll(tests, 4 * second, never);
    const one = await pollToRest(tests);
    field.stopDrill('load-test', 'dc');
    field.startDrill('load-test', 'dc', clock.now(), 2);
    await poll(tests, 10 * second, never);
    const both = await pollToRest(tests, 2);
    expect(both).toMatchObject({ id: one.id, from: one.from });
    expect(Date.parse(both.to)).toBeGreaterThan(Date.parse(one.to));
    await tests.close();
  }, 30_000);
});
