import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadTestView } from '../../../server/contracts/load-tests.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { loadTestPdf } from '../../../server/loadtest/report.ts';
import { loadTestRepository } from '../../../server/loadtest/repository.ts';
import { siteRoles } from '../../../server/loadtest/roles.ts';
import { openLoadTests } from '../../../server/loadtest/service.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { polledSite } from './polled.ts';
import { silentLog } from '../../support/field.ts';
import { minute, morning, second, shippedModel, startField } from '../../simulator/support.ts';

const model = shippedModel();
const roles = siteRoles(model, 'dc');
const field = startField(model);
const polled = polledSite(field, model, roles);
const of = (id: string) => polled.of(id);
let db: Database;
let view: LoadTestView;

/** The drill of the simulator as it would be polled: six minutes before, four without PLN, ten after. */
function drill(): number {
  let now = morning;
  const run = (ms: number): void => {
    for (const end = now + ms; now < end;) {
      now += 2 * second;
      field.advance(now);
      polled.poll(now);
    }
  };
  run(6 * minute);
  field.startDrill('pln-outage', 'dc', now);
  run(4 * minute);
  field.stopDrill('pln-outage', 'dc');
  run(10 * minute);
  return now;
}

beforeAll(async () => {
  db = await openDatabase(':memory:');
  const now = drill();
  await db.insertInto('plant_state').values({ id: 'plan-1', state: 'load-test', site: 'dc', room: null, ticket: null, reason: 'uji', from_at: morning, to_at: morning + 60 * minute, created_by: 'andi', ended_at: null, ended_by: null }).execute(); // prettier-ignore
  const service = openLoadTests({
    model: { ...model, sites: model.sites.filter(({ id }) => id === 'dc') },
    profile: model.loadTest ?? expect.fail('no profile'),
    historian: polled.historian,
    repository: loadTestRepository(db),
    newId: (at) => `run-${at}`,
    clock: createFakeClock(now),
    log: silentLog,
  });
  await service.look();
  // What is on record is not recognised a second time.
  await service.look();
  const [first, ...others] = await service.list({ limit: 10 });
  if (others.length > 0) throw new Error(`${others.length + 1} runs are on record`);
  view = (await service.get(first?.id ?? '')) ?? expect.fail('nothing on record');
  await service.close();
}, 30_000);
afterAll(() => db.destroy());

describe('a drill of four minutes', () => {
  it('is on record as a test that fails the 30 minutes', () => {
    expect([view.label, view.verdict]).toEqual(['test', 'fail']);
    expect(view.criteria.find(({ name }) => name === 'loaded-run')).toMatchObject({
      verdict: 'fail',
      limit: 30,
    });
  });

  it('has the figures that the raw readings give', () => {
    const lost = of('pln-a/l1/voltage').find(({ value }) => value < 100)?.at ?? 0;
    const there = of('ats-a/position').find(({ value }) => value === 2)?.at ?? 0;
    const peak = Math.max(
      ...of('genset-1/power').map(({ at }) =>
        ['genset-1', 'genset-2', 'genset-3'].reduce(
          (sum, id) => sum + (of(`${id}/power`).find((each) => each.at === at)?.value ?? 0),
          0,
        ),
      ),
    );
    const find = (phase: string, thing: string | null) =>
      view.phases.find((each) => each.phase === phase && each.thing === thing);
    expect(Date.parse(find('grid-off', null)?.from ?? '')).toBe(lost);
    expect(Date.parse(find('transfer', 'ats-a')?.to ?? '')).toBe(there);
    expect(view.criteria.find(({ name }) => name === 'start-transfer')?.value).toBe((there - lost) / second);
    expect(view.kwMax).toBeCloseTo(peak, 6);
    expect(view.coverage).toBeGreaterThan(99);
  });

  it('is printed in both languages', async () => {
    for (const language of ['id', 'en'] as const) {
      const pdf = await loadTestPdf(view, { language, siteName: 'DC', isSimulated: true });
      expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-');
      expect(pdf.byteLength).toBeGreaterThan(20_000);
    }
  });
});
