import { isUsable } from '../../core/reading.ts';
import type { LoadTestContent } from '../contracts/load-tests.ts';
import { heldAt } from './measure.ts';
import type { Window } from './phases.ts';
import type { RolePoint, SiteRoles } from './roles.ts';
import { traceOf, type Traces } from './things.ts';

type Condition = LoadTestContent['conditions'][number];

const secondsPerHour = 3_600;

/** Pure. What an operator checks before a start and after the stop: mode, battery, coolant heater, hours, fuel, charge of the UPSs. */
export function conditionsOf(roles: SiteRoles, traces: Traces, { from, to }: Window): Condition[] {
  const of = (thing: string, point: RolePoint | undefined, unit: string, scale = 1): Condition[] => {
    if (point === undefined) return [];
    const quantity = point.id.split('/').at(-1) ?? point.id;
    const trace = traceOf(traces, point);
    const valueOf = (value: number | undefined): number | string | null =>
      value === undefined ? null : unit === 'state' ? (point.states?.get(value) ?? null) : value * scale;
    // What is read once a minute arrives after the stop: the first reading then, as long as it may be believed.
    const first = trace.samples.find((sample) => sample.at >= to && sample.at - to <= trace.holdMs && isUsable(sample.quality));
    const after = first?.value ?? heldAt(trace, to);
    return [{ thing, quantity, unit, before: valueOf(heldAt(trace, from - 1)), after: valueOf(after) }];
  };
  return [
    ...roles.gensets.flatMap((genset) => [
      ...of(genset.id, genset.mode, 'state'),
      ...of(genset.id, genset.battery, 'V'),
      ...of(genset.id, genset.coolant, '°C'),
      ...of(genset.id, genset.hours, 'h', 1 / secondsPerHour),
      ...of(genset.id, genset.starts, 'count'),
      ...of(genset.id, genset.fuelLevel, '%'),
    ]),
    ...roles.tanks.flatMap(({ id, level }) => of(id, level, 'L')),
    ...roles.upss.flatMap((ups) => of(ups.id, ups.charge, '%')),
  ];
} // prettier-ignore
