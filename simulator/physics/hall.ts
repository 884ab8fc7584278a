import type { Device, Room } from '../../config/model.ts';
import type { Topology } from '../../config/topology/graph.ts';
import type { PlantRack } from './load.ts';
import { at } from './noise.ts';

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
