import type { Device, Model, Point } from './model.ts';
import type { DeviceKind, Label } from './schema/common.ts';
import { kindNames } from './schema/kind-names.ts';
import { partName } from './schema/part-names.ts';

/** Names as people say them, never ids: for titles, messages and explanations. */
export interface Names {
  /** Of a node of the topology: "UPS A1", "Rak C-14", "PLN A". */
  readonly node: (key: string) => Label;
  /** Of what a point is measured at: the rack, else the device, room or site. */
  owner(point: Pick<Point, 'site' | 'rack' | 'device' | 'room' | 'owner'>): Label;
  /** The same by the point's id; undefined: the configuration no longer has it. */
  readonly ownerOfPoint: (id: string) => Label | undefined;
  /** Of what a point is measured at, with its feed or part: "Rak A-01 jalur B", "Genset 1 L2". */
  point(point: Pick<Point, 'site' | 'rack' | 'device' | 'room' | 'owner' | 'feed' | 'part'>): Label;
  /** Undefined for a point outside any room. */
  room(point: Pick<Point, 'site' | 'room'>): Label | undefined;
  site(id: string): string;
  /** What such things are called when they are counted. */
  nodeNoun(key: string): Label;
  noun(point: Pick<Point, 'kind' | 'rack' | 'source' | 'owner'>): Label;
}

const nouns: Readonly<Record<DeviceKind, Label>> = {
  ups: { id: 'UPS', en: 'UPSs' },
  pac: { id: 'PAC', en: 'PACs' },
  vesda: { id: 'detektor asap', en: 'smoke detectors' },
  genset: { id: 'genset', en: 'gensets' },
  ats: { id: 'ATS', en: 'ATSs' },
  pdu: { id: 'PDU', en: 'PDUs' },
  meter: { id: 'meter daya', en: 'power meters' },
  env: { id: 'sensor iklim', en: 'climate sensors' },
  leak: { id: 'detektor air', en: 'water detectors' },
  door: { id: 'pintu', en: 'doors' },
  'fire-panel': { id: 'panel kebakaran', en: 'fire panels' },
  cctv: { id: 'perekam CCTV', en: 'CCTV recorders' },
  'fuel-tank': { id: 'tangki', en: 'tanks' },
  router: { id: 'router', en: 'routers' },
};

const namesByModel = new WeakMap<Model, Names>();

/** Those of a model; made once, since making them looks through every rack. */
export function namesOf(model: Model): Names {
  const names = namesByModel.get(model) ?? createNames(model);
  namesByModel.set(model, names);
  return names;
}

function createNames(model: Model): Names {
  const racks = new Map(model.racks.map((rack) => [rack.key, rack]));
  const rooms = new Map(model.rooms.map((room) => [room.key, room.name]));
  const sites = new Map(model.sites.map(({ id, name }) => [id, name]));

  function rack(label: string): Label {
    return { id: `Rak ${label}`, en: `Rack ${label}` };
  }

  function device({ id, site, kind, name, rack: inRack, feed, room }: Device): Label {
    if (name !== undefined) return name;
    const place = inRack === undefined ? undefined : racks.get(`${site}/${inRack}`);
    if (place !== undefined) {
      const [jalur, feedName] = feed === undefined ? ['', ''] : [` jalur ${feed}`, ` feed ${feed}`];
      return {
        id: `${kindNames[kind].id} rak ${place.label}${jalur}`,
        en: `${kindNames[kind].en} of rack ${place.label}${feedName}`,
      };
    }
    if (id === kind) return kindNames[kind];
    const rest = id.startsWith(`${kind}-`) ? id.slice(kind.length + 1) : id;
    const roomName = rooms.get(`${site}/${room}`);
    if (roomName !== undefined && (rest === room || rest.startsWith(`${room}-`))) {
      const number = rest.slice(room.length).replaceAll('-', ' ').toUpperCase();
      return {
        id: `${kindNames[kind].id} ${roomName.id}${number}`,
        en: `${kindNames[kind].en} ${roomName.en}${number}`,
      };
    }
    const short = rest.replaceAll('-', ' ').toUpperCase();
    return { id: `${kindNames[kind].id} ${short}`, en: `${kindNames[kind].en} ${short}` };
  }

  function node(key: string): Label {
    const inRack = racks.get(key);
    if (inRack !== undefined) return rack(inRack.label);
    const known = model.deviceById.get(key);
    if (known !== undefined) return device(known);
    const room = rooms.get(key);
    if (room !== undefined) return room;
    const [site = '', id = ''] = key.split(/\/(.*)/s);
    const of = sites.get(site) ?? site;
    const [kind, name = ''] = id.split(/:(.*)/s);
    switch (kind) {
      case 'grid': {
        const feed = model.topology.node(key)?.feed ?? name.replace(/^pln-/, '').toUpperCase();
        return name === 'site' ? same('PLN') : same(`PLN ${feed}`);
      }
      case 'panel':
        return { id: `Jalur ${name}`, en: `Feed ${name}` };
      case 'row':
        return { id: `Baris ${name}`, en: `Row ${name}` };
      case 'collector':
        return { id: `Kolektor ${of}`, en: `Collector of ${of}` };
      case 'broker':
        return { id: 'broker MQTT', en: 'the MQTT broker' };
      case 'gateway':
        return { id: `gerbang ${name}`, en: `gateway ${name}` };
      default:
        return same(id === '' ? of : id);
    }
  }

  function ownerOf({
    site,
    rack: inRack,
    device: measuring,
    room,
    owner,
  }: Parameters<Names['owner']>[0]): Label {
    const place = inRack === undefined ? undefined : racks.get(`${site}/${inRack}`);
    if (place !== undefined) return rack(place.label);
    if (owner.kind === 'site') return same(sites.get(site) ?? site);
    return node(`${site}/${measuring ?? room ?? owner.id}`);
  }

  return {
    node,
    owner: ownerOf,
    ownerOfPoint(id) {
      const known = model.pointById.get(id);
      return known === undefined ? undefined : ownerOf(known);
    },
    point(point) {
      const { rack: inRack, feed, part } = point;
      const { id, en } = ownerOf(point);
      if (inRack !== undefined)
        return feed === undefined ? { id, en } : { id: `${id} jalur ${feed}`, en: `${en} feed ${feed}` };
      if (part === undefined) return { id, en };
      const of = partName(part);
      return { id: `${id} ${of.id}`, en: `${en} ${of.en}` };
    },
    room: ({ site, room }) => (room === undefined ? undefined : rooms.get(`${site}/${room}`)),
    site: (id) => sites.get(id) ?? id,
    nodeNoun(key) {
      switch (model.topology.node(key)?.kind) {
        case 'room':
          return { id: 'ruang', en: 'rooms' };
        case 'panel':
          return { id: 'jalur', en: 'feeds' };
        case 'grid':
          return { id: 'sumber PLN', en: 'PLN sources' };
        default:
          return { id: 'titik jaringan', en: 'network nodes' };
      }
    },
    noun({ kind, rack: inRack, source, owner }) {
      if (inRack !== undefined && source.from !== 'link') return { id: 'rak', en: 'racks' };
      if (kind !== undefined) return nouns[kind];
      return owner.kind === 'room' ? { id: 'ruang', en: 'rooms' } : { id: 'lokasi', en: 'sites' };
    },
  };
}

function same(text: string): Label {
  return { id: text, en: text };
}
