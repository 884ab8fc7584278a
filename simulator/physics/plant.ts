import type { Device, Model } from '../../config/model.ts';
import type { DeviceKind } from '../../config/schema/common.ts';
import type { Topology } from '../../config/topology/graph.ts';
import { partKey } from './faults.ts';
import { buildHalls, type Hall } from './thermal.ts';
import { type PlantRack, type RackBuses, plantRack, rackBuses } from './load.ts';

/** What stands at a site, and how it hangs together by the model's topology; never changes. Lists are in the order of the state's arrays. */
export interface Plant {
  readonly site: string;
  readonly seed: number;
  readonly racks: readonly PlantRack[];
  readonly halls: readonly Hall[];
  readonly pacs: readonly Device[];
  readonly ups: readonly PlantUps[];
  /** What supplies the racks. */
  readonly supplied: RackBuses;
  readonly gensets: readonly PlantGenset[];
  readonly incomers: readonly Device[];
  readonly tanks: readonly PlantTank[];
  readonly vesdas: readonly Device[];
  /** Doors by `partKey`. */
  readonly doors: readonly string[];
  /** Doors of a mantrap → the other doors of it: one opens only while those are closed. */
  readonly interlocked: ReadonlyMap<string, readonly string[]>;
  readonly devices: readonly Device[];
}

export interface PlantUps {
  readonly device: Device;
  readonly ratedKw: number;
  /** Indices of the buses that it supplies. */
  readonly buses: readonly number[];
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
  const { topology } = model;
  const pacs = ofKind('pac');
  const gensets = ofKind('genset');
  const ups = ofKind('ups').filter((device) => topology.outOf(device.key, 'supplies').length > 0);
  const supplied = rackBuses(
    topology,
    racks.map(({ rack }) => rack),
    ups.map(({ key }) => key),
  );
  return {
    site,
    seed,
    racks,
    halls: buildHalls({ rooms: model.rooms.filter((room) => room.site === site), racks, pacs, topology }),
    pacs,
    ups: ups.map((device, index) =>
      plantUps(device, {
        kw: usualUpsKw(index, racks, supplied),
        buses: supplied.buses.flatMap((bus, place) => (bus.ups.includes(index) ? [place] : [])),
      }),
    ),
    supplied,
    gensets: gensets.map((device) => plantGenset(device, (baseKw * 2) / gensets.length)),
    incomers: ofKind('meter').filter((device) => isOnGrid(device, topology)),
    tanks: ofKind('fuel-tank').map(plantTank),
    vesdas: ofKind('vesda'),
    doors: ofKind('door').flatMap(doorsOf),
    interlocked: new Map(
      ofKind('door')
        .filter(({ role }) => role === 'mantrap')
        .flatMap((device) =>
          doorsOf(device).map((door) => [door, doorsOf(device).filter((other) => other !== door)] as const),
        ),
    ),
    devices,
  };
}

function doorsOf(device: Device): string[] {
  return device.points
    .filter((point) => point.quantity === 'door-state')
    .map((point) => partKey(device.key, point.part));
}

/** A meter that the grid supplies directly. */
function isOnGrid({ key }: Device, topology: Topology): boolean {
  return topology.into(key, 'supplies').some(({ from }) => topology.node(from)?.kind === 'grid');
}

/** kW of a busy hour while both feeds of every rack live and the UPSs of a bus share its load. */
function usualUpsKw(ups: number, racks: readonly PlantRack[], { buses, ofRack }: RackBuses): number {
  let kw = 0;
  for (const ofFeed of [ofRack.A, ofRack.B])
    for (const [rack, bus] of ofFeed.entries()) {
      const sharing = buses[bus]?.ups ?? [];
      if (sharing.includes(ups)) kw += (racks[rack]?.baseKw ?? 0) / 2 / sharing.length;
    }
  return kw;
}

function plantUps(
  device: Device,
  { kw: usualKw, buses }: { kw: number; buses: readonly number[] },
): PlantUps {
  const ratedKw =
    device.rating.kw ?? (device.rating.kva !== undefined ? device.rating.kva * 0.9 : usualKw * 2.5);
  return { device, buses, ratedKw, batteryKwh: Math.max(usualKw, 1) * (autonomyMinutes / 60) };
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
