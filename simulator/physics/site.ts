import type { FeedName } from '../../config/schema/common.ts';
import { feedNames } from '../../config/topology/graph.ts';
import { faults, type Faults } from './faults.ts';
import {
  type FuelState,
  type SupplyState,
  fullTanks,
  hasFuel,
  standing,
  stepFuel,
  stepSupply,
} from './supply.ts';
import { type Bus, type LiveFeeds, demandKw, loadShare, splitKw } from './load.ts';
import { at, uniform } from './noise.ts';
import type { Plant } from './plant.ts';
import { clearAir, type Extinguishing, filled, stepExtinguishing, stepSmoke } from './safety.ts';
import { restingThermal, stepThermal, type ThermalState } from './thermal.ts';
import { charged, stepUps, type UpsState } from './ups.ts';

/** Everything a site's devices could measure at one moment. Never changed in place. */
export interface SiteState {
  readonly atMs: number;
  readonly faults: Faults;
  /** Feeds on which at least one rack lives. */
  readonly live: LiveFeeds;
  /** Buses of the plant that have voltage. */
  readonly busesLive: readonly boolean[];
  /** By rack, kW and kWh. */
  readonly rackKw: { readonly A: Float64Array; readonly B: Float64Array };
  readonly rackKwh: { readonly A: Float64Array; readonly B: Float64Array };
  readonly itKw: number;
  readonly coolingKw: number;
  readonly ups: readonly UpsState[];
  readonly supply: SupplyState;
  readonly fuel: FuelState;
  readonly thermal: ThermalState;
  /** By detector, %/m. */
  readonly smoke: readonly number[];
  readonly extinguishing: Extinguishing;
  /** Energy through the incomers, kWh. */
  readonly incomerKwh: readonly number[];
  /** Seconds of busy-hour traffic that the routers have carried. */
  readonly trafficS: number;
}

/** kW of cooling for each kW of electricity, and what else a building of this kind uses. */
const coolingCop = 3.3;
const otherKw = 12;

export function initialState(plant: Plant, atMs: number): SiteState {
  const kwh = (key: string, yearlyKw: number): number =>
    uniform(key, plant.seed, [0.8, 1.2]) * yearlyKw * 8_760;
  const zero = (): Float64Array => new Float64Array(plant.racks.length);
  const start: SiteState = {
    atMs,
    faults: faults(),
    live: { A: true, B: true },
    busesLive: plant.supplied.buses.map(() => true),
    rackKw: { A: zero(), B: zero() },
    rackKwh: {
      A: Float64Array.from(plant.racks, (rack) => kwh(`${rack.rack.key} A`, rack.baseKw * 0.45)),
      B: Float64Array.from(plant.racks, (rack) => kwh(`${rack.rack.key} B`, rack.baseKw * 0.45)),
    },
    itKw: 0,
    coolingKw: 0,
    ups: plant.ups.map(() => charged),
    supply: {
      incomers: plant.incomers.map(() => true),
      position: 'source-1',
      gridS: 86_400,
      busLive: true,
      busKw: 0,
      gensets: plant.gensets.map(({ device }) => ({
        ...standing,
        runS: Math.round(uniform(`${device.key} hours`, plant.seed, [120, 900]) * 3_600),
        starts: Math.round(uniform(`${device.key} starts`, plant.seed, [60, 240])),
        kwh: uniform(`${device.key} kwh`, plant.seed, [20_000, 90_000]),
      })),
    },
    fuel: fullTanks(plant),
    thermal: restingThermal(plant),
    smoke: clearAir(plant),
    extinguishing: filled,
    incomerKwh: plant.incomers.map((incomer) => kwh(incomer.key, 300)),
    trafficS: uniform('traffic', plant.seed, [1e6, 3e6]),
  };
  // Two steps of a second give every load its value, so that the first answer is a whole one.
  return stepSite(
    plant,
    stepSite(plant, { ...start, atMs: atMs - 2_000 }, { dtS: 1, faults: start.faults }),
    {
      dtS: 1,
      faults: start.faults,
    },
  );
}

/** One step of the whole site. Same plant, state and step: same result. Steps of about a second. */
export function stepSite(plant: Plant, state: SiteState, step: { dtS: number; faults: Faults }): SiteState {
  const { dtS } = step;
  const atMs = state.atMs + dtS * 1_000;
  const { buses, ofRack } = plant.supplied;
  const busesLive = buses.map((bus) => isLive(bus, { plant, state, now: step.faults }));
  const live = { A: someLive(buses, busesLive, 'A'), B: someLive(buses, busesLive, 'B') };
  const racks = loadRacks(plant, state, { atMs, dtS, busesLive });
  const busesKw = buses.map(() => 0);
  for (const feed of feedNames)
    for (const [rack, bus] of ofRack[feed].entries())
      busesKw[bus] = at(busesKw, bus) + at(racks.rackKw[feed], rack);
  const ups = plant.ups.map((one, index) =>
    stepUps(one, at(state.ups, index), {
      dtS,
      inputs: {
        input: state.supply.busLive,
        loadKw: one.buses.reduce((kw, bus) => kw + at(busesKw, bus) / at(buses, bus).ups.length, 0),
        failed:
          step.faults.upsFailed.has(one.device.key) ||
          one.buses.some((bus) => step.faults.feedDead.has(at(buses, bus).feed)),
        worn: step.faults.batteryWorn.has(one.device.key),
      },
    }),
  );
  const itKw = sum(racks.rackKw.A) + sum(racks.rackKw.B);
  const coolingKw = state.supply.busLive ? itKw / coolingCop : 0;
  const upsKw = plant.ups.length > 0 ? ups.reduce((total, one) => total + one.inputKw, 0) : itKw;
  const supply = stepSupply(plant, state.supply, {
    dtS,
    inputs: { faults: step.faults, busKw: upsKw + coolingKw + otherKw, hasFuel: hasFuel(plant, state.fuel) },
  });
  const litresPerHour = supply.gensets.reduce((total, genset) => total + genset.litresPerHour, 0);
  return {
    atMs,
    faults: step.faults,
    live,
    busesLive,
    ...racks,
    itKw,
    coolingKw,
    ups,
    supply,
    fuel: stepFuel(plant, state.fuel, { dtS, litresPerHour, faults: step.faults }),
    thermal: stepThermal(plant, state.thermal, {
      dtS,
      inputs: {
        faults: step.faults,
        busLive: supply.busLive,
        rackKw: racks.rackKw.A.map((kw, index) => kw + at(racks.rackKw.B, index)),
      },
    }),
    smoke: stepSmoke(plant, state.smoke, { dtS, faults: step.faults }),
    extinguishing: stepExtinguishing(state.extinguishing, step),
    incomerKwh: state.incomerKwh.map((kwh, index) => kwh + (incomerKw(supply, index) * dtS) / 3_600),
    trafficS: state.trafficS + dtS * loadShare(atMs),
  };
}

/** What one incomer carries: the live ones share the site. */
export function incomerKw(supply: SupplyState, index: number): number {
  if (supply.position !== 'source-1' || supply.incomers[index] !== true) return 0;
  return supply.busKw / supply.incomers.filter(Boolean).length;
}

/** A bus lives while one of its UPSs has an output; one without a UPS lives with the mains. */
function isLive(
  bus: Bus,
  { plant, state, now }: { readonly plant: Plant; readonly state: SiteState; readonly now: Faults },
): boolean {
  if (now.feedDead.has(bus.feed)) return false;
  if (bus.ups.length === 0) return state.supply.busLive;
  // A dead UPS starts again with its input.
  return bus.ups.some((index) => {
    const isWell = !now.upsFailed.has(at(plant.ups, index).device.key);
    return isWell && (at(state.ups, index).source !== 'none' || state.supply.busLive);
  });
}

function someLive(buses: readonly Bus[], live: readonly boolean[], feed: FeedName): boolean {
  return buses.some((bus, index) => bus.feed === feed && live[index] === true);
}

/** Whether a rack has voltage on a feed. */
export function isRackLive(plant: Plant, state: SiteState, place: { feed: FeedName; rack: number }): boolean {
  return at(state.busesLive, at(plant.supplied.ofRack[place.feed], place.rack));
}

function loadRacks(
  plant: Plant,
  state: SiteState,
  { atMs, dtS, busesLive }: { atMs: number; dtS: number; busesLive: readonly boolean[] },
): Pick<SiteState, 'rackKw' | 'rackKwh'> {
  const size = plant.racks.length;
  const rackKw = { A: new Float64Array(size), B: new Float64Array(size) };
  const rackKwh = { A: new Float64Array(size), B: new Float64Array(size) };
  const { ofRack } = plant.supplied;
  plant.racks.forEach((rack, index) => {
    const live = { A: at(busesLive, at(ofRack.A, index)), B: at(busesLive, at(ofRack.B, index)) };
    const kw = splitKw(rack, demandKw(rack, atMs), live);
    rackKw.A[index] = kw.A;
    rackKw.B[index] = kw.B;
    rackKwh.A[index] = at(state.rackKwh.A, index) + (kw.A * dtS) / 3_600;
    rackKwh.B[index] = at(state.rackKwh.B, index) + (kw.B * dtS) / 3_600;
  });
  return { rackKw, rackKwh };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
