import type { CriterionName } from '../../config/schema/loadtest.ts';
import type { LoadTestContent, LoadTestTrendItem } from '../contracts/load-tests.ts';

/** What a test says of the machines, to be held against the tests before and after it. Of several sets the weakest. Pure. */
export function trendOf({ id, from, verdict, sets, criteria, kwMax, fuelRate, enduranceHours }: LoadTestContent): LoadTestTrendItem {
  const of = (name: CriterionName): number | null => criteria.find((each) => each.name === name)?.value ?? null;
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  const cranks = known(sets.map(({ crankS }) => crankS));
  const volts = known(sets.map(({ lowestCrankVolts }) => lowestCrankVolts));
  return {
    id,
    from,
    verdict,
    crankS: cranks.length === 0 ? null : Math.max(...cranks),
    crankVolts: volts.length === 0 ? null : Math.min(...volts),
    startTransferS: of('start-transfer'),
    steadyVoltage: of('steady-voltage'),
    steadyFrequency: of('steady-frequency'),
    recoveryVoltageS: of('recovery-voltage'),
    recoveryFrequencyS: of('recovery-frequency'),
    kwMax,
    fuelRate,
    enduranceHours,
  };
} // prettier-ignore
