import { z } from 'zod';
import { label } from '../../config/schema/common.ts';
import { criterionName } from '../../config/schema/loadtest.ts';
import { instant } from './common.ts';
import { loadTestPlanView } from './load-test-plans.ts';

/** Genset runs (*uji beban*, outages, exercises) as they were recognised and judged. */

const verdict = z.enum(['pass', 'fail', 'not-proven']);
const figure = z.number().nullable();

const run = z.object({
  id: z.string(),
  site: z.string(),
  label: z.enum(['test', 'outage', 'no-load', 'aborted', 'unclear']),
  /** Why it is called that. */
  why: z.string(),
  verdict,
  from: instant,
  to: instant,
});

/** From 1; higher: what was on record before was corrected, and stays. */
const revision = z.int().min(1);

export const loadTestSummary = run.extend({ revision });
export type LoadTestSummary = z.infer<typeof loadTestSummary>;

/** Values that were measured: between `least` and `most`, since readings come at intervals; null: no bound. */
const criterion = z.object({
  name: criterionName,
  title: label,
  verdict,
  /** Shown, without a part in the result. */
  reference: z.boolean(),
  /** In both languages where they differ. */
  source: z.union([z.string(), label]),
  unit: z.string(),
  value: figure,
  least: figure,
  most: figure,
  limit: figure,
  sense: z.enum(['least', 'most', 'within']).nullable(),
  why: z.string().nullable(),
  things: z.array(z.string()),
});

/** A phase is seen at `from` and `to`; it happened at most `doubtMs` earlier. Null: that was not seen. */
const phase = z.object({
  phase: z.string(),
  thing: z.string().nullable(),
  from: instant.nullable(),
  to: instant.nullable(),
  fromDoubtMs: figure,
  toDoubtMs: figure,
  seen: z.enum(['seen', 'partly', 'unseen', 'absent']),
});

const setView = z.object({
  genset: z.string(),
  ratedKw: figure,
  started: z.boolean().nullable(),
  carried: z.boolean().nullable(),
  attempts: z.int(),
  crankS: figure,
  lowestCrankVolts: figure,
  kwMean: figure,
  kwMax: figure,
  oilMin: figure,
  coolantMax: figure,
  coolDownS: figure,
  hoursBefore: figure,
  hoursAfter: figure,
  steps: z.int(),
});

/** Seconds, between what they were at least and at most; null: not seen. */
const bounded = z.object({ value: z.number(), least: figure, most: figure }).nullable();

const transferView = z.object({
  ats: z.string(),
  /** From the loss of PLN to the load on the gensets, and from its return to the load on PLN. */
  transfer: bounded,
  retransfer: bounded,
  /** Of the transfer, by the limit of start and transfer. */
  verdict,
  why: z.string().nullable(),
});

const upsView = z.object({
  ups: z.string(),
  /** On battery altogether, s; null: not known. */
  onBatteryS: figure,
  lowestVolts: figure,
  lowestCharge: figure,
  /** Least autonomy that it announced, s. */
  autonomyS: figure,
  /** Whether its output was ever without voltage. */
  dropped: z.boolean().nullable(),
});

const series = z.object({
  name: z.string(),
  unit: z.string(),
  values: z.array(z.tuple([z.number(), z.number()])),
});

/** What was tested, as people name it: kept with the run, so that a signed report does not change with the configuration. */
const identity = z.object({
  siteName: z.string(),
  building: z.string(),
  /** Of everything that takes part, by its id within the site. */
  names: z.record(z.string(), label),
  /** By the plates of the machines; null: the configuration does not say. */
  gensets: z.array(
    z.object({
      genset: z.string(),
      maker: z.string().nullable(),
      model: z.string().nullable(),
      serial: z.string().nullable(),
      kw: figure,
      kva: figure,
      powerFactor: figure,
      duty: z.enum(['prime', 'standby', 'continuous']).nullable(),
    }),
  ),
  /** `N+1`, and the duty that the standard asks for, with its clause. */
  redundancy: z.string(),
  duty: z.string(),
  clause: z.string(),
});
export type LoadTestIdentity = z.infer<typeof identity>;

/** How a thing was before the first engine turned and after the last one stopped; null: not measured. */
const condition = z.object({
  thing: z.string(),
  quantity: z.string(),
  unit: z.string(),
  /** Of unit `state`: the name of the state. */
  before: z.union([z.number(), z.string()]).nullable(),
  after: z.union([z.number(), z.string()]).nullable(),
});

/** What is stored of a revision. */
export const loadTestContent = run.extend({
  profile: z.string(),
  madeAt: instant,
  criteria: z.array(criterion),
  phases: z.array(phase),
  sets: z.array(setView),
  /** Null, and the others empty, in what was stored before they were kept. */
  identity: identity.nullable().default(null),
  conditions: z.array(condition).default([]),
  transfers: z.array(transferView).default([]),
  upss: z.array(upsView).default([]),
  kwMax: figure,
  kwMean: figure,
  fuelUsed: figure,
  fuelRate: figure,
  enduranceHours: figure,
  /** Share of the run that the readings cover, %; points that fall short. */
  coverage: z.number(),
  missing: z.array(z.object({ point: z.string(), percent: z.number() })),
  /** Devices whose clocks were put right. */
  clocks: z.array(z.object({ device: z.string(), offsetMs: z.number(), doubtMs: z.number() })),
  frozen: z.array(z.string()),
  /** Curves, epoch ms → value, thinned. */
  curves: z.array(series),
  /** SHA-256 of all the raw readings that it was made of. */
  sha256: z.string(),
});
export type LoadTestContent = z.infer<typeof loadTestContent>;

/** When a site was tested and when the next test is due, by the calendar of WIB. */
export const loadTestDueView = z.object({
  site: z.string(),
  everyMonths: z.int(),
  clause: z.string(),
  /** The latest test that was run to its end; null: none on record. */
  last: z.object({ id: z.string(), at: instant, verdict }).nullable(),
  daysSince: z.int().nullable(),
  /** End of the period whose test is the next one; null: no test on record to count from. */
  dueBy: instant.nullable(),
  /** Whole days until `dueBy`; negative: overdue. */
  daysLeft: z.int().nullable(),
  /** The next planned test, also one that goes on. */
  nextPlan: loadTestPlanView.nullable(),
});
export type LoadTestDueView = z.infer<typeof loadTestDueView>;

/** A test beside those before and after it; of several sets the weakest. Null: not measured. */
export const loadTestTrendItem = z.object({
  id: z.string(),
  from: instant,
  verdict,
  /** Longest start, s; lowest voltage of a starter battery meanwhile, V. */
  crankS: figure,
  crankVolts: figure,
  startTransferS: figure,
  /** Furthest from nominal, %; width of the band, %. */
  steadyVoltage: figure,
  steadyFrequency: figure,
  recoveryVoltageS: figure,
  recoveryFrequencyS: figure,
  kwMax: figure,
  /** L/h of all sets together. */
  fuelRate: figure,
  enduranceHours: figure,
});
export type LoadTestTrendItem = z.infer<typeof loadTestTrendItem>;
