import type { Device, Point, Rack, Room } from '../model.ts';
import type { Formula } from '../point-source.ts';
import type { FeedName, Unit } from '../schema/common.ts';
import type { Topology } from '../topology/graph.ts';
import type { PointList } from './points.ts';

/** Points computed from others (docs/points.md). Whatever lacks its inputs is left out. */

export type Place = Pick<Point, 'site' | 'owner'> & Partial<Point>;

export function addFormula(
  list: PointList,
  place: Place,
  head: { quantity: string; unit: Unit; inputs: readonly Point[] },
  formula?: Formula,
): Point[] {
  if (head.inputs.length === 0) return [];
  const { quantity, unit, inputs } = head;
  const added = list.add({
    ...place,
    quantity,
    unit,
    // As quick as the quickest input; as patient as the slowest.
    intervalMs: inputs.reduce((least, input) => Math.min(least, input.intervalMs), Number.POSITIVE_INFINITY),
    staleAfterMs: inputs.reduce((most, input) => Math.max(most, input.staleAfterMs), 0),
    source: {
      from: 'formula',
      formula: formula ?? { kind: 'sum', inputs: indices(inputs), ...consistency(inputs) },
    },
  });
  return [added];
}

/** A load that moves by more than this between two readings may be changing feeds. */
const transferStep = 0.1;

/** Inputs may be as far apart as the slowest of them may be old. */
function consistency(inputs: readonly Point[]): { step: number; skewMs: number } {
  return { step: transferStep, skewMs: Math.max(...inputs.map((input) => input.staleAfterMs)) };
}

export function indices(points: readonly Point[]): number[] {
  return points.map((point) => point.index);
}

/** Of one device: dew point of a climate sensor, output of a UPS that only reports it by phase. */
export function addDeviceFormulas(list: PointList, device: Device): void {
  const { index: _index, id: _id, part: _part, states: _states, ...place } = device.link;
  if (device.kind === 'env') {
    const temperature = whole(device, 'temperature');
    const humidity = whole(device, 'humidity');
    if (temperature === undefined || humidity === undefined) return;
    const formula = { kind: 'dew-point' as const, temperature: temperature.index, humidity: humidity.index };
    addFormula(list, place, { quantity: 'dew-point', unit: '°C', inputs: [temperature, humidity] }, formula);
  }
  if (device.kind === 'ups' && whole(device, 'output-power') === undefined) {
    const phases = device.points.filter((point) => point.quantity === 'output-power');
    addFormula(list, place, { quantity: 'output-power', unit: 'kW', inputs: phases });
  }
}

export function whole(device: Device, quantity: string): Point | undefined {
  return device.points.find((point) => point.quantity === quantity && point.part === undefined);
}

export interface SiteParts {
  readonly site: string;
  readonly rooms: readonly Room[];
  readonly racks: readonly Rack[];
  readonly devices: readonly Device[];
  readonly topology: Topology;
}

/**
 * Of racks, data halls and the site. The power of a rack is the sum of its feeds; that of a hall or the site is the sum of its racks, so that
 * a load that moves from one feed to the other is settled where it moves and never counted twice.
 */
export function addSiteFormulas(list: PointList, parts: SiteParts): void {
  const { topology } = parts;
  const deviceByKey = new Map(parts.devices.map((device) => [device.key, device]));
  const metersOf = (racks: readonly Rack[], feed: FeedName): readonly Point[] =>
    racks.flatMap((rack) =>
      topology.meters(rack.key, feed).flatMap((key) => feedPower(deviceByKey.get(key), rack, feed)),
    );
  const rackPowers = new Map(parts.racks.map((rack) => [rack.id, addRackPower(list, rack, metersOf)]));
  const powersOf = (racks: readonly Rack[]): Point[] =>
    racks.flatMap((rack) => rackPowers.get(rack.id) ?? []);
  const halls = parts.rooms.filter((room) => room.kind === 'data-hall');
  const climate = parts.devices.filter(
    (device) => device.kind === 'env' && (device.position === 'inlet' || device.position === 'room'),
  );
  for (const hall of halls) {
    const place: Place = { site: parts.site, owner: { kind: 'room', id: hall.id }, room: hall.id };
    addClimate(
      list,
      place,
      climate.filter((device) => device.room === hall.id),
    );
    addRise(list, place);
    addUnusable(
      list,
      place,
      climate.filter((device) => device.room === hall.id),
    );
    const inputs = powersOf(parts.racks.filter((rack) => rack.room === hall.id));
    addFormula(list, place, { quantity: 'power', unit: 'kW', inputs });
  }
  const site: Place = { site: parts.site, owner: { kind: 'site', id: 'site' } };
  addClimate(
    list,
    site,
    climate.filter((device) => halls.some((hall) => hall.id === device.room)),
  );
  for (const feed of ['A', 'B'] as const)
    addFormula(
      list,
      { ...site, part: feed.toLowerCase(), feed },
      { quantity: 'power', unit: 'kW', inputs: metersOf(parts.racks, feed) },
    );
  const inputs = powersOf(parts.racks);
  addFormula(list, site, { quantity: 'power', unit: 'kW', inputs });
  addFormula(list, site, { quantity: 'load-after-loss', unit: 'kW', inputs });
  addEndurance(list, site, parts.devices);
}

function addRackPower(
  list: PointList,
  rack: Rack,
  metersOf: (racks: readonly Rack[], feed: FeedName) => readonly Point[],
): Point[] {
  const place: Place = {
    site: rack.site,
    owner: { kind: 'rack', id: rack.id },
    room: rack.room,
    rack: rack.id,
  };
  const inputs = [...metersOf([rack], 'A'), ...metersOf([rack], 'B')];
  const power = addFormula(list, place, { quantity: 'power', unit: 'kW', inputs });
  addFormula(list, place, { quantity: 'load-after-loss', unit: 'kW', inputs });
  return power;
}

/** One sensor beyond a limit is enough to raise an alarm; a mean of fewer than half of them describes nothing. */
const sensorsNeeded = { min: 0, max: 0, mean: 0.5 };

function addClimate(list: PointList, place: Place, sensors: readonly Device[]): void {
  for (const [quantity, unit] of [
    ['temperature', '°C'],
    ['humidity', '%RH'],
  ] as const)
    // prettier-ignore
    for (const kind of ['min', 'max', 'mean'] as const) {
      const inputs = sensors.flatMap((device) => whole(device, quantity) ?? []);
      addFormula(list, place, { quantity: `${quantity}-${kind}`, unit, inputs }, { kind, inputs: indices(inputs), needs: sensorsNeeded[kind] });
    }
}

/** Long enough that a door, or the PACs' pause in a transfer, is no rise; short enough to act on before the hall is hot. */
const riseWindowMs = 600_000;

/** How fast the hall as a whole grows warmer. */
function addRise(list: PointList, place: Place): void {
  const mean = list.points.findLast(
    ({ site, owner, quantity }) =>
      site === place.site && owner.id === place.owner.id && quantity === 'temperature-mean',
  );
  if (mean === undefined) return;
  addFormula(
    list,
    place,
    { quantity: 'temperature-rise', unit: '°C/h', inputs: [mean] },
    { kind: 'rise', of: mean.index, windowMs: riseWindowMs },
  );
}

/** How many values of the hall's climate sensors cannot be believed: no limit is judged by them. */
function addUnusable(list: PointList, place: Place, sensors: readonly Device[]): void {
  const inputs = sensors.flatMap((device) =>
    ['temperature', 'humidity'].flatMap((quantity) => whole(device, quantity) ?? []),
  );
  addFormula(
    list,
    { ...place, part: 'climate' },
    { quantity: 'unusable-values', unit: 'count', inputs },
    { kind: 'unusable', inputs: indices(inputs), absent: true },
  );
}

/** What a device measures of the power of a rack's feed: one point, or its phases where it reports no total. */
function feedPower(device: Device | undefined, rack: Rack, feed: FeedName): readonly Point[] {
  const own = (device?.points ?? []).filter(
    (point) => point.quantity === 'power' && point.rack === rack.id && point.feed === feed,
  );
  const total = own.filter((point) => device?.rack === undefined || point.part === undefined);
  return total.length > 0 ? total : own;
}

/** Fuel in the tanks against what the gensets burn, or would burn under what the PLN incomers carry now (BAB IV.6). */
function addEndurance(list: PointList, site: Place, devices: readonly Device[]): void {
  const tanks = devices
    .filter((device) => device.role === 'monthly-tank' || device.role === 'day-tank')
    .flatMap((device) => whole(device, 'level') ?? []);
  const load = devices
    .filter((device) => device.role === 'incomer')
    .flatMap((device) => whole(device, 'power') ?? []);
  const distribution = devices.filter(isUps).flatMap((device) => outputPower(list, device));
  const engines: Point[] = [];
  const gensets = devices.flatMap((device) => {
    const power = whole(device, 'power');
    const { kw: ratedKw, fuelCurve } = device.rating;
    if (device.kind !== 'genset' || power === undefined || ratedKw === undefined || fuelCurve === undefined)
      return [];
    const fuelRate = whole(device, 'fuel-rate');
    engines.push(power, ...(fuelRate === undefined ? [] : [fuelRate]));
    return [
      {
        power: power.index,
        ...(fuelRate === undefined ? {} : { fuelRate: fuelRate.index }),
        ratedKw,
        fuelCurve,
      },
    ];
  });
  if (tanks.length === 0 || load.length === 0 || gensets.length === 0) return;
  const formula = {
    kind: 'endurance' as const,
    tanks: indices(tanks),
    gensets,
    load: indices(load),
    distribution: indices(distribution),
    ...consistency([...load, ...distribution, ...engines]),
  };
  addFormula(
    list,
    site,
    { quantity: 'endurance', unit: 's', inputs: [...tanks, ...load, ...distribution, ...engines] },
    formula,
  );
}

function isUps(device: Device): boolean {
  return device.kind === 'ups';
}

/** As the UPS reports it, or the sum of its phases. */
function outputPower(list: PointList, device: Device): Point[] {
  return list.points.filter(
    (point) =>
      point.site === device.site &&
      point.device === device.id &&
      point.quantity === 'output-power' &&
      point.part === undefined,
  );
}
