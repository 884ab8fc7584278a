import { defined } from '../../core/defined.ts';
import type { Address, Broker, Completion, Device, Door, Model, Rack, Rating, Room, Site } from '../model.ts';
import type { Profile } from '../schema/profile.ts';
import type { DeviceEntry, SiteFile } from '../schema/site.ts';
import {
  type ConfigFiles,
  buildBrokers,
  parseModbusAddress,
  parseMqttAddress,
  parseSnmpAddress,
} from './address.ts';
import { addCollectorPoints } from './collector.ts';
import { completionEntries } from './complete.ts';
import { addDeviceFormulas, addSiteFormulas } from './derived.ts';
import { addRedundancy } from './redundancy.ts';
import { addPagingPoints } from './paging.ts';
import { buildDoors } from './doors.ts';
import { addFindingPoints } from './findings.ts';
import { buildPeople } from './people.ts';
import { buildSigning } from './signing.ts';
import { addServerPoints } from './server.ts';
import { devicePoints, pointList, type PointList } from './points.ts';
import { addUnusableByKind } from './unusable.ts';
import { expandSite, type DeviceDraft } from './rows.ts';
import { createTopology } from '../topology/graph.ts';
import { brokerOf, sitePartsOf } from '../topology/parts.ts';
import { siteGraph, type SiteGraph } from '../topology/site.ts';

/** Expands checked files to the model. Throws RangeError on what the checks should have refused: a fault of ours. */
export function buildModel(files: ConfigFiles): Model {
  const list = pointList();
  const sites = files.sites.map(({ id, file }) => buildSite(files, list, { id, file }));
  const [first] = sites;
  if (first !== undefined) addPagingPoints(list, first.site.id);
  const devices = sites.flatMap((each) => each.devices);
  return {
    field: files.root.field,
    intervalsMs: files.root.intervals,
    ...(files.root.traps === undefined ? {} : { traps: defined(files.root.traps) }),
    standard: files.standard,
    ...(files.root.sla === undefined ? {} : { sla: files.root.sla }),
    ...(files.root.recording === undefined ? {} : { recording: files.root.recording.map(defined) }),
    ...(files.root.history === undefined ? {} : { history: files.root.history }),
    ...(files.root.signing === undefined ? {} : { signing: buildSigning(files.root.signing, files) }),
    ...(files.root.privacy === undefined ? {} : { privacy: files.root.privacy }),
    calendars: files.calendars,
    statutory: files.statutory,
    alarmAims: files.alarmAims,
    ...(files.compliance === undefined ? {} : { compliance: files.compliance }),
    ...(files.loadTest === undefined ? {} : { loadTest: files.loadTest }),
    ...(files.people === undefined ? {} : { people: buildPeople(files.people, files.env) }),
    rules: files.rules,
    profiles: files.profiles,
    sites: sites.map((each) => each.site),
    rooms: sites.flatMap((each) => each.rooms),
    racks: sites.flatMap((each) => each.racks),
    devices,
    points: list.points,
    pointById: new Map(list.points.map((point) => [point.id, point])),
    deviceById: new Map(devices.map((device) => [device.key, device])),
    topology: createTopology(
      sites.flatMap(({ graph }) => graph.nodes),
      sites.flatMap(({ graph }) => graph.edges),
    ),
    doors: sites.flatMap(({ doors }) => doors),
    brokers: sites.flatMap(({ brokers }) => brokers),
  };
}

interface BuiltSite {
  readonly site: Site;
  readonly rooms: readonly Room[];
  readonly racks: readonly Rack[];
  readonly devices: readonly Device[];
  readonly graph: SiteGraph;
  readonly doors: readonly Door[];
  readonly brokers: readonly Broker[];
}

function buildSite(
  files: ConfigFiles,
  list: PointList,
  { id, file }: ConfigFiles['sites'][number],
): BuiltSite {
  const standard = files.standard.sites[file.standard] ?? unchecked(`standard ${file.standard}`);
  const expanded = expandSite(file);
  const rooms = file.rooms.map(({ room, cooledBy: _cooledBy, ...rest }) => ({
    ...rest,
    key: `${id}/${room}`,
    id: room,
    site: id,
  }));
  const racks = expanded.racks.map(({ path: _path, ...rack }) => ({
    ...rack,
    key: `${id}/${rack.id}`,
    site: id,
    limitKw: standard.rackPower.kw[rack.function],
  }));
  const brokers = buildBrokers(id, file, files);
  const devices = expanded.devices.map((draft) => {
    const profile = files.profiles.get(draft.entry.profile) ?? unchecked(`profile ${draft.entry.profile}`);
    const address =
      buildAddress(draft, { profile, file, brokers, env: files.env }) ??
      unchecked(`address ${draft.address}`);
    const device = buildDevice(list, draft, {
      site: id,
      profile,
      completedBy: completionEntries(draft.entry).map((each) => ({
        instead: each.instead,
        profile: files.profiles.get(each.profile) ?? unchecked(`profile ${each.profile}`),
      })),
      address,
      intervalsMs: files.root.intervals,
    });
    addDeviceFormulas(list, device);
    return device;
  });
  const graph = siteGraph(sitePartsOf({ site: id, file, ...expanded, profiles: files.profiles }));
  const topology = createTopology(graph.nodes, graph.edges);
  const parts = { site: id, rooms, racks, devices, topology };
  addSiteFormulas(list, parts);
  addRedundancy(list, parts);
  addUnusableByKind(list, parts, files.rules);
  addCollectorPoints(list, id);
  addServerPoints(list, id);
  const doors = buildDoors(expanded.devices, { devices, rooms });
  addFindingPoints(list, id, doors);
  const { name, building, impact, collector, access, panels } = file;
  const site = {
    id, name, building, standard, impact, collector,
    accessFields: access.fields,
    ...(panels === undefined ? {} : { panels: defined(panels) }),
  }; // prettier-ignore
  return { site, rooms, racks, devices, graph, doors, brokers: [...brokers.values()] };
}

interface DeviceContext {
  readonly site: string;
  readonly profile: Profile;
  readonly completedBy: readonly Completion[];
  readonly address: Address;
  readonly intervalsMs: Model['intervalsMs'];
}

function buildDevice(list: PointList, draft: DeviceDraft, context: DeviceContext): Device {
  const { entry, claims } = draft;
  const { site, profile, completedBy, address } = context;
  const kind = entry.kind ?? (profile.kind === 'any' ? unchecked(`kind of ${entry.device}`) : profile.kind);
  // A device whose parts all belong to one rack or feed belongs there itself.
  const rack = entry.rack ?? common(claims.map((claim) => claim.rack));
  const feed = entry.feed ?? common(claims.map((claim) => claim.feed));
  const place = {
    key: `${site}/${entry.device}`,
    id: entry.device,
    site,
    kind,
    profile,
    address,
    room: entry.room,
    rating: ratingOf(entry.rating),
    interval: entry.interval ?? profile.interval,
    ...defined({
      name: entry.name,
      nameplate: entry.nameplate,
      rack,
      feed,
      position: entry.position,
      role: entry.role,
      instance: entry.instance,
      completedBy: completedBy.length === 0 ? undefined : completedBy,
    }),
  };
  return devicePoints(list, place, { entry, claims, intervalsMs: context.intervalsMs });
}

function common<Item>(items: readonly Item[]): Item | undefined {
  return items.every((item) => item === items[0]) ? items[0] : undefined;
}

function ratingOf(rating: DeviceEntry['rating']): Rating {
  const { neededAutonomy, ...rest } = rating ?? {};
  return defined({ ...rest, neededAutonomyMs: neededAutonomy });
}

interface AddressContext {
  readonly profile: Profile;
  readonly file: SiteFile;
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly env: ConfigFiles['env'];
}

function buildAddress(
  draft: DeviceDraft,
  { profile, file, brokers, env }: AddressContext,
): Address | undefined {
  if (profile.protocol === 'snmp') return parseSnmpAddress(draft.address, draft.entry.snmp ?? file.snmp);
  if (profile.protocol === 'modbus') {
    const address = parseModbusAddress(draft.address, draft.entry.modbus);
    return address && { ...address, ...defined({ access: draft.entry.modbus }) };
  }
  if (profile.protocol === 'push')
    return { protocol: 'push', sender: draft.address, ...defined({ key: keyOf(draft.entry, env) }) };
  const name = brokerOf(draft.entry, file);
  const broker = name === undefined ? undefined : brokers.get(name);
  return broker && parseMqttAddress(draft.address, profile, broker);
}

function keyOf({ key }: Pick<DeviceEntry, 'key'>, env: ConfigFiles['env']): string | undefined {
  const value = key === undefined ? undefined : env[key.env];
  return value === '' ? undefined : value;
}

function unchecked(what: string): never {
  throw new RangeError(`${what} was not checked`);
}
