import type { Model } from '../../config/model.ts';
import { iso } from '../../core/time.ts';
import type { CapacitySiteView } from '../contracts/capacity.ts';
import { hallCooling, type Surroundings } from './consequences.ts';
import type { Element } from './elements.ts';
import type { EventWatch } from './events.ts';
import { loadsNow, type LoadPoints } from './loads.ts';
import type { SupplyPlan } from './plan.ts';
import type { Before } from './predicted.ts';
import { derivedPoint, type Readings } from './readings.ts';
import { warmingOf, type NoModel, type ThermalModel } from './thermal.ts';
import type { HallWarming } from './view.ts';

/** What is kept of one site between two computations. */
export interface SiteCapacity {
  readonly id: string;
  readonly plan: SupplyPlan;
  readonly points: LoadPoints;
  readonly elements: readonly Element[];
  readonly watch: EventWatch;
  /** By hall. */
  readonly thermal: Map<string, ThermalModel | NoModel>;
  /** The loads of before, newest last; at least one is older than what the slowest meter takes. */
  pictures: { readonly since: number; readonly before: Before }[];
  view: CapacitySiteView;
}

/** The site with its loads and cooling as they are now. */
export function surroundings(model: Model, { plan, points }: SiteCapacity, readings: Readings): Surroundings {
  return {
    model,
    plan,
    points,
    readings,
    loads: loadsNow(plan, points, readings),
    halls: hallCooling(model, plan, readings),
  };
}

/** How a hall of the site warms when so many of its PACs are left, by the model that was fitted to it. */
export function warmingFor(model: Model, site: SiteCapacity, readings: Readings): HallWarming {
  return (hall, left) => {
    const found = site.thermal.get(hall) ?? 'no-history';
    const none = { minutesTo27: null, minutesTo32: null, errorC: null };
    if (typeof found === 'string') return { ...none, why: found };
    const meanC = readings.value(derivedPoint(model, `${hall}/temperature-mean`));
    const heatKw = readings.value(derivedPoint(model, `${hall}/power`));
    if (meanC === undefined || heatKw === undefined) return { ...none, why: 'no-value' };
    const warming = warmingOf(found, { meanC, heatKw, running: left });
    if (warming === 'beyond') return { ...none, errorC: found.errorC, why: 'beyond' };
    return {
      minutesTo27: warming.minutesTo(27),
      minutesTo32: warming.minutesTo(32),
      errorC: found.errorC,
      why: null,
    };
  };
}

/** What the page shows of the model of a hall. */
export function thermalView(
  model: Pick<Model, 'rooms'>,
  site: Pick<SiteCapacity, 'thermal'>,
  hall: string,
): CapacitySiteView['thermal'][number] {
  const found = site.thermal.get(hall) ?? 'no-history';
  const name = model.rooms.find(({ key }) => key === hall)?.name ?? { id: hall, en: hall };
  if (typeof found === 'string') return { hall, name, model: null, why: found };
  const { b, errorC, minutes, from, to } = found;
  return {
    hall,
    name,
    model: {
      minutesTau: -1 / b,
      errorC,
      buckets: minutes,
      from: iso(from),
      to: iso(to),
    },
    why: null,
  };
}
