import type { RackView, SiteView } from '../server/contracts/sites.ts';
import type { Band } from './band.ts';

export const layers = ['temperature', 'humidity', 'load', 'loss'] as const;
export type Layer = (typeof layers)[number];

interface PlanRow {
  readonly row: string;
  /** A place a number of the longest row; null where there is no rack. */
  readonly places: readonly { readonly number: number; readonly rack: RackView | null }[];
}
export interface PlanHall {
  readonly room: string;
  readonly columns: number;
  readonly rows: readonly PlanRow[];
}

/** Racks at their places: halls in the order of the list, rows as they come, a place per number. */
export function planOf(racks: readonly RackView[]): PlanHall[] {
  const halls = new Map<string, Map<string, RackView[]>>();
  for (const rack of racks) {
    const rows = halls.get(rack.room) ?? new Map<string, RackView[]>();
    rows.set(rack.row, [...(rows.get(rack.row) ?? []), rack]);
    halls.set(rack.room, rows);
  }
  return [...halls].map(([room, rows]) => {
    const columns = Math.max(...[...rows.values()].flat().map((rack) => rack.number));
    return {
      room,
      columns,
      rows: [...rows].map(([row, members]) => ({ row, places: places(members, columns) })),
    };
  });
}

function places(members: readonly RackView[], columns: number): PlanRow['places'] {
  const byNumber = new Map(members.map((rack) => [rack.number, rack]));
  return Array.from({ length: columns }, (_, place) => ({
    number: place + 1,
    rack: byNumber.get(place + 1) ?? null,
  }));
}

/** What a layer shows of a rack: the point, the limits it must keep, and how far beyond them is as bad as it gets. */
export interface LayerView {
  readonly point: string | null;
  readonly band: Band;
  readonly full: number;
  readonly unit: string;
  readonly clause: string;
}

export function layerOf(site: Pick<SiteView, 'limits'>, rack: RackView, layer: Layer): LayerView {
  const { temperature, humidity, rackPower } = site.limits;
  switch (layer) {
    case 'temperature':
      return {
        point: rack.points.temperature,
        band: temperature,
        full: 3,
        unit: '°C',
        clause: temperature.clause,
      };
    case 'humidity':
      return { point: rack.points.humidity, band: humidity, full: 10, unit: '%RH', clause: humidity.clause };
    case 'load':
      return load(rack.points.power, rack, rackPower.clause);
    case 'loss':
      return load(rack.points.loadAfterLoss, rack, rackPower.clause);
  }
}

function load(point: string, rack: RackView, clause: string): LayerView {
  return { point, band: { max: rack.limitKw }, full: rack.limitKw / 5, unit: 'kW', clause };
}

/** Every point of the plan's layers, so that changing the layer shows numbers at once. */
export function planPoints(racks: readonly RackView[]): string[] {
  return racks.flatMap(({ points }) =>
    [points.temperature, points.humidity, points.power, points.loadAfterLoss].filter((id) => id !== null),
  );
}
