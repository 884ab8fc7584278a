import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import type { LoadTestProfile } from '../../config/schema/loadtest.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { PlantStates } from '../alarms/plant-states.ts';
import type { LoadTestPlanView } from '../contracts/load-test-plans.ts';
import type { Window } from './phases.ts';
import type { CheckRow, PlanRepository, PlanRow } from './plan-repository.ts';
import type { SiteFilter } from '../../core/site-filter.ts';

/** The command does not fit what is planned; the message says why, and what to do. */
export class PlanRefused extends Error {
  override readonly name = 'PlanRefused';
  /** The field of the input that is wrong; undefined: none, the state of things is. */
  readonly field: 'from' | 'to' | 'item' | undefined;
  constructor(message: string, field?: 'from' | 'to' | 'item') {
    super(message);
    this.field = field;
  }
}

interface NewPlan extends Window {
  readonly site: string;
  readonly witnesses: readonly string[];
  readonly ticket: string | null;
  readonly note: string | null;
}

export interface LoadTestPlans {
  list(filter: { readonly site?: SiteFilter | undefined } & Partial<Window>): Promise<LoadTestPlanView[]>;
  get(id: string): Promise<LoadTestPlanView | undefined>;
  /** Rejects with PlanRefused. */
  add(plan: NewPlan, actor: string): Promise<LoadTestPlanView>;
  /** Rejects with PlanRefused. Undefined: there is none. */
  cancel(id: string, by: { readonly actor: string; readonly reason: string }): Promise<LoadTestPlanView | undefined>;
  /** Rejects with PlanRefused. Undefined: there is none. */
  check(id: string, tick: { readonly item: number; readonly done: boolean }, actor: string): Promise<LoadTestPlanView | undefined>;
  /** The next plan of a site that was not cancelled and is not done, also one that goes on. */
  next(site: string): Promise<LoadTestPlanView | undefined>;
  /** A test was run under a declaration. */
  ran(declaration: string, test: string): Promise<void>;
  /** A correction found that a run was no test to its end: a plan that it had fulfilled is open or missed again. */
  didNotRun(test: string): Promise<void>;
} // prettier-ignore

/** A window is a declaration: alarms of the plant are suppressed for it, so that nobody may declare days. */
const longestMs = 24 * 3_600_000;
/** Beyond that nobody plans. */
const furthestMs = 400 * 86_400_000;

const witnessesSchema = z.array(z.string());
const checklistSchema = z.array(label);

/** Plans load tests: a window declares the test ahead, so that its alarms are expected and its run is called a test. */
export function createLoadTestPlans(options: {
  readonly repository: PlanRepository;
  readonly profile: Pick<LoadTestProfile, 'checklist'>;
  readonly plantStates: Pick<PlantStates, 'declare' | 'end'>;
  readonly clock: { now(): number };
  readonly newId: (at: number) => string;
}): LoadTestPlans {
  const { repository, profile, plantStates, clock, newId } = options;

  async function views(rows: readonly PlanRow[]): Promise<LoadTestPlanView[]> {
    const checks = await repository.checks(rows.map(({ id }) => id));
    const now = clock.now();
    return rows.map((row) => viewOf(row, checks.filter(({ plan }) => plan === row.id), now));
  } // prettier-ignore

  async function get(id: string): Promise<LoadTestPlanView | undefined> {
    const row = await repository.find(id);
    return row === undefined ? undefined : (await views([row]))[0];
  }

  async function openPlan(id: string): Promise<PlanRow | undefined> {
    const row = await repository.find(id);
    if (row === undefined) return undefined;
    const state = stateOf(row, clock.now());
    if (state !== 'coming' && state !== 'under-way')
      throw new PlanRefused(`this plan is over (${state}) and stays as it was; make a new one`);
    return row;
  }

  return {
    get,
    list: async (filter) => views(await repository.list(filter)),
    async add({ site, from, to, witnesses, ticket, note }, actor) {
      const now = clock.now();
      if (to <= now) throw new PlanRefused('a time in the future', 'to');
      if (from - now > furthestMs) throw new PlanRefused('within the next 400 days', 'from');
      if (to - from > longestMs) throw new PlanRefused('24 hours after its beginning at most', 'to');
      const others = await repository.list({ site, from, to });
      const other = others.find(({ cancelled_at: cancelled }) => cancelled === null);
      if (other !== undefined)
        throw new PlanRefused(`a test of ${site} is planned from ${iso(other.from_at)} to ${iso(other.to_at)} already; cancel it first`);
      const declared = await plantStates.declare(
        { state: 'load-test', site, room: null, ticket, reason: note ?? 'Uji beban terencana', from_at: from, to_at: to },
        actor,
      );
      const row: PlanRow = {
        id: newId(now), site, from_at: from, to_at: to,
        witnesses: JSON.stringify(witnesses), ticket, note,
        checklist: JSON.stringify(profile.checklist),
        plant_state: declared.id, test: null,
        created_by: actor, created_at: now, cancelled_by: null, cancelled_at: null, cancelled_why: null,
      };
      try {
        await repository.add(row);
      } catch (error) {
        await plantStates.end(declared.id, actor);
        throw error;
      }
      return viewOf(row, [], now);
    },
    async cancel(id, { actor, reason }) {
      const row = await openPlan(id);
      if (row === undefined) return undefined;
      await repository.cancel(id, { cancelled_by: actor, cancelled_at: clock.now(), cancelled_why: reason });
      await plantStates.end(row.plant_state, actor);
      return get(id);
    },
    async check(id, { item, done }, actor) {
      const row = await openPlan(id);
      if (row === undefined) return undefined;
      const { length } = checklistSchema.parse(JSON.parse(row.checklist));
      if (item >= length) throw new PlanRefused(`a place in the checklist, 0 to ${length - 1}`, 'item');
      if (done) await repository.tick({ plan: id, item, ticked_by: actor, ticked_at: clock.now() });
      else await repository.untick(id, item);
      return get(id);
    },
    async next(site) {
      const now = clock.now();
      const rows = await repository.list({ site, from: now });
      const row = rows.find((each) => ['coming', 'under-way'].includes(stateOf(each, now)));
      return row === undefined ? undefined : (await views([row]))[0];
    },
    ran: (declaration, test) => repository.settle(declaration, test),
    didNotRun: (test) => repository.reopen(test),
  };
} // prettier-ignore

function stateOf(row: PlanRow, now: number): LoadTestPlanView['state'] {
  if (row.cancelled_at !== null) return 'cancelled';
  if (row.test !== null) return 'done';
  if (now < row.from_at) return 'coming';
  return now < row.to_at ? 'under-way' : 'missed';
}

function viewOf(row: PlanRow, checks: readonly CheckRow[], now: number): LoadTestPlanView {
  const texts = checklistSchema.parse(JSON.parse(row.checklist));
  return {
    id: row.id,
    site: row.site,
    from: iso(row.from_at),
    to: iso(row.to_at),
    state: stateOf(row, now),
    witnesses: witnessesSchema.parse(JSON.parse(row.witnesses)),
    ticket: row.ticket,
    note: row.note,
    checklist: texts.map((text, place) => {
      const tick = checks.find(({ item }) => item === place);
      return { text, tickedBy: tick?.ticked_by ?? null, tickedAt: isoOrNull(tick?.ticked_at ?? null) };
    }),
    test: row.test,
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    cancelledBy: row.cancelled_by,
    cancelledWhy: row.cancelled_why,
  };
}
