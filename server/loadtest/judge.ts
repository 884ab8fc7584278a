import { criterionNames, type CriterionName } from '../../config/schema/loadtest.ts';
import { engineLimits } from './criteria/engine.ts';
import type { Criterion, Finding, Input } from './criteria/finding.ts';
import { endurance, fuelBalance, redundancy } from './criteria/fuel.ts';
import { dip, loadedRun, recovery, steadyFrequency, steadyVoltage } from './criteria/loaded.ts';
import { completed, interval } from './criteria/period.ts';
import { batteryTime, rideThrough, setsStarted, startTransfer } from './criteria/start.ts';
import { worst, type Verdict } from './verdict.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly criteria: readonly Criterion[];
}

/** Judges a run by the criteria of a profile. Gaps in the evidence make a pass impossible; what they hide cannot fail either. */
export function judge(input: Input): Judgement {
  const { profile, recognised } = input;
  const isTest = ['test', 'aborted'].includes(recognised.run.label.label);
  const criteria = criterionNames
    // An outage and an exercise are no tests that a period asks for.
    .filter((name) => name !== 'interval' || isTest)
    .map((name): Criterion => {
      const { source, reference } = profile.criteria[name];
      const { limit = null, why = null, things = [], ...found } = judges[name](input);
      return { name, source, reference, limit, things, ...found, why: found.verdict === 'pass' ? null : why };
    });
  const binding = criteria.filter(({ reference }) => !reference).map(({ verdict }) => verdict);
  return { verdict: worst(binding), criteria };
}

const judges: Readonly<Record<CriterionName, (input: Input) => Finding>> = {
  completed,
  interval,
  'sets-started': setsStarted,
  'start-transfer': startTransfer,
  'ride-through': rideThrough,
  'battery-time': batteryTime,
  'loaded-run': loadedRun,
  'steady-voltage': steadyVoltage,
  'steady-frequency': steadyFrequency,
  'dip-voltage': (input) => dip(input, 'volts', input.profile.criteria['dip-voltage']),
  'dip-frequency': (input) => dip(input, 'hertz', input.profile.criteria['dip-frequency']),
  'recovery-voltage': (input) => recovery(input, 'volts', input.profile.criteria['recovery-voltage'].within),
  'recovery-frequency': (input) => recovery(input, 'hertz', input.profile.criteria['recovery-frequency'].within),
  'engine-limits': engineLimits,
  endurance,
  'fuel-balance': fuelBalance,
  redundancy,
}; // prettier-ignore
