import type { Model } from '../../config/model.ts';
import { slugOf } from '../profile/parts.ts';

/** A room or rack of a site, with the names people write it by. */
interface NamedPlace {
  readonly room: string;
  readonly rack?: string;
  readonly names: readonly string[];
}

/** Where a site's devices may stand, and the ids that are taken. */
export interface SitePlaces {
  readonly site: string;
  readonly rooms: readonly string[];
  readonly places: readonly NamedPlace[];
  readonly taken: ReadonlySet<string>;
}

export function placesOf(model: Pick<Model, 'rooms' | 'racks' | 'devices'>, site: string): SitePlaces {
  const rooms = model.rooms.filter((room) => room.site === site);
  const racks = model.racks.filter((rack) => rack.site === site);
  return {
    site,
    rooms: rooms.map(({ id }) => id),
    places: [
      ...racks.map(({ id, room, label }) => ({ room, rack: id, names: [id, label] })),
      ...rooms.map(({ id, name }) => ({ room: id, names: [id, name.id, name.en] })),
    ],
    taken: new Set([
      ...rooms.map(({ id }) => id),
      ...racks.map(({ id }) => id),
      ...model.devices.flatMap((device) => (device.site === site ? [device.id] : [])),
    ]),
  };
}

export interface PlaceGuess {
  readonly room: string;
  readonly rack?: string;
  /** What the device says that led here. */
  readonly because: string;
}

/** The rack or room that a text names, as whole words; the longest name wins. Undefined: none, or two of equal length. */
export function guessPlace(texts: readonly string[], { places }: SitePlaces): PlaceGuess | undefined {
  for (const text of texts) {
    const words = `-${slugOf(text)}-`;
    const found = places.flatMap((place) => {
      const longest = Math.max(
        0,
        ...place.names
          .map(slugOf)
          .map((name) => (name !== '' && words.includes(`-${name}-`) ? name.length : 0)),
      );
      return longest === 0 ? [] : [{ place, longest }];
    });
    const most = Math.max(...found.map(({ longest }) => longest));
    const best = found.filter(({ longest }) => longest === most);
    const [first] = best;
    if (first === undefined || best.length > 1) continue;
    const { room, rack } = first.place;
    return { room, ...(rack === undefined ? {} : { rack }), because: text };
  }
  return undefined;
}
