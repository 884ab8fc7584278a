import type { Device, Model } from '../../config/model.ts';
import type { DeviceKind, FeedName } from '../../config/schema/common.ts';
import { partKey } from './faults.ts';
import { buildHalls, type Hall } from './hall.ts';
import { plantRack, type PlantRack } from './load.ts';

/** What stands at a site and how it hangs together; never changes. Lists are in the order of the state's arrays. */
export interface Plant {
  readonly site: string;
  readonly seed: number;
  readonly racks: readonly PlantRack[];
  readonly halls: readonly Hall[];
  readonly pacs: readonly Device[];
  readonly ups: readonly PlantUps[];
  readonly gensets: readonly PlantGenset[];
  readonly incomers: readonly Device[];
  readonly tanks: readonly PlantTank[];
  readonly vesdas: readonly Device[];
  /** Doors by `partKey`. */
  readonly doors: readonly string[];
  readonly devices: readonly Device[];
}

export interface PlantUps {
  readonly device: Device;
  readonly feed: FeedName;
  readonly ratedKw: number;
  /** Share of the feed's load. */
  readonly share: number;
  readonly batteryKwh: number;
}

export interface PlantGenset {
  readonly device: Device;
  readonly ratedKw: number;
  /** Share of the rated power → L/h, ascending. */
  readonly fuelCurve: readonly { readonly load: number; readonly litresPerHour: number }[];
}

interface PlantTank {
  readonly device: Device;
  readonly role: 'monthly-tank' | 'day-tank';
  readonly litres: number;
}

/** Autonomy of a full battery when its UPS carries its usual half of the load. */
const autonomyMinutes = 9;

export function buildPlant(model: Model, site: string, seed: number): Plant {
  const devices = model.devices.filter((device) => device.site === site);
  const ofKind = (kind: DeviceKind): Device[] => devices.filter((device) => device.kind === kind);
  const racks = model.racks.filter((rack) => rack.site === site).map((rack) => plantRack(rack, seed));
  const baseKw = racks.reduce((sum, rack) => sum + rack.baseKw, 0);
  const pacs = ofKind('pac');
  const gensets = ofKind('genset');
  return {
    site,
    seed,
    racks,
    halls: buildHalls({ rooms: model.rooms.filter((room) => room.site === site), racks, pacs }),
    pacs,
    ups: buildUps(ofKind('ups'), baseKw),
    gensets: gensets.map((device) => plantGenset(device, (baseKw * 2) / gensets.length)),
    incomers: ofKind('meter').filter((device) => device.role === 'incomer'),
    tanks: ofKind('fuel-tank').map(plantTank),
    vesdas: ofKind('vesda'),
    doors: ofKind('door').flatMap((device) =>
      device.points
        .filter((point) => point.quantity === 'door-state')
        .map((point) => partKey(device.key, point.part)),
    ),
    devices,
  };
}

function buildUps(devices: readonly Device[], siteKw: number): PlantUps[] {
  const feedOf = (device: Device, index: number): FeedName => device.feed ?? (index % 2 === 0 ? 'A' : 'B');
  return devices.map((device, index, all) => {
    const feed = feedOf(device, index);
    const share = 1 / all.filter((other, i) => feedOf(other, i) === feed).length;
    const usualKw = (siteKw / 2) * share;
    const ratedKw =
      device.rating.kw ?? (device.rating.kva !== undefined ? device.rating.kva * 0.9 : usualKw * 2.5);
    return { device, feed, ratedKw, share, batteryKwh: Math.max(usualKw, 1) * (autonomyMinutes / 60) };
  });
}

function plantGenset(device: Device, usualKw: number): PlantGenset {
  const ratedKw = device.rating.kw ?? (device.rating.kva !== undefined ? device.rating.kva * 0.8 : usualKw);
  const fuelCurve = device.rating.fuelCurve ?? [
    { load: 0.25, litresPerHour: ratedKw * 0.25 * 0.31 },
    { load: 1, litresPerHour: ratedKw * 0.27 },
  ];
  return { device, ratedKw, fuelCurve };
}

function plantTank(device: Device): PlantTank {
  const role = device.role === 'day-tank' ? 'day-tank' : 'monthly-tank';
  return { device, role, litres: device.rating.litres ?? (role === 'day-tank' ? 1_000 : 20_000) };
}
