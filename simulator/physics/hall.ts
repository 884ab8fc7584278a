import type { Device, Room } from '../../config/model.ts';
import type { PlantRack } from './load.ts';

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
}

/** PACs of the hall's own room; a hall without any is cooled by those that stand in no other hall. */
export function buildHalls({ rooms, racks, pacs }: HallsOptions): Hall[] {
  const halls = rooms.filter((room) => room.kind === 'data-hall');
  const elsewhere = pacs.flatMap((pac, index) =>
    rooms.find((room) => room.id === pac.room)?.kind === 'cooling' ? [index] : [],
  );
  return halls.map((room) => {
    const inside = racks.flatMap((rack, index) => (rack.rack.room === room.id ? [index] : []));
    const own = pacs.flatMap((pac, index) => (pac.room === room.id ? [index] : []));
    const cooling = own.length > 0 ? own : elsewhere;
    const places = placesOf(inside.map((index) => racks[index]).filter((rack) => rack !== undefined));
    const heatKw = inside.reduce((sum, index) => sum + (racks[index]?.baseKw ?? 0), 0);
    const needKw = (heatKw * margin) / Math.max(1, cooling.length - 1);
    const reach = reachOf(places, cooling.length);
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

/** PACs stand evenly along the rows; each reaches the near racks best. The shares of a rack sum to 1. */
function reachOf(places: readonly number[], pacs: number): Float64Array[] {
  const reach = Array.from({ length: pacs }, () => new Float64Array(places.length));
  places.forEach((place, rack) => {
    const weights = reach.map((_, pac) => Math.exp(-(((place * pacs - pac - 0.5) / spread) ** 2)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    weights.forEach((weight, pac) => {
      const row = reach[pac];
      if (row !== undefined) row[rack] = weight / sum;
    });
  });
  return reach;
}
