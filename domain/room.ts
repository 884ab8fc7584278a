import type { DeviceView, RackView, SiteView } from '../server/contracts/sites.ts';
import type { Label } from '../config/schema/common.ts';
import type { IncidentSummary } from '../server/contracts/incidents.ts';
import { placeInBand, type Band } from './band.ts';
import { pointOf } from './devices.ts';
import { layerOf, layers } from './plan.ts';
import { byUrgency } from './severity.ts';
import { usableValue, type Get } from './value.ts';

export interface RoomThings {
  readonly racks: readonly RackView[];
  /** But for the meters and sensors of its racks. */
  readonly devices: readonly DeviceView[];
}

export function inRoom(site: SiteView, room: string): RoomThings {
  return {
    racks: site.racks.filter((rack) => rack.room === room),
    devices: site.devices.filter((device) => device.room === room),
  };
}

/** What is open in a room, the most urgent first. */
export function openInRoom(
  incidents: readonly IncidentSummary[],
  { site, room }: { readonly site: string; readonly room: string },
): IncidentSummary[] {
  return incidents
    .filter((one) => one.site === site && one.room === room && one.state !== 'resolved')
    .sort(byUrgency);
}

/** A sensor that BAB IV.4 judges: at a rack's inlet or in the room. */
export interface ClimateSensor {
  readonly point: string;
  /** Rack or device that it is at. */
  readonly at: Label;
}

export type ClimateQuantity = 'temperature' | 'humidity';

export function climateSensors(
  { racks, devices }: RoomThings,
  quantity: ClimateQuantity,
): readonly ClimateSensor[] {
  const atRacks = racks.flatMap(({ label, points }) => {
    const point = points[quantity];
    return point === null ? [] : [{ point, at: { id: label, en: label } }];
  });
  const atRoom = devices.flatMap((device) => {
    const point = pointOf(device, quantity);
    const isJudged = device.kind === 'env' && (device.position === 'room' || device.position === 'inlet');
    return point === undefined || !isJudged ? [] : [{ point: point.id, at: device.name }];
  });
  return [...atRacks, ...atRoom];
}

export interface Extreme extends ClimateSensor {
  readonly value: number;
}

/** The worst places, not an average that hides them. */
export interface Climate {
  /** Null: no sensor has a usable value. */
  readonly lowest: Extreme | null;
  readonly highest: Extreme | null;
  readonly total: number;
  /** Sensors without a usable value. */
  readonly silent: number;
  /** Sensors outside of the limits. */
  readonly out: number;
}

export function climateOf(sensors: readonly ClimateSensor[], band: Band, get: Get): Climate {
  const known = sensors
    .flatMap(({ point, at }) => {
      const value = usableValue(get(point));
      return value === undefined ? [] : [{ point, at, value }];
    })
    .sort((a, b) => a.value - b.value);
  return {
    lowest: known[0] ?? null,
    highest: known.at(-1) ?? null,
    total: sensors.length,
    silent: sensors.length - known.length,
    out: known.filter(({ value }) => placeInBand(value, band).side !== 'in').length,
  };
}

/** Something of the rack is beyond its limit, or has no usable value. */
export function needsALook(site: Pick<SiteView, 'limits'>, rack: RackView, get: Get): boolean {
  return layers.some((layer) => {
    const { point, band } = layerOf(site, rack, layer);
    if (point === null) return false;
    const value = usableValue(get(point));
    return value === undefined || placeInBand(value, band).side !== 'in';
  });
}
