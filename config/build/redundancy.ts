import { defined } from '../../core/defined.ts';
import type { Device, Point, Rack, Room } from '../model.ts';
import type { Formula, CountedUnit } from '../point-source.ts';
import type { DeviceKind, FeedName } from '../schema/common.ts';
import { feedNames, type Topology } from '../topology/graph.ts';
import { addFormula, indices, whole, type Place, type SiteParts } from './derived.ts';
import type { PointList } from './points.ts';

/**
 * Derived points that say whether what failed can be spared (docs/points.md): units that are available, needed and spare; what
 * stays to be carried when a feed is lost; a PLN source as a whole; doors, cameras and internet providers by number.
 */
export function addRedundancy(list: PointList, parts: SiteParts): void {
  const builder: Builder = {
    list,
    parts,
    site: { site: parts.site, owner: { kind: 'site', id: 'site' } },
    ofKind: (kind) => parts.devices.filter((device) => device.kind === kind),
  };
  addSources(builder);
  addGensets(builder);
  for (const feed of feedNames) addPanel(builder, feed);
  for (const room of parts.rooms) if (room.kind === 'data-hall') addCooling(builder, room);
  addDoors(builder);
  addProviders(builder);
}

interface Builder {
  readonly list: PointList;
  readonly parts: SiteParts;
  readonly site: Place;
  readonly ofKind: (kind: DeviceKind) => readonly Device[];
}

/** The source is lost when its highest phase is; a phase that is lower than the highest one has a dip of its own. */
function addSources({ list, parts }: Builder): void {
  for (const device of parts.devices.filter(({ role }) => role === 'incomer')) {
    const phases = device.points.filter(
      ({ quantity, part }) => quantity === 'voltage' && /^l[123]$/.test(part ?? ''),
    );
    const place = placeOf(device);
    const head = { quantity: 'voltage-max', unit: 'V', inputs: phases } as const;
    const [highest] = addFormula(list, place, head, { kind: 'max', inputs: indices(phases), needs: 1 });
    if (highest === undefined) continue;
    for (const phase of phases)
      addFormula(
        list,
        { ...place, ...defined({ part: phase.part }) },
        { quantity: 'voltage-drop', unit: 'V', inputs: [highest, phase] },
        { kind: 'difference', of: highest.index, less: phase.index },
      );
  }
}

/** A set in automatic mode that is not locked out can be counted on. */
const notReady = ['stop', 'manual', 'off', 'unavailable', 'not-ready'];
const lockedOut = ['shutdown', 'trip'];

function addGensets({ list, parts, site, ofKind }: Builder): void {
  const gensets = ofKind('genset');
  const sources = [...parts.devices.filter(({ role }) => role === 'incomer'), ...gensets];
  const powers = sources.flatMap((device) => whole(device, 'power') ?? []);
  if (powers.length < sources.length) return;
  const [load] = addFormula(list, site, { quantity: 'facility-power', unit: 'kW', inputs: powers });
  const units = gensets.flatMap((device) =>
    unit({
      is: [conditionOf(device, 'control-mode', { except: notReady })],
      isNot: statesOf(device, 'alarm', lockedOut),
    }),
  );
  const ratings = gensets.flatMap(({ rating }) => rating.kw ?? []);
  if (load === undefined || units.length < gensets.length || ratings.length < gensets.length) return;
  const place = { ...site, part: 'gensets' };
  addUnits(list, place, { units, loads: [load], capacity: Math.min(...ratings) });
}

/** What puts out power behind its own battery; a bypass protects nothing. */
const carrying = ['normal', 'eco', 'battery', 'test', 'booster', 'reducer'];

/** The panel of a feed: what it carries when the other feed is lost, and the UPSs that supply it. */
function addPanel({ list, parts, site, ofKind }: Builder, feed: FeedName): void {
  const { topology } = parts;
  const panel = `${parts.site}/panel:${feed}`;
  const name = feed.toLowerCase();
  const behind = new Set(topology.downstream(panel, 'supplies').map(({ key }) => key));
  const racks = parts.racks.filter(({ key }) => behind.has(key));
  const inputs = rackPowers(list, racks);
  const [load] = addFormula(
    list,
    { ...site, part: name, feed },
    { quantity: 'load-after-loss', unit: 'kW', inputs },
  );
  const suppliers = new Set(topology.into(panel, 'supplies').map(({ from }) => from));
  const ups = ofKind('ups').filter(({ key }) => suppliers.has(key));
  const units = ups.flatMap((device) =>
    unit({ is: [conditionOf(device, 'output-source', { only: carrying })], isNot: [] }),
  );
  const ratings = ups.flatMap(({ rating }) => rating.kw ?? []);
  if (load === undefined || ups.length === 0 || units.length < ups.length || ratings.length < ups.length)
    return;
  const place = { ...site, part: `ups-${name}`, feed };
  const available = addUnits(list, place, { units, loads: [load], capacity: Math.min(...ratings) });
  if (available === undefined) return;
  for (const device of ups)
    addFormula(
      list,
      placeOf(device),
      { quantity: 'load-after-loss', unit: 'kW', inputs: [load, available] },
      { kind: 'share', of: load.index, among: available.index },
    );
}

/** The PACs that cool a data hall. What they use of their capacity says how many of them the heat takes, whatever their size. */
function addCooling({ list, parts, ofKind }: Builder, room: Room): void {
  const coolers = new Set(coolersOf(room, parts));
  const pacs = ofKind('pac').filter(({ key }) => coolers.has(key));
  const units = pacs.flatMap((device) =>
    unit({ is: [conditionOf(device, 'system-state', { except: ['off'] })], isNot: [] }),
  );
  const loads = pacs.flatMap((device) => whole(device, 'cooling-capacity') ?? []);
  if (pacs.length === 0 || units.length < pacs.length || loads.length < pacs.length) return;
  const place: Place = {
    site: parts.site,
    owner: { kind: 'room', id: room.id },
    room: room.id,
    part: 'pacs',
  };
  addUnits(list, place, { units, loads, capacity: 100 });
}

function coolersOf(
  room: Room,
  { topology, racks }: { topology: Topology; racks: readonly Rack[] },
): string[] {
  const rows = new Set(
    racks.filter((rack) => rack.room === room.id).map(({ site, row }) => `${site}/row:${row}`),
  );
  return [room.key, ...rows].flatMap((key) => topology.into(key, 'cools').map(({ from }) => from));
}

function addDoors({ list, ofKind }: Builder): void {
  const open = (device: Device): CountedUnit[] =>
    device.points
      .filter(({ quantity }) => quantity === 'door-state')
      .flatMap((point) => unit({ is: [named(point, { except: ['closed'] })], isNot: [] }));
  for (const device of ofKind('door').filter(({ role }) => role === 'mantrap'))
    addCount(list, { ...placeOf(device), quantity: 'doors-open' }, { units: open(device), unknown: 'out' });
  for (const recorder of ofKind('cctv')) {
    const recording = conditionOf(recorder, 'recording', { only: ['recording'] });
    const idle = conditionOf(recorder, 'recording', { except: ['recording'] });
    const frames = whole(recorder, 'frame-rate');
    if (recording === undefined || idle === undefined) continue;
    // Somebody who opens a door moves: then an idle recorder misses what it is there for.
    const units = ofKind('door').flatMap((device) =>
      open(device).map((door) => ({ ...door, is: [...door.is, idle] })),
    );
    addCount(list, { ...placeOf(recorder), quantity: 'doors-unrecorded' }, { units, unknown: 'out' });
    if (frames === undefined) continue;
    addFormula(
      list,
      placeOf(recorder),
      { quantity: 'recording-frame-rate', unit: 'fps', inputs: [frames] },
      { kind: 'while', value: frames.index, condition: recording },
    );
  }
}

/** A provider is up while its router answers and none of the router's lines is down. */
function addProviders({ list, site, ofKind }: Builder): void {
  const units = ofKind('router').flatMap((device) => {
    const lines = device.points.filter(({ quantity }) => quantity === 'oper-status');
    if (lines.length === 0) return [];
    return unit({
      is: [named(device.link, { only: ['ok'] }), ...lines.map((line) => named(line, { only: ['up'] }))],
      isNot: [],
    });
  });
  addCount(list, { ...site, quantity: 'providers-up' }, { units, unknown: 'in' });
}

interface Units {
  readonly units: readonly CountedUnit[];
  readonly loads: readonly Point[];
  /** Of one unit, in the unit of the loads. */
  readonly capacity: number;
}

/** Available, needed and spare; returns the first. */
function addUnits(list: PointList, place: Place, { units, loads, capacity }: Units): Point | undefined {
  const available = addCount(list, { ...place, quantity: 'units-available' }, { units, unknown: 'in' });
  const [needed] = addFormula(
    list,
    place,
    { quantity: 'units-needed', unit: 'count', inputs: loads },
    { kind: 'units-needed', loads: indices(loads), capacity },
  );
  if (available === undefined || needed === undefined) return undefined;
  addFormula(
    list,
    place,
    { quantity: 'units-spare', unit: 'count', inputs: [available, needed] },
    { kind: 'difference', of: available.index, less: needed.index },
  );
  return available;
}

function addCount(
  list: PointList,
  { quantity, ...place }: Place & { readonly quantity: string },
  counted: Omit<Extract<Formula, { kind: 'count' }>, 'kind'>,
): Point | undefined {
  const inputs = counted.units.flatMap(({ is, isNot }) =>
    [...is, ...isNot].flatMap(({ point }) => list.points[point] ?? []),
  );
  return addFormula(list, place, { quantity, unit: 'count', inputs }, { kind: 'count', ...counted })[0];
}

/** States by name: those named, or all others. */
type Names = { readonly only: readonly string[] } | { readonly except: readonly string[] };
type Condition = CountedUnit['is'][number];

function named(point: Point, names: Names): Condition | undefined {
  const codes = [...(point.states ?? [])].flatMap(([code, name]) =>
    ('only' in names ? names.only.includes(name) : !names.except.includes(name)) ? [code] : [],
  );
  return codes.length === 0 ? undefined : { point: point.index, codes };
}

function conditionOf(device: Device, quantity: string, names: Names): Condition | undefined {
  const point = whole(device, quantity);
  return point === undefined ? undefined : named(point, names);
}

function statesOf(device: Device, quantity: string, only: readonly string[]): (Condition | undefined)[] {
  return device.points.filter((point) => point.quantity === quantity).map((point) => named(point, { only }));
}

interface Wanted {
  readonly is: readonly (Condition | undefined)[];
  readonly isNot: readonly (Condition | undefined)[];
}

/** Nothing where the device does not report what it is counted by. */
function unit({ is, isNot }: Wanted): CountedUnit[] {
  const known = is.filter((condition) => condition !== undefined);
  return known.length < is.length
    ? []
    : [{ is: known, isNot: isNot.filter((condition) => condition !== undefined) }];
}

function rackPowers(list: PointList, racks: readonly Rack[]): Point[] {
  const ids = new Set(racks.map(({ key }) => `${key}/power`));
  return list.points.filter(({ id }) => ids.has(id));
}

function placeOf(device: Device): Place {
  const { index: _index, id: _id, part: _part, states: _states, ...place } = device.link;
  return place;
}
