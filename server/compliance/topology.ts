import type { Device, Model, Room, Site } from '../../config/model.ts';
import type { TopologyCheck } from '../../config/schema/compliance.ts';
import { feedNames } from '../../config/topology/graph.ts';
import { namesText, plain } from '../../domain/wording/compliance.ts';
import { namesOf } from '../../config/names.ts';
import type { DeviceKind, Label } from '../../config/schema/common.ts';
import type { Judged } from '../contracts/compliance.ts';

/** What a site's configuration proves of the catalogue's rows. Pure: it changes only with the configuration. */
export function judgeTopology(model: Model, site: Site, check: TopologyCheck): Judged {
  return checks[check](partsOf(model, site));
}

interface Parts {
  readonly model: Model;
  readonly site: Site;
  readonly halls: readonly Room[];
  readonly ofKind: (kind: DeviceKind) => readonly Device[];
}

function partsOf(model: Model, site: Site): Parts {
  return {
    model,
    site,
    halls: model.rooms.filter((room) => room.site === site.id && room.kind === 'data-hall'),
    ofKind: (kind) => model.devices.filter((device) => device.site === site.id && device.kind === kind),
  };
}

const holds = (id: string, en: string): Judged => ({ verdict: 'holds', reason: plain(id, en) });
const fails = (id: string, en: string): Judged => ({ verdict: 'fails', reason: plain(id, en) });
const open = (id: string, en: string): Judged => ({ verdict: 'not-proven', reason: plain(id, en) });

/** A configuration without the thing shows that it is not watched, not that it is not there. */
function perHall(parts: Parts, what: Label, found: (hall: Room) => number): Judged {
  const { halls } = parts;
  if (halls.length === 0) return open('Tidak ada ruang data di konfigurasi', 'No data hall in the configuration');
  const without = halls.filter((hall) => found(hall) === 0);
  const total = halls.reduce((sum, hall) => sum + found(hall), 0);
  if (without.length === 0)
    return holds(`${total} ${what.id} di ${halls.length} ruang data`, `${total} ${what.en} in ${halls.length} data halls`);
  const unwatched = without.map(({ name }) => name);
  return open(
    `Tidak ada ${what.id} yang dipantau di ${namesText(unwatched, 'id')}`,
    `No ${what.en} is watched in ${namesText(unwatched, 'en')}`,
  );
} // prettier-ignore

function some(count: number, needed: number, what: Label): Judged {
  const id = `${count} ${what.id} di konfigurasi`;
  const en = `${count} ${what.en} in the configuration`;
  return count >= needed ? holds(id, en) : open(`${id}, perlu ${needed}`, `${en}, ${needed} needed`);
}

/** Points of fire panels that watch a room, by quantity. */
function zones({ ofKind }: Parts, room: string, quantity: string): number {
  return ofKind('fire-panel').flatMap(({ points }) => points).filter((point) => point.quantity === quantity && point.room === room).length;
} // prettier-ignore

/** How many are enough follows from the load: that is measured. One alone is never redundant. What a plate does not say, a document proves. */
function gensets({ model, site, ofKind }: Parts): Judged {
  const sets = ofKind('genset');
  const needed = site.standard.gensets.rating;
  const others = sets.filter(({ nameplate }) => nameplate?.duty !== undefined && nameplate.duty !== needed);
  if (others.length > 0) {
    const names = namesOf(model);
    const plates = others.map(({ key, nameplate }): Label => {
      const { id, en } = names.node(key);
      return plain(`${id} (${nameplate?.duty ?? ''})`, `${en} (${nameplate?.duty ?? ''})`);
    });
    return fails(
      `Pelat nama bukan ${needed}: ${namesText(plates, 'id')}`,
      `The nameplate is not ${needed}: ${namesText(plates, 'en')}`,
    );
  }
  const count = some(sets.length, 2, plain('genset', 'gensets'));
  const rated = sets.filter(({ nameplate }) => nameplate?.duty === needed).length;
  if (count.verdict !== 'holds' || rated === 0) return count;
  return holds(
    `${sets.length} genset di konfigurasi, ${rated} dengan pelat ${needed}`,
    `${sets.length} gensets in the configuration, ${rated} with a ${needed} nameplate`,
  );
}

const checks: Readonly<Record<TopologyCheck, (parts: Parts) => Judged>> = {
  racks({ model, site }) {
    const count = model.racks.filter((rack) => rack.site === site.id).length;
    const { max } = site.standard.racks;
    const id = `${count} rak, paling banyak ${max}`;
    const en = `${count} racks, at most ${max}`;
    return count <= max ? holds(id, en) : fails(id, en);
  },
  'rack-feeds'({ model, site }) {
    const racks = model.racks.filter((rack) => rack.site === site.id);
    const lacking = racks.filter(({ key }) =>
      feedNames.some((feed) => model.topology.paths(key, 'supplies', feed).length === 0),
    );
    if (racks.length === 0) return open('Tidak ada rak di konfigurasi', 'No rack in the configuration');
    if (lacking.length === 0)
      return holds(`${racks.length} rak berjalur A dan B`, `${racks.length} racks with feeds A and B`);
    const names = lacking.map(({ label }) => plain(label, label));
    return fails(
      `${lacking.length} rak tanpa salah satu jalur: ${namesText(names, 'id')}`,
      `${lacking.length} racks lack a feed: ${namesText(names, 'en')}`,
    );
  },
  'pln-sources': ({ model, site }) =>
    some(
      model.devices.filter((device) => device.site === site.id && device.role === 'incomer').length,
      2,
      plain('sumber PLN', 'PLN sources'),
    ),
  'hall-doors': (parts) =>
    perHall(
      parts,
      plain('pengendali pintu', 'door controllers'),
      (hall) => parts.ofKind('door').filter(({ room }) => room === hall.id).length,
    ),
  mantrap: ({ ofKind }) =>
    some(
      ofKind('door').filter(({ role }) => role === 'mantrap').length,
      1,
      plain('pintu mantrap', 'mantrap door'),
    ),
  'hall-pacs': (parts) =>
    perHall(
      parts,
      plain('PAC', 'PACs'),
      (hall) => parts.model.topology.into(hall.key, 'cools').length,
    ),
  'hall-climate': (parts) =>
    perHall(
      parts,
      plain('sensor suhu dan kelembapan', 'temperature and humidity sensors'),
      (hall) =>
        parts
          .ofKind('env')
          .filter(({ room, position }) => room === hall.id && (position === 'inlet' || position === 'room'))
          .filter(({ points }) =>
            ['temperature', 'humidity'].every((name) => points.some(({ quantity }) => quantity === name)),
          ).length,
    ),
  'hall-vesda': (parts) =>
    perHall(
      parts,
      plain('VESDA', 'VESDA detectors'),
      (hall) => parts.ofKind('vesda').filter(({ room }) => room === hall.id).length,
    ),
  'hall-fire-zones': (parts) =>
    perHall(parts, plain('zona asap dan panas', 'smoke and heat zones'), (hall) =>
      Math.min(zones(parts, hall.id, 'fire-alarm'), zones(parts, hall.id, 'heat-alarm')),
    ),
  'genset-fire-zones'(parts) {
    const rooms = parts.model.rooms.filter(({ site, kind }) => site === parts.site.id && kind === 'genset');
    const lacking = rooms.filter(
      ({ id }) => zones(parts, id, 'fire-alarm') === 0 || zones(parts, id, 'co2-release') === 0,
    );
    if (rooms.length === 0) return open('Tidak ada ruang genset di konfigurasi', 'No genset room in the configuration');
    if (lacking.length === 0)
      return holds(`Zona api dan CO₂ di ${rooms.length} ruang genset`, `Fire and CO₂ zones in ${rooms.length} genset room(s)`);
    return open('Zona api atau CO₂ ruang genset tidak dipantau', 'A fire or CO₂ zone of the genset room is not watched');
  },
  'hall-leak': (parts) =>
    perHall(
      parts,
      plain('detektor air', 'water detectors'),
      (hall) => parts.ofKind('leak').filter(({ room }) => room === hall.id).length,
    ),
  'operating-room': ({ model, site }) =>
    some(
      model.rooms.filter((room) => room.site === site.id && room.kind === 'ocr').length,
      1,
      plain('ruang OCR', 'control room'),
    ),
  'ups-per-feed'({ model, site }) {
    const counts = feedNames.map(
      (feed) =>
        model.topology
          .into(`${site.id}/panel:${feed}`, 'supplies')
          .filter(({ from }) => model.deviceById.get(from)?.kind === 'ups').length,
    );
    const [a = 0, b = 0] = counts;
    const id = `UPS jalur A: ${a}, jalur B: ${b}`;
    const en = `UPSs of feed A: ${a}, feed B: ${b}`;
    return Math.min(a, b) >= 2 ? holds(id, en) : open(`${id}, perlu 2 setiap jalur`, `${en}, 2 needed of each`);
  },
  cctv: ({ ofKind }) => some(ofKind('cctv').length, 1, plain('perekam CCTV', 'CCTV recorder')),
  gensets,
  providers: ({ ofKind }) => some(ofKind('router').length, 2, plain('router penyedia', 'provider routers')),
}; // prettier-ignore
