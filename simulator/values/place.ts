import type { Device, Point } from '../../config/model.ts';
import type { SiteState } from '../physics/site.ts';
import type { Plant } from '../physics/plant.ts';
import { uniform } from '../physics/noise.ts';

/** What a device measures: a number in the point's canonical unit, or the name of a state. */
export type Measured = number | string;
export type Reader = (state: SiteState) => Measured;

/** Where a value is asked for. */
export interface Place {
  readonly plant: Plant;
  readonly device: Device;
  readonly point: Point;
}

/** Quantity → how it is read at a place; undefined where this kind of device does not have it there. */
export type Quantities = Readonly<Record<string, (place: Place) => Reader | undefined>>;

/** Index of a device in one of the plant's lists. */
export function indexOf(list: readonly Device[], device: Device): number {
  return list.findIndex((other) => other.key === device.key);
}

/** Index of the rack that a point measures, or −1. */
export function rackIndex({ plant, device, point }: Place): number {
  const rack = point.rack ?? device.rack;
  return rack === undefined
    ? -1
    : plant.racks.findIndex((one) => one.rack.id === rack || one.rack.key === rack);
}

export function always(value: Measured): () => Reader {
  return () => () => value;
}

/** Rooms that nobody's heat is computed for: split units hold them steady. */
export function roomClimate(device: Device, seed: number): { temperatureC: number; dewPointC: number } {
  return {
    temperatureC: uniform(`${device.site}/${device.room} warmth`, seed, [22.5, 24]),
    dewPointC: uniform(`${device.site}/${device.room} damp`, seed, [11, 12.5]),
  };
}
