import { z } from 'zod';
import { durationBetween, label } from './common.ts';

/** By which criteria a genset load test (*uji beban*) is judged: `loadtest/default.yaml`. */

/** In the order in which they are shown. */
export const criterionNames = [
  'completed', 'interval', 'sets-started', 'start-transfer', 'ride-through', 'battery-time', 'loaded-run',
  'steady-voltage', 'steady-frequency', 'dip-voltage', 'dip-frequency', 'recovery-voltage', 'recovery-frequency',
  'engine-limits', 'endurance', 'fuel-balance', 'redundancy',
] as const; // prettier-ignore
export const criterionName = z.enum(criterionNames);
export type CriterionName = z.infer<typeof criterionName>;

const sourceName = z.string().min(1).max(200);
/** In both languages where they differ. */
const source = z.union([sourceName, z.strictObject({ id: sourceName, en: sourceName })]);
/** A reference is shown and does not decide the result. */
const common = { name: label, source, reference: z.boolean().default(false) };
const share = z.number().positive().max(100);

const duration = durationBetween('1s', '30d');

export const loadTestProfileSchema = z.strictObject({
  profile: z.string().min(1).max(60),
  version: z.string().min(1).max(30),
  /** What counts as what while a run is recognised. */
  recognition: z.strictObject({
    volts: z.number().positive(),
    hertz: z.number().positive(),
    /** Share of the nominal voltage below which a source is lost, %. */
    lostBelow: share,
    /** Share of the nameplate kW from which a genset carries load, %. */
    loadedFrom: share,
    /** Share of the nameplate kW that makes a change of load a step, %. */
    stepFrom: share,
    /** Within so much of nominal a genset is ready to take load, %. */
    readyVoltage: share,
    readyFrequency: share,
    /** Two runs closer together are one: a second start attempt. */
    mergeWithin: duration,
    /** A loaded run that is shorter is an aborted test. */
    abortedBelow: duration,
    /** A test may begin so much before its planned window. */
    earliness: duration,
  }),
  evidence: z.strictObject({
    /** Share of the time that must be covered by readings for a pass, %. */
    coverage: share,
    /** How densely a dip must be sampled to be believed. */
    dipSampling: durationBetween('1ms', '1m'),
  }),
  criteria: z.strictObject({
    completed: z.strictObject(common),
    interval: z.strictObject(common),
    'sets-started': z.strictObject(common),
    'start-transfer': z.strictObject({ ...common, within: duration }),
    'ride-through': z.strictObject(common),
    /** The limit is the standard's. */
    'battery-time': z.strictObject(common),
    'loaded-run': z.strictObject({ ...common, atLeast: duration, load: share }),
    'steady-voltage': z.strictObject({ ...common, within: share }),
    /** Width of the band, % of nominal. */
    'steady-frequency': z.strictObject({ ...common, band: share }),
    'dip-voltage': z.strictObject({ ...common, up: share, down: share }),
    'dip-frequency': z.strictObject({ ...common, up: share, down: share }),
    'recovery-voltage': z.strictObject({ ...common, within: duration }),
    'recovery-frequency': z.strictObject({ ...common, within: duration }),
    'engine-limits': z.strictObject(common),
    endurance: z.strictObject(common),
    'fuel-balance': z.strictObject({ ...common, within: share }),
    redundancy: z.strictObject(common),
  }),
  /** What is looked at before a test. */
  checklist: z.array(label).min(1).max(40),
});
export type LoadTestProfile = z.infer<typeof loadTestProfileSchema>;
