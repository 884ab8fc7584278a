import type { DeviceKind, FeedName, RoomKind } from '../schema/common.ts';
import type { DeviceRole } from '../schema/site.ts';
import { feedNames as feeds, type TopologyEdge, type TopologyNode } from './graph.ts';

/** What the topology needs to know of a site, from the model or from a file that is only being checked. */
export interface SiteParts {
  readonly site: string;
  readonly rooms: readonly {
    readonly id: string;
    readonly kind: RoomKind;
    readonly cooledBy?: readonly string[] | undefined;
  }[];
  readonly racks: readonly {
    readonly id: string;
    readonly room: string;
    readonly row: string;
    /** Of its row. */
    readonly cooledBy?: readonly string[] | undefined;
  }[];
  readonly devices: readonly SiteDevice[];
  readonly brokers: readonly string[];
}

export interface SiteDevice {
  readonly id: string;
  /** Unknown while its profile is. */
  readonly kind: DeviceKind | undefined;
  readonly role?: DeviceRole | undefined;
  readonly feed?: FeedName | undefined;
  readonly room: string;
  readonly rack?: string | undefined;
  /** Racks that it meters part by part. */
  readonly claims: readonly { readonly rack: string; readonly feed?: FeedName }[];
  readonly fedBy?: readonly string[] | undefined;
  readonly via?: readonly string[] | undefined;
  /** How it is reached: through a broker of the site, or at an address. */
  readonly reached: { readonly broker: string } | { readonly address: string };
}

export interface SiteGraph {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/**
 * Nodes and edges of one site: by default after kind, role and feed, and as `fedBy`, `cooledBy` and `via` say where they
 * stand. Names that do not exist make no edge; the checks report them.
 */
export function siteGraph(parts: SiteParts): SiteGraph {
  const builder = createBuilder(parts);
  addPlaces(parts, builder);
  addSupply(parts, builder);
  addCooling(parts, builder);
  addData(parts, builder);
  return builder;
}

interface Builder extends SiteGraph {
  /** Key of a thing of this site. */
  readonly key: (id: string) => string;
  readonly add: (node: Pick<TopologyNode, 'kind' | 'id'> & Partial<TopologyNode>) => void;
  /** Skipped when either end does not exist. */
  readonly connect: (edge: Omit<TopologyEdge, 'feed' | 'why'> & Partial<TopologyEdge>) => void;
}

function createBuilder({ site }: SiteParts): Builder {
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  const known = new Set<string>();
  const key = (id: string): string => `${site}/${id}`;
  return {
    nodes,
    edges,
    key,
    add(node) {
      const added = { key: key(node.id), site, device: null, feed: null, ...node };
      if (known.has(added.key)) return;
      known.add(added.key);
      nodes.push(added);
    },
    connect(edge) {
      if (known.has(edge.from) && known.has(edge.to)) edges.push({ feed: null, why: 'default', ...edge });
    },
  };
}

function addPlaces(parts: SiteParts, { add, connect, key }: Builder): void {
  add({ kind: 'site', id: parts.site, key: parts.site });
  for (const { id } of parts.rooms) {
    add({ kind: 'room', id });
    connect({ type: 'contains', from: parts.site, to: key(id) });
  }
  for (const { id, room, row } of parts.racks) {
    const rowKey = key(`row:${row}`);
    const isNewRow = parts.racks.find((rack) => rack.row === row)?.id === id;
    add({ kind: 'row', id: `row:${row}` });
    add({ kind: 'rack', id });
    if (isNewRow) connect({ type: 'contains', from: key(room), to: rowKey });
    connect({ type: 'contains', from: rowKey, to: key(id) });
  }
  for (const device of parts.devices) {
    add({ kind: 'device', id: device.id, device: device.kind ?? null, feed: device.feed ?? null });
    connect({ type: 'contains', from: key(device.rack ?? device.room), to: key(device.id) });
  }
}

/** Grid → incomer → ATS (gensets as well) → UPS → panel of the feed → rack PDU or branch meter → rack. */
function addSupply(parts: SiteParts, builder: Builder): void {
  const { add, connect, key } = builder;
  const plant = plantOf(parts);
  for (const incomer of plant.incomers)
    add({ kind: 'grid', id: `grid:${incomer.id}`, feed: incomer.feed ?? null });
  add({ kind: 'grid', id: 'grid:site' });
  for (const feed of feeds) add({ kind: 'panel', id: `panel:${feed}`, feed });

  const supply = (to: string, of: Supplied): void => {
    const { fedBy, suppliers } = of;
    const feed = of.feed ?? null;
    const meter = of.meter === undefined ? {} : { meter: of.meter };
    for (const from of fedBy === undefined ? suppliers : fedBy.map(supplierId))
      connect({
        type: 'supplies', from: key(from), to: key(to), feed, ...meter, why: fedBy === undefined ? 'default' : 'configured',
      }); // prettier-ignore
  };

  for (const incomer of plant.incomers)
    supply(incomer.id, { ...incomer, fedBy: undefined, suppliers: [`grid:${incomer.id}`] });
  for (const ats of plant.switches) supply(ats.id, { ...ats, suppliers: sourcesOf(plant, ats.feed) });
  for (const ups of plant.ups) supply(ups.id, { ...ups, suppliers: busOf(plant, ups.feed) });
  for (const feed of feeds) supply(`panel:${feed}`, { feed, suppliers: behindUps(plant, feed) });
  for (const pac of plant.pacs) supply(pac.id, { ...pac, suppliers: busOf(plant, pac.feed) });
  for (const device of plant.others) {
    const panels = device.feed === undefined ? feeds : [device.feed];
    const isDistribution = device.kind === 'pdu' || device.kind === 'meter' || device.kind === 'ats';
    const inSupply = isDistribution && (device.rack !== undefined || device.feed !== undefined);
    // What has no place in the supply by its kind has one only where the file gives it.
    if (device.claims.length === 0)
      supply(device.id, { ...device, suppliers: inSupply ? panels.map((feed) => `panel:${feed}`) : [] });
  }
  addRackFeeds(parts, supply);
}

interface Supplied {
  readonly feed?: FeedName | undefined;
  readonly fedBy?: readonly string[] | undefined;
  readonly suppliers: readonly string[];
  readonly meter?: string;
}

/** `A` and `B` are the panels of the feeds, anything else is a device. */
function supplierId(name: string): string {
  return name === 'A' || name === 'B' ? `panel:${name}` : name;
}

/** A rack is supplied by the last of its own devices on a feed; where a device meters the racks of a row, behind what feeds those. */
function addRackFeeds(parts: SiteParts, supply: (to: string, of: Supplied) => void): void {
  const placesOf = new Map<string, SiteDevice[]>();
  for (const device of parts.devices) {
    const places = device.claims.length > 0 ? device.claims : [{ rack: device.rack, feed: device.feed }];
    if (device.kind !== 'pdu' && device.kind !== 'meter') continue;
    for (const { rack, feed } of places) {
      if (rack === undefined || feed === undefined) continue;
      const place = `${rack}/${feed}`;
      placesOf.set(place, [...(placesOf.get(place) ?? []), device]);
    }
  }
  for (const rack of parts.racks)
    for (const feed of feeds) {
      const devices = placesOf.get(`${rack.id}/${feed}`) ?? [];
      const behind = devices.filter(
        (device) => !devices.some((other) => other.fedBy?.includes(device.id) === true),
      );
      if (behind.length === 0) supply(rack.id, { feed, suppliers: [`panel:${feed}`] });
      for (const device of behind)
        if (device.claims.length === 0) supply(rack.id, { feed, suppliers: [device.id] });
        else
          supply(rack.id, {
            feed,
            fedBy: device.fedBy,
            suppliers: [`panel:${feed}`],
            meter: `${parts.site}/${device.id}`,
          });
    }
}

interface Plant {
  readonly incomers: readonly SiteDevice[];
  readonly gensets: readonly SiteDevice[];
  readonly switches: readonly SiteDevice[];
  readonly ups: readonly SiteDevice[];
  readonly pacs: readonly SiteDevice[];
  readonly others: readonly SiteDevice[];
}

function plantOf({ devices }: SiteParts): Plant {
  const isPlant = (kind: DeviceKind) => (device: SiteDevice) =>
    device.kind === kind && device.rack === undefined;
  const incomers = devices.filter((device) => device.role === 'incomer');
  const gensets = devices.filter(isPlant('genset'));
  const switches = devices.filter(isPlant('ats'));
  const ups = devices.filter(isPlant('ups'));
  const pacs = devices.filter(isPlant('pac'));
  const placed = new Set([...incomers, ...gensets, ...switches, ...ups, ...pacs]);
  return { incomers, gensets, switches, ups, pacs, others: devices.filter((device) => !placed.has(device)) };
}

/** Those of a feed, and those that name none and so serve both. */
function onFeed(devices: readonly SiteDevice[], feed: FeedName | undefined): string[] {
  return devices
    .filter((device) => feed === undefined || device.feed === undefined || device.feed === feed)
    .map((device) => device.id);
}

/** The PLN incomers of a feed and all gensets, which share one bus. */
function sourcesOf({ incomers, gensets }: Plant, feed: FeedName | undefined): string[] {
  const own = onFeed(incomers, feed);
  return [...(own.length > 0 ? own : ['grid:site']), ...gensets.map((genset) => genset.id)];
}

/** What is upstream of the UPSs. */
function busOf(plant: Plant, feed: FeedName | undefined): string[] {
  const switches = onFeed(plant.switches, feed);
  return switches.length > 0 ? switches : sourcesOf(plant, feed);
}

function behindUps(plant: Plant, feed: FeedName): string[] {
  const ups = onFeed(plant.ups, feed);
  return ups.length > 0 ? ups : busOf(plant, feed);
}

/** A PAC cools the room it is in; those in a cooling room cool the halls that have none. */
function addCooling(parts: SiteParts, { connect, key }: Builder): void {
  const pacs = parts.devices.filter((device) => device.kind === 'pac');
  const central = pacs.filter((pac) => parts.rooms.find((room) => room.id === pac.room)?.kind === 'cooling');
  for (const room of parts.rooms) {
    if (room.kind === 'cooling') continue;
    const own = pacs.filter((pac) => pac.room === room.id);
    const usual = own.length > 0 || room.kind !== 'data-hall' ? own : central;
    const why = room.cooledBy === undefined ? 'default' : 'configured';
    for (const pac of room.cooledBy ?? usual.map(({ id }) => id))
      connect({ type: 'cools', from: key(pac), to: key(room.id), why });
  }
  const rows = new Map(parts.racks.map((rack) => [rack.row, rack.cooledBy ?? []]));
  for (const [row, cooledBy] of rows)
    for (const pac of cooledBy)
      connect({ type: 'cools', from: key(pac), to: key(`row:${row}`), why: 'configured' });
}

/** Router → broker, gateway and collector → device. A router is reached by itself unless `via` says through what. */
function addData(parts: SiteParts, { add, connect, key }: Builder): void {
  const routers = parts.devices.filter((device) => device.kind === 'router' && device.via === undefined);
  const shared = sharedAddresses(parts.devices);
  const carriers = [
    'collector:site',
    ...parts.brokers.map((broker) => `broker:${broker}`),
    ...[...shared].map((address) => `gateway:${address}`),
  ];
  for (const id of carriers) {
    const kind = id.startsWith('broker:') ? 'broker' : id.startsWith('gateway:') ? 'gateway' : 'collector';
    add({ kind, id });
    for (const router of routers) connect({ type: 'carries', from: key(router.id), to: key(id) });
  }
  for (const device of parts.devices) {
    for (const through of device.via ?? [])
      connect({ type: 'carries', from: key(through), to: key(device.id), why: 'configured' });
    if (device.kind === 'router') continue;
    const carrier =
      'broker' in device.reached
        ? `broker:${device.reached.broker}`
        : shared.has(device.reached.address)
          ? `gateway:${device.reached.address}`
          : 'collector:site';
    connect({ type: 'carries', from: key(carrier), to: key(device.id) });
  }
}

function sharedAddresses(devices: readonly SiteDevice[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { reached } of devices) {
    if (!('address' in reached)) continue;
    if (seen.has(reached.address)) shared.add(reached.address);
    seen.add(reached.address);
  }
  return shared;
}
