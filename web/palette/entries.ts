import { deviceTag } from '../../domain/devices.ts';
import type { SiteView } from '../../server/contracts/sites.ts';

/** Something that can be gone to. */
export interface Entry {
  readonly group: 'site' | 'room' | 'rack' | 'device' | 'incident' | 'ticket' | 'page';
  readonly key: string;
  readonly to: string;
  readonly text: string;
  /** Where it is, or what it is. */
  readonly note: string;
}

/** Every word must be in what an entry is called; those whose name begins with the first word come first. */
export function found(entries: readonly Entry[], typed: string, most: number): Entry[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first] = words;
  if (first === undefined) return [];
  const begins = ({ text }: Entry): boolean => text.toLowerCase().startsWith(first);
  return entries
    .filter(({ text, note }) => {
      const all = `${text} ${note}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => Number(begins(b)) - Number(begins(a)))
    .slice(0, most);
}

/** Sites with their rooms, racks and devices. */
export function placesOf(
  sites: readonly SiteView[],
  label: (text: { id: string; en: string }) => string,
): Entry[] {
  return sites.flatMap((site) => {
    const roomName = new Map(site.rooms.map((room) => [room.id, label(room.name)]));
    const where = (room: string): string => `${roomName.get(room) ?? room} · ${site.name}`;
    return [
      { group: 'site', key: site.id, to: `/situs/${site.id}`, text: site.name, note: site.building },
      ...site.rooms.map((room): Entry => ({ group: 'room', key: `${site.id}/${room.id}`, to: `/ruang/${site.id}/${room.id}`, text: label(room.name), note: site.name })),
      ...site.racks.map((rack): Entry => ({ group: 'rack', key: `${site.id}/${rack.id}`, to: `/rak/${site.id}/${rack.id}`, text: rack.label, note: where(rack.room) })),
      ...site.devices.map((device): Entry => ({ group: 'device', key: `${site.id}/${device.id}`, to: `/perangkat/${site.id}/${device.id}`, text: label(device.name), note: [deviceTag(device.id), `${device.maker} ${device.model}`, where(device.room)].join(' · ') })),
    ] satisfies Entry[];
  }); // prettier-ignore
}
