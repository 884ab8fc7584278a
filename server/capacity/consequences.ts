import type { Model } from '../../config/model.ts';
import { feedNames } from '../../config/topology/graph.ts';
import { curveAt } from '../pipeline/endurance.ts';
import type { Element } from './elements.ts';
import type { LoadPoints, LoadsNow } from './loads.ts';
import type { PlanNode, SupplyPlan } from './plan.ts';
import { derivedPoint, pointOf, type Missing, type Readings } from './readings.ts';
import { scenarioOf, type HallCooling } from './solver.ts';
import { continuousShare, settle, type SupplyState, type Trip } from './supply.ts';

/** A UPS that a failure leaves to its battery, and for how long. */
interface BatteryTime {
  readonly ups: string;
  readonly loadKw: number | undefined;
  /** `until-gensets`: they take over; `no-source`: nothing does. */
  readonly until: 'until-gensets' | 'no-source';
  readonly minutes: number | undefined;
  /** `measured` by the UPS at this load; `curve`: by its maker's; `at-most`: it lasts less than in proportion at a higher load; `at-least` at a lower. */
  readonly by: 'measured' | 'curve' | 'at-most' | 'at-least' | undefined;
  /** What the gensets' start and the transfer need by the configuration, minutes. */
  readonly neededMinutes: number | undefined;
}

interface GensetTime {
  readonly loadKw: number | undefined;
  readonly ratedKw: number;
  readonly sets: number;
  /** By the fuel in the tanks and the fuel curves. */
  readonly fuelHours: number | undefined;
}

interface Loaded {
  readonly key: string;
  readonly loadKw: number;
  readonly limitKw: number;
}

interface HallPacs {
  readonly hall: string;
  readonly lost: readonly string[];
  readonly left: number;
  readonly needed: number | undefined;
}

interface SwitchedOff {
  /** Key of the thing, or of the rack whose breaker opens. */
  readonly key: string;
  readonly feed: 'A' | 'B' | undefined;
  readonly load: number;
  readonly limit: number;
  readonly unit: 'kW' | 'A';
  readonly step: number;
  /** False: only if what is not known is as bad as it can be. */
  readonly isCertain: boolean;
  /** The limit is assumed by the configuration. */
  readonly isAssumed: boolean;
}

/** What a failure does beside what it does to the racks. */
export interface Consequences {
  readonly batteries: readonly BatteryTime[];
  /** What runs on gensets that did not before; undefined: nothing. */
  readonly gensets: GensetTime | undefined;
  readonly switchedOff: readonly SwitchedOff[];
  /** Loaded to more than 80 % of what they may carry. */
  readonly near: readonly Loaded[];
  /** Halls that lose PACs. */
  readonly halls: readonly HallPacs[];
  /** Devices that nothing can be read from any more. */
  readonly unseen: number;
  readonly missing: readonly Missing[];
}

export interface Surroundings {
  readonly model: Model;
  readonly plan: SupplyPlan;
  readonly points: LoadPoints;
  readonly loads: LoadsNow;
  readonly halls: readonly HallCooling[];
  readonly readings: Readings;
}

/** A load that differs by no more than this from the one at which the UPS reports its autonomy is the same. */
const sameLoad = 0.05;

export function consequencesOf(around: Surroundings, elements: readonly Element[]): Consequences {
  const { plan, loads } = around;
  const { least, most } = scenarioOf(around, elements);
  const missing = new Map<string, Missing>();
  const batteries = batteryTimes(around, elements, { least, missing });
  const gensets = gensetTime(around, { least, most, missing });
  return {
    batteries,
    gensets,
    switchedOff: switchedOff(plan, least.trips, most.trips),
    near: nearLimit(plan, loads, most),
    halls: hallPacs(around, elements, least),
    unseen: unseenDevices(around, elements),
    missing: [...missing.values()],
  };
}

interface Context {
  readonly least: SupplyState;
  readonly missing: Map<string, Missing>;
}

function batteryTimes(
  { model, plan, loads, readings }: Surroundings,
  elements: readonly Element[],
  { least, missing }: Context,
): BatteryTime[] {
  const before = settle(plan, loads.least, { out: [] });
  const out = elements.flatMap(({ node }) => node ?? []);
  const during = settle(plan, loads.least, { out, batteries: 'full' });
  const duringMost =
    loads.most === loads.least ? during : settle(plan, loads.most, { out, batteries: 'full' });
  return plan.nodes.flatMap((node, index): BatteryTime[] => {
    if (node.kind !== 'ups' || during.live[index] !== 1 || before.live[index] !== 1) return [];
    const loses = least.live[index] !== 1 && !least.trips.some((trip) => trip.node === index);
    const changes = least.onGensets[index] === 1 && before.onGensets[index] !== 1;
    if (!loses && !changes) return [];
    const loadKw = during.loadKw[index] ?? 0;
    const isKnown = Math.abs((duringMost.loadKw[index] ?? 0) - loadKw) <= sameLoad * loadKw;
    const time = isKnown ? batteryMinutes(node, loadKw, { model, readings, missing }) : unknownTime;
    if (!isKnown) for (const each of loads.missing) missing.set(each.id, each);
    return [
      {
        ups: node.key,
        loadKw: isKnown ? loadKw : undefined,
        until: loses ? 'no-source' : 'until-gensets',
        ...time,
        neededMinutes:
          node.device?.rating.neededAutonomyMs === undefined
            ? undefined
            : node.device.rating.neededAutonomyMs / 60_000,
      },
    ];
  });
}

type Time = Pick<BatteryTime, 'minutes' | 'by'>;
const unknownTime: Time = { minutes: undefined, by: undefined };

/** How long a battery carries a load: by the maker's curve and the charge, else as the UPS itself says at its present load. */
function batteryMinutes(
  { device, ratedKw, key }: PlanNode,
  loadKw: number,
  { model, readings, missing }: Pick<Surroundings, 'model' | 'readings'> & Pick<Context, 'missing'>,
): Time {
  const curve = device?.rating.batteryCurve;
  const charge = pointOf(device, 'battery-charge');
  const chargeNow = readings.value(charge);
  if (curve !== undefined && ratedKw !== undefined && chargeNow !== undefined)
    return { minutes: (onCurve(curve, loadKw / ratedKw) * chargeNow) / 100, by: 'curve' };
  const autonomy = pointOf(device, 'autonomy');
  const seconds = readings.value(autonomy);
  const output = readings.value(derivedPoint(model, `${key}/output-power`));
  if (seconds === undefined || output === undefined || output <= 0) {
    if (autonomy !== undefined && seconds === undefined) missing.set(autonomy.id, readings.missing(autonomy));
    else
      missing.set(`${key} rating.batteryCurve`, {
        what: 'rating',
        id: `${key} rating.batteryCurve`,
        reason: null,
      });
    return unknownTime;
  }
  const minutes = seconds / 60;
  const ratio = output / loadKw;
  if (Math.abs(ratio - 1) <= sameLoad) return { minutes, by: 'measured' };
  // Twice the load takes more than twice the charge out of a battery (Peukert).
  return { minutes: minutes * ratio, by: ratio < 1 ? 'at-most' : 'at-least' };
}

/** Linear between the curve's points; beyond its ends it does not say, so the nearest of them counts where that is the safe side. */
function onCurve(
  curve: readonly { readonly load: number; readonly minutes: number }[],
  load: number,
): number {
  const upper = curve.findIndex((point) => point.load >= load);
  const [low, high] = [curve[upper - 1], curve[upper]];
  if (upper === -1) {
    const last = curve.at(-1);
    return last === undefined ? 0 : (last.minutes * last.load) / load;
  }
  if (low === undefined) return high?.minutes ?? 0;
  if (high === undefined) return low.minutes;
  return low.minutes + ((high.minutes - low.minutes) * (load - low.load)) / (high.load - low.load);
}

function gensetTime(
  { model, plan, loads, readings }: Surroundings,
  { least, most, missing }: Context & { readonly most: SupplyState },
): GensetTime | undefined {
  const before = settle(plan, loads.least, { out: [] });
  const starts = plan.nodes.some(
    ({ kind }, index) => kind !== 'genset' && least.onGensets[index] === 1 && before.onGensets[index] !== 1,
  );
  if (!starts) return undefined;
  const sets = plan.nodes.filter(({ kind }, index) => kind === 'genset' && least.live[index] === 1);
  const isKnown = most.gensetKw === least.gensetKw;
  if (!isKnown) for (const each of loads.missing) missing.set(each.id, each);
  return {
    loadKw: isKnown ? least.gensetKw : undefined,
    ratedKw: least.gensetRatedKw,
    sets: sets.length,
    fuelHours: isKnown
      ? fuelHours(model, sets, { loadKw: least.gensetKw, site: plan.site, readings, missing })
      : undefined,
  };
}

interface FuelContext {
  readonly loadKw: number;
  readonly site: string;
  readonly readings: Readings;
  readonly missing: Map<string, Missing>;
}

function fuelHours(
  model: Model,
  sets: readonly PlanNode[],
  { loadKw, site, readings, missing }: FuelContext,
): number | undefined {
  const tanks = model.devices
    .filter(
      (device) => device.site === site && (device.role === 'monthly-tank' || device.role === 'day-tank'),
    )
    .flatMap((device) => pointOf(device, 'level') ?? []);
  let litres = 0;
  let isKnown = tanks.length > 0;
  for (const tank of tanks) {
    const level = readings.value(tank);
    if (level === undefined) {
      isKnown = false;
      missing.set(tank.id, readings.missing(tank));
    } else litres += level;
  }
  const ratedKw = sets.reduce((sum, { ratedKw: kw }) => sum + (kw ?? 0), 0);
  let perHour = 0;
  for (const { key, ratedKw: kw, device } of sets) {
    const curve = device?.rating.fuelCurve;
    if (curve === undefined || kw === undefined) {
      isKnown = false;
      missing.set(`${key} rating.fuelCurve`, { what: 'rating', id: `${key} rating.fuelCurve`, reason: null });
    } else perHour += curveAt(curve, loadKw / ratedKw);
  }
  return isKnown && perHour > 0 ? litres / perHour : undefined;
}

function switchedOff(plan: SupplyPlan, least: readonly Trip[], most: readonly Trip[]): SwitchedOff[] {
  const same = (a: Trip) => (b: Trip) => a.node === b.node && a.rack === b.rack && a.feed === b.feed;
  const all = [...least, ...most.filter((trip) => !least.some(same(trip)))];
  return all.map((trip) => ({
    key:
      trip.node === undefined
        ? (plan.racks[trip.rack ?? -1]?.rack.key ?? '')
        : (plan.nodes[trip.node]?.key ?? ''),
    feed: trip.feed === undefined ? undefined : feedNames[trip.feed],
    load: trip.load,
    limit: trip.limit,
    unit: trip.node === undefined ? 'A' : 'kW',
    step: trip.step,
    isCertain: least.some(same(trip)) && most.some(same(trip)),
    isAssumed: plan.racks[trip.rack ?? -1]?.feeds[trip.feed ?? 0]?.isAssumed === true,
  }));
}

function nearLimit(plan: SupplyPlan, { least }: LoadsNow, state: SupplyState): Loaded[] {
  const near = plan.nodes.flatMap(({ key, kind }, index): Loaded[] => {
    const limitKw = least.capacityKw[index] ?? Number.POSITIVE_INFINITY;
    const loadKw = state.loadKw[index] ?? 0;
    if (kind === 'genset' || state.live[index] !== 1 || !Number.isFinite(limitKw) || !Number.isFinite(loadKw))
      return [];
    return loadKw > continuousShare * limitKw ? [{ key, loadKw, limitKw }] : [];
  });
  const { gensetKw: loadKw, gensetRatedKw: limitKw } = state;
  const isNear = Number.isFinite(limitKw) && Number.isFinite(loadKw) && loadKw > continuousShare * limitKw;
  return isNear ? [...near, { key: `${plan.site}/gensets`, loadKw, limitKw }] : near;
}

function hallPacs(
  { plan, halls }: Surroundings,
  elements: readonly Element[],
  state: SupplyState,
): HallPacs[] {
  return halls.flatMap(({ hall, pacs, needed }) => {
    const isLost = (pac: number): boolean =>
      state.live[pac] !== 1 || elements.some(({ node }) => node === pac);
    const lost = pacs.filter(isLost);
    if (lost.length === 0) return [];
    return [
      { hall, lost: lost.map((pac) => plan.nodes[pac]?.key ?? ''), left: pacs.length - lost.length, needed },
    ];
  });
}

/** Devices without a way: through every router that the configuration names for them, and one of the site's. */
function unseenDevices({ model, plan }: Surroundings, elements: readonly Element[]): number {
  const out = new Set(elements.flatMap(({ key, kind }) => (kind === 'router' ? key : [])));
  if (out.size === 0) return 0;
  const { topology } = model;
  const known = new Map<string, boolean>();
  const isReached = (key: string): boolean => {
    if (out.has(key)) return false;
    let reached = known.get(key);
    if (reached !== undefined) return reached;
    known.set(key, false);
    const into = topology.into(key, 'carries');
    const [named, usual] = [
      into.filter(({ why }) => why === 'configured'),
      into.filter(({ why }) => why === 'default'),
    ];
    reached = [named, usual].every(
      (edges) => edges.length === 0 || edges.some(({ from }) => isReached(from)),
    );
    known.set(key, reached);
    return reached;
  };
  return model.devices.filter(({ site, key }) => site === plan.site && !out.has(key) && !isReached(key))
    .length;
}

/** Halls of a site with their PACs, and how many of them the present heat takes. */
export function hallCooling(model: Model, plan: SupplyPlan, readings: Readings): HallCooling[] {
  const { topology } = model;
  return model.rooms
    .filter((room) => room.site === plan.site && room.kind === 'data-hall')
    .map((room) => {
      const rows = new Set(
        model.racks.flatMap((rack) =>
          rack.site === plan.site && rack.room === room.id ? `${rack.site}/row:${rack.row}` : [],
        ),
      );
      const keys = new Set(
        [room.key, ...rows].flatMap((key) => topology.into(key, 'cools').map(({ from }) => from)),
      );
      return {
        hall: room.key,
        pacs: [...keys].flatMap((key) => plan.indexOf.get(key) ?? []),
        needed: readings.value(derivedPoint(model, `${room.key}/pacs/units-needed`)),
      };
    });
}
