import type { Faults } from './faults.ts';
import { approach, at } from './noise.ts';
import type { Plant } from './plant.ts';
import type { Device, Room } from '../../config/model.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { PlantRack } from './load.ts';

export interface ThermalState {
  /** Inlet temperature of every rack, °C. */
  readonly inletC: Float64Array;
  /** Supply air of every hall, °C. */
  readonly supplyC: readonly number[];
  /** Share of its air that every PAC moves: 0 stopped, 1 running. */
  readonly pacs: readonly number[];
  /** Share of their rating that the running PACs of every hall give. */
  readonly utilisation: readonly number[];
}

export interface ThermalInputs {
  readonly faults: Faults;
  /** The bus that feeds the PACs. */
  readonly busLive: boolean;
  /** Heat of every rack, kW. */
  readonly rackKw: Float64Array;
}

const setpointC = 18.2;
/** How much warmer than the supply air an inlet is at full reach, °C: recirculation around the racks. */
const riseC = 6;
const inletTauS = 330;
const supplyTauS = 600;
/** Warmth of the supply air for each unit of heat that no PAC takes, °C. */
const overloadC = 45;
/** Air still moves a little where no PAC reaches. */
const leastReach = 0.35;

export function restingThermal(plant: Plant): ThermalState {
  return {
    inletC: Float64Array.from(plant.racks, (rack) => setpointC + riseC * rack.warmth),
    supplyC: plant.halls.map(() => setpointC),
    pacs: plant.pacs.map(() => 1),
    utilisation: plant.halls.map(() => 0.7),
  };
}

/** Heat against cooling capacity in every hall, and against the reach of the nearest PACs at every rack. */
export function stepThermal(
  plant: Plant,
  state: ThermalState,
  step: { dtS: number; inputs: ThermalInputs },
): ThermalState {
  const { dtS, inputs } = step;
  const pacs = plant.pacs.map((pac, index) => {
    const on = inputs.busLive && !inputs.faults.stopped.has(pac.key);
    return approach(at(state.pacs, index), on ? 1 : 0, { dtS, tauS: on ? 20 : 5 });
  });
  const inletC = Float64Array.from(state.inletC);
  const balances = plant.halls.map((hall, index) =>
    balance(hall, { pacs, rackKw: inputs.rackKw, supplyC: at(state.supplyC, index), dtS }),
  );
  plant.halls.forEach((hall, index) => {
    const { supplyC, boost } = at(balances, index);
    hall.racks.forEach((rack, place) => {
      const spec = at(plant.racks, rack);
      const reach = Math.max(leastReach, Math.min(1, boost * reachAt(hall, pacs, place)));
      const heat = 0.6 + (0.4 * at(inputs.rackKw, rack)) / (spec.baseKw * 0.92);
      const target = supplyC + (riseC * spec.warmth * heat) / reach;
      inletC[rack] = approach(at(state.inletC, rack), target, { dtS, tauS: inletTauS });
    });
  });
  return {
    inletC,
    supplyC: balances.map(({ supplyC }) => supplyC),
    pacs,
    utilisation: balances.map(({ utilisation }) => utilisation),
  };
}

interface Balance {
  readonly supplyC: number;
  readonly utilisation: number;
  /** The running PACs blow harder for the one that stopped. */
  readonly boost: number;
}

interface Air {
  readonly pacs: readonly number[];
  readonly rackKw: Float64Array;
  readonly supplyC: number;
  readonly dtS: number;
}

function balance(hall: Hall, { pacs, rackKw, supplyC, dtS }: Air): Balance {
  const heatKw = hall.racks.reduce((sum, rack) => sum + at(rackKw, rack), 0);
  const capacityKw = hall.pacs.reduce((sum, pac) => sum + pac.ratedKw * at(pacs, pac.index), 0);
  const running = hall.pacs.reduce((sum, pac) => sum + at(pacs, pac.index), 0);
  const demand = capacityKw > 1 ? heatKw / capacityKw : 2;
  const overload = Math.min(1, Math.max(0, demand - 1));
  return {
    supplyC: approach(supplyC, setpointC + overloadC * overload, { dtS, tauS: supplyTauS }),
    utilisation: Math.min(1, demand),
    boost: Math.min(1.12, hall.pacs.length / Math.max(1, running)),
  };
}

function reachAt(hall: Hall, pacs: readonly number[], place: number): number {
  let reach = 0;
  for (const pac of hall.pacs) reach += at(pac.reach, place) * at(pacs, pac.index);
  return reach;
}

/** A data hall: which racks its PACs reach, and how well. */
export interface Hall {
  /** Id of the room. */
  readonly room: string;
  /** Indices of the plant's racks. */
  readonly racks: readonly number[];
  readonly pacs: readonly HallPac[];
}

interface HallPac {
  /** Index of the plant's PAC. */
  readonly index: number;
  readonly ratedKw: number;
  /** Share of each rack's cold air that comes from here while all run, in the order of the hall's racks. */
  readonly reach: Float64Array;
}

/** N+1: the hall's heat at full base load, with a margin, on all PACs but one. */
const margin = 1.15;
/** How far a PAC's air spreads, in distances between PACs. */
const spread = 1.1;

interface HallsOptions {
  readonly rooms: readonly Room[];
  readonly racks: readonly PlantRack[];
  readonly pacs: readonly Device[];
  /** Says which PACs cool which room or row. */
  readonly topology: Topology;
}

/** A rack is cooled by the PACs of its row where it has some, else by those of its hall. */
export function buildHalls({ rooms, racks, pacs, topology }: HallsOptions): Hall[] {
  const halls = rooms.filter((room) => room.kind === 'data-hall');
  const coolers = (key: string): string[] => topology.into(key, 'cools').map(({ from }) => from);
  return halls.map((room) => {
    const inside = racks.flatMap((rack, index) => (rack.rack.room === room.id ? [index] : []));
    const ofRoom = coolers(room.key);
    const ofRacks = inside.map((index) => {
      const { site, row } = at(racks, index).rack;
      const ofRow = coolers(`${site}/row:${row}`);
      return new Set(ofRow.length > 0 ? ofRow : ofRoom);
    });
    const here = new Set([...ofRoom, ...ofRacks.flatMap((some) => [...some])]);
    const cooling = pacs.flatMap((pac, index) => (here.has(pac.key) ? [index] : []));
    const reaches = cooling.map((pac) => ofRacks.map((some) => some.has(at(pacs, pac).key)));
    const places = placesOf(inside.map((index) => racks[index]).filter((rack) => rack !== undefined));
    const heatKw = inside.reduce((sum, index) => sum + (racks[index]?.baseKw ?? 0), 0);
    const needKw = (heatKw * margin) / Math.max(1, cooling.length - 1);
    const reach = reachOf(places, reaches);
    return {
      room: room.id,
      racks: inside,
      pacs: cooling.map((index, i) => ({
        index,
        ratedKw: Math.max(pacs[index]?.rating.kw ?? 0, needKw),
        reach: reach[i] ?? new Float64Array(inside.length),
      })),
    };
  });
}

/** Racks stand row after row; a place is the row and how far along it. */
function placesOf(racks: readonly PlantRack[]): number[] {
  const rows = [...new Set(racks.map(({ rack }) => rack.row))];
  const longest = Math.max(1, ...racks.map(({ rack }) => rack.number));
  return racks.map(({ rack }) => (rows.indexOf(rack.row) + (rack.number - 0.5) / longest) / rows.length);
}

/** PACs stand evenly along the rows; each reaches the near ones of its racks best. The shares of a rack sum to 1. */
function reachOf(places: readonly number[], reaches: readonly (readonly boolean[])[]): Float64Array[] {
  const pacs = reaches.length;
  const reach = reaches.map(() => new Float64Array(places.length));
  places.forEach((place, rack) => {
    const weights = reaches.map((racks, pac) =>
      racks[rack] === true ? Math.exp(-(((place * pacs - pac - 0.5) / spread) ** 2)) : 0,
    );
    const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
    weights.forEach((weight, pac) => {
      const row = reach[pac];
      if (row !== undefined) row[rack] = weight / sum;
    });
  });
  return reach;
}
