import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlantStates, type PlantStates } from '../../../server/alarms/plant-states.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { planRepository } from '../../../server/loadtest/plan-repository.ts';
import { createLoadTestPlans, PlanRefused, type LoadTestPlans } from '../../../server/loadtest/plans.ts';
import { remindersOf } from '../../../server/loadtest/reminders.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-11-20T09:00:00+07:00');
const checklist = [
  { id: 'Semua genset Auto', en: 'All gensets in Auto' },
  { id: 'Bahan bakar cukup', en: 'Enough fuel' },
];
const window = { from: now + 2 * day, to: now + 2 * day + 2 * hour };
const test = { ...window, site: 'dc', witnesses: ['Sari', 'Budi'], ticket: null, note: null };

forEachDatabase('planned load tests', (database) => {
  let db: Database;
  let clock: FakeClock;
  let plantStates: PlantStates;
  let plans: LoadTestPlans;

  beforeEach(async () => {
    db = await openDatabase(database.where());
    clock = createFakeClock(now);
    let ids = 0;
    const newId = (): string => `id-${(ids += 1)}`;
    plantStates = await openPlantStates({ db, clock, newId });
    plans = createLoadTestPlans({ repository: planRepository(db), profile: { checklist }, plantStates, clock, newId }); // prettier-ignore
  });
  afterEach(() => db.destroy());

  it('declare their windows ahead, keep who ticked what, and are refused where they overlap', async () => {
    const plan = await plans.add(test, 'andi');
    expect(plan).toMatchObject({ state: 'coming', witnesses: ['Sari', 'Budi'], test: null });
    expect(plan.checklist.map(({ tickedBy }) => tickedBy)).toEqual([null, null]);
    expect(plantStates.current().map(({ site, from_at: from }) => [site, from])).toEqual([
      ['dc', window.from],
    ]);
    await expect(plans.add({ ...test, from: window.from + hour }, 'andi')).rejects.toThrow(
      /planned from .* already; cancel it first/,
    );
    await expect(plans.add({ ...test, to: window.from + 25 * hour, site: 'drc' }, 'andi')).rejects.toThrow(PlanRefused); // prettier-ignore
    expect((await plans.check(plan.id, { item: 1, done: true }, 'sari'))?.checklist[1]).toMatchObject({ tickedBy: 'sari' }); // prettier-ignore
    await plans.check(plan.id, { item: 1, done: true }, 'budi');
    expect((await plans.get(plan.id))?.checklist[1]?.tickedBy).toBe('sari');
    await expect(plans.check(plan.id, { item: 2, done: true }, 'sari')).rejects.toThrow(/0 to 1/);
    expect((await plans.check(plan.id, { item: 1, done: false }, 'sari'))?.checklist[1]?.tickedBy).toBeNull();
    expect(await plans.next('dc')).toMatchObject({ id: plan.id });
    expect(await plans.next('drc')).toBeUndefined();
  });

  it('are no longer declared once they are cancelled, and stay in the list', async () => {
    const plan = await plans.add(test, 'andi');
    const cancelled = await plans.cancel(plan.id, { actor: 'andi', reason: 'solar belum datang' });
    expect(cancelled).toMatchObject({ state: 'cancelled', cancelledWhy: 'solar belum datang' });
    expect(plantStates.current()).toEqual([]);
    await expect(plans.cancel(plan.id, { actor: 'andi', reason: 'lagi' })).rejects.toThrow(/over/);
    expect(await plans.list({ site: 'dc' })).toHaveLength(1);
    expect((await plans.add(test, 'andi')).state).toBe('coming');
  });

  it('are missed when their window passed without a test, and done with the run that they became', async () => {
    const plan = await plans.add(test, 'andi');
    await clock.advance(2 * day + hour);
    expect(await plans.get(plan.id)).toMatchObject({ state: 'under-way' });
    await clock.advance(2 * hour);
    expect(await plans.get(plan.id)).toMatchObject({ state: 'missed' });
    const [declared] = await db.selectFrom('load_test_plan').select('plant_state').execute();
    await plans.ran(declared?.plant_state ?? '', 'run-1');
    expect(await plans.get(plan.id)).toMatchObject({ state: 'done', test: 'run-1' });
    await expect(plans.check(plan.id, { item: 0, done: true }, 'sari')).rejects.toThrow(PlanRefused);
  });

  it('are watched since the first time that it was asked', async () => {
    const repository = planRepository(db);
    expect(await repository.watchedSince('dc', now)).toBe(now);
    expect(await repository.watchedSince('dc', now + day)).toBe(now);
  });

  it('are reminded of a week and a day ahead, each with one subject', async () => {
    const nextPlan = await plans.add(test, 'andi');
    const due = { site: 'dc', everyMonths: 1, clause: 'BAB IV.1.6', last: null, daysSince: null, dueBy: null, daysLeft: null, nextPlan }; // prettier-ignore
    const subjects = (at: number): string[] =>
      remindersOf({ due, siteName: 'DC', isSimulated: false }, at).map(({ subject }) => subject);
    expect(subjects(window.from - 8 * day)).toEqual([]);
    expect(subjects(window.from - 6 * day)).toEqual(subjects(window.from - 2 * day));
    expect(subjects(window.from - day + hour)[0]).toContain('besok');
    expect(subjects(window.from)).toEqual([]);
    const [mail] = remindersOf({ due, siteName: 'DC', isSimulated: true }, window.from - 2 * day);
    expect(mail?.subject).toMatch(/^SIMULASI: /);
    expect(mail?.text).toContain('Belum dicentang: Semua genset Auto; Bahan bakar cukup.');
  });
});

it('a test that nobody planned is asked for ten days ahead, and again once it is overdue', () => {
  const dueBy = new Date(now + 5 * day).toISOString();
  const due = { site: 'dc', everyMonths: 1, clause: 'BAB IV.1.6', last: null, daysSince: null, dueBy, daysLeft: 5, nextPlan: null }; // prettier-ignore
  const subject = (at: number) => remindersOf({ due, siteName: 'DC', isSimulated: false }, at)[0]?.subject;
  expect(subject(now - 6 * day)).toBeUndefined();
  expect(subject(now)).toContain('belum direncanakan');
  expect(subject(now + 5 * day)).toContain('terlambat');
});
