import type { Device, Model, Point, Rack, Site } from '../../../config/model.ts';
import { namesOf } from '../../../config/names.ts';
import type { FeedName } from '../../../config/schema/common.ts';
import { feedNames } from '../../../config/topology/graph.ts';
import type { RackView, SiteView } from '../../contracts/sites.ts';
import { deviceView, pointsByDevice } from './device.ts';

/** Everything the wall needs to lay out a site; made once, since the model does not change. */
export function siteView(model: Model, site: Site): SiteView {
  const racks = model.racks.filter((rack) => rack.site === site.id);
  const devices = model.devices.filter((device) => device.site === site.id && !belongsToRacks(device));
  const points = pointsByDevice(model);
  const names = namesOf(model);
  const byRack = pointsByRack(model.points.filter((point) => point.site === site.id));
  const { standard } = site;
  return {
    id: site.id,
    name: site.name,
    building: site.building,
    clause: standard.clause,
    racks: racks.map((rack) => rackView(rack, byRack.get(rack.id) ?? [])),
    impact: site.impact,
    limits: {
      temperature: standard.temperature,
      humidity: standard.humidity,
      endurance: standard.endurance,
      rackPower: { clause: standard.rackPower.clause },
      capacityKw: racks.reduce((sum, rack) => sum + rack.limitKw, 0),
    },
    rooms: model.rooms
      .filter((room) => room.site === site.id)
      .map(({ id, kind, name }) => ({ id, kind, name })),
    devices: devices.map((device) => deviceView(device, names.node(device.key), points)),
    supply: supplyOf(model, site),
    access: accessOf(model, site),
  };
}

function accessOf(model: Model, site: Site): SiteView['access'] {
  const service = model.standard.access.services[site.id];
  if (service === undefined) return null;
  return {
    service: service.number,
    escortRequired: service.escortRequired,
    roomsRequired: service.roomsRequired ?? false,
    fields: (site.accessFields ?? []).map(({ choices = [], ...field }) => ({ ...field, choices })),
  };
}

function supplyOf({ topology }: Model, site: Site): SiteView['supply'] {
  const panels = feedNames.map((feed) => `${site.id}/panel:${feed}`);
  const above = new Set(
    panels.flatMap((panel) => topology.upstream(panel, 'supplies').map(({ key }) => key)),
  );
  const idOf = (key: string): string => topology.node(key)?.id ?? key;
  return [...panels, ...above].flatMap((key) =>
    topology.into(key, 'supplies').map(({ from, to }) => ({ from: idOf(from), to: idOf(to) })),
  );
}

/** Meters and sensors of racks are reached through their rack; there are a thousand of them. */
function belongsToRacks(device: Device): boolean {
  if (device.kind !== 'pdu' && device.kind !== 'env' && device.kind !== 'meter') return false;
  return device.rack !== undefined || device.points.some((point) => point.rack !== undefined);
}

function pointsByRack(points: readonly Point[]): ReadonlyMap<string, readonly Point[]> {
  const byRack = new Map<string, Point[]>();
  for (const point of points) {
    if (point.rack === undefined) continue;
    const known = byRack.get(point.rack);
    if (known === undefined) byRack.set(point.rack, [point]);
    else known.push(point);
  }
  return byRack;
}

function rackView(rack: Rack, points: readonly Point[]): RackView {
  const climate = (quantity: string): string | null =>
    points.find((point) => point.kind === 'env' && point.position === 'inlet' && point.quantity === quantity)
      ?.id ?? null;
  return {
    id: rack.id,
    label: rack.label,
    room: rack.room,
    row: rack.row,
    number: rack.number,
    function: rack.function,
    limitKw: rack.limitKw,
    points: {
      temperature: climate('temperature'),
      humidity: climate('humidity'),
      dewPoint: climate('dew-point'),
      feedA: feedPower(points, 'A'),
      feedB: feedPower(points, 'B'),
      power: `${rack.key}/power`,
      loadAfterLoss: `${rack.key}/load-after-loss`,
    },
  };
}

/** The meter's own total, or the part of a shared meter that measures this rack; a phase of it is not the feed. */
function feedPower(points: readonly Point[], feed: FeedName): string | null {
  const powers = points.filter(
    (point) => point.device !== undefined && point.feed === feed && point.quantity === 'power',
  );
  return (powers.find((point) => point.part === undefined) ?? powers[0])?.id ?? null;
}
