import { z } from 'zod';
import { presenceView, type PresenceView, type PresentPerson } from '../../server/contracts/presence.ts';

/** The browser's `localStorage`, or a map in a test. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
export type PresentRoom = PresenceView['rooms'][number];

/** The last list that this browser received, with the names that the page needs without the server. */
const keptMuster = z.object({
  view: presenceView,
  /** Names of the sites, by id. */
  sites: z.record(z.string(), z.string()),
});
export type KeptMuster = z.infer<typeof keptMuster>;

const listKey = 'pantau.kumpul.daftar';
const foundKey = 'pantau.kumpul.ditemukan';

function read<Schema extends z.ZodType>(storage: TextStorage, key: string, schema: Schema): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(storage.getItem(key) ?? 'null')).data;
  } catch {
    return undefined;
  }
} // prettier-ignore

/** A browser whose storage is full or shut still shows the list that it has. */
function write(storage: TextStorage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing to do about it here: the page goes on with what it holds in memory.
  }
}

export function readMuster(storage: TextStorage): KeptMuster | undefined {
  return read(storage, listKey, keptMuster);
}
export function keepMuster(storage: TextStorage, kept: KeptMuster): void {
  write(storage, listKey, kept);
}

/** Who was ticked as found, in this browser only. */
export function readFound(storage: TextStorage): ReadonlySet<string> {
  return new Set(read(storage, foundKey, z.array(z.string())));
}
export function keepFound(storage: TextStorage, found: ReadonlySet<string>): void {
  write(storage, foundKey, [...found]);
}

/** At sign-out: names of persons do not stay behind. */
export function forgetMuster(storage: TextStorage): void {
  storage.removeItem(listKey);
  storage.removeItem(foundKey);
}

/** One person of the list, whatever room he is believed in. */
export function personKey(site: string, { kind, ticket, name }: PresentPerson): string {
  return [site, kind, ticket ?? '', name].join('|');
}

/** Those seen with the same credential are persons too. */
export function headCount(persons: readonly Pick<PresentPerson, 'others'>[]): number {
  return persons.reduce((sum, { others }) => sum + 1 + others, 0);
}

/** The rooms of a site, or all of them; those that nobody has said last. */
export function roomsOf(view: PresenceView, site: string | null): PresentRoom[] {
  return view.rooms.filter((room) => site === null || room.site === site);
}

/** By site, in the order of the list. */
export function bySite(rooms: readonly PresentRoom[]): [site: string, rooms: PresentRoom[]][] {
  const sites = new Map<string, PresentRoom[]>();
  for (const room of rooms) sites.set(room.site, [...(sites.get(room.site) ?? []), room]);
  return [...sites];
}

/** How many of a list are not ticked yet; those with the same credential count with their person. */
export function missingCount(rooms: readonly PresentRoom[], found: ReadonlySet<string>): number {
  return rooms.reduce(
    (sum, { site, persons }) =>
      sum + headCount(persons.filter((person) => !found.has(personKey(site, person)))),
    0,
  );
}
