import { defined } from '../../core/defined.ts';
import type { FeedName, RackFunction } from '../schema/common.ts';
import type { DeviceEntry, RowsEntry, SiteFile } from '../schema/site.ts';
import type { Path } from '../read/source.ts';
import { fillPattern, placeholdersIn, type PatternValues } from './points.ts';

export interface RackDraft {
  readonly id: string;
  readonly room: string;
  readonly row: string;
  readonly number: number;
  readonly label: string;
  readonly function: RackFunction;
  readonly breakers?: Readonly<
    Partial<Record<FeedName, { readonly amps: number; readonly assumed?: true | undefined }>>
  >;
  /** The entry of `rows` that it comes from. */
  readonly path: Path;
}

/** One part of a device that serves several racks, and what that part measures. */
export interface Claim {
  readonly part: string;
  readonly rack: string;
  readonly feed?: FeedName;
}

/** A device as the site file declares it, whether by its own entry or by the row it belongs to. */
export interface DeviceDraft {
  readonly entry: Omit<DeviceEntry, 'address'>;
  readonly address: string;
  /** Where it and its address are in the site file. */
  readonly path: Path;
  readonly addressPath: Path;
  readonly claims: readonly Claim[];
}

type RackDevice = RowsEntry['inlet'] & Pick<RowsEntry['feeds']['A'], 'breaker'>;

/** A place in the row for which a device is declared. */
interface Place {
  readonly rack: RackDraft;
  readonly feed?: FeedName;
  readonly values: PatternValues;
  readonly pattern: RackDevice;
  readonly path: Path;
  readonly ownAddress?: { readonly text: string; readonly path: Path };
}

/**
 * Racks and devices of a site. A device pattern without `{rack}` or `{number}` names one device for the whole row;
 * its parts then measure the racks. Two drafts of one id come out only where the file declares it twice.
 */
export function expandSite(site: SiteFile): { racks: RackDraft[]; devices: DeviceDraft[] } {
  const racks: RackDraft[] = [];
  const shared = new Map<string, DeviceDraft & { claims: Claim[] }>();
  const devices: DeviceDraft[] = site.devices.map(({ address, ...entry }, index) => ({
    entry,
    address,
    path: ['devices', index],
    addressPath: ['devices', index, 'address'],
    claims: [],
  }));
  for (const place of placesOf(site, racks)) {
    const draft = draftOf(place);
    const part = place.pattern.part;
    // What such a device measures is undefined; the checks refuse it.
    if (part === undefined && isShared(place.pattern)) continue;
    if (part === undefined) {
      devices.push({ ...draft, claims: [] });
      continue;
    }
    const claim = {
      part: fillPattern(part, place.values),
      rack: place.rack.id,
      ...(place.feed === undefined ? {} : { feed: place.feed }),
    };
    const known = shared.get(draft.entry.device);
    if (known === undefined) {
      const first = { ...draft, claims: [claim] };
      shared.set(draft.entry.device, first);
      devices.push(first);
    } else known.claims.push(claim);
  }
  return { racks, devices };
}

function* placesOf(site: SiteFile, racks: RackDraft[]): Generator<Place> {
  let rowNumber = 0;
  for (const [index, entry] of site.rows.entries()) {
    const path = ['rows', index];
    for (const row of entry.rows) {
      rowNumber += 1;
      for (let number = 1; number <= entry.racks; number += 1) {
        const at = (entry.exceptions[row] ?? []).findIndex((each) => each.number === number);
        const exception = entry.exceptions[row]?.[at];
        if (exception?.absent === true) continue;
        const name = `${row.toLowerCase()}${String(number).padStart(2, '0')}`;
        const rack: RackDraft = {
          id: `rack-${name}`,
          room: entry.room,
          row,
          number,
          label: `${row}-${String(number).padStart(2, '0')}`,
          function: exception?.function ?? entry.function,
          ...breakersOf(entry),
          path,
        };
        racks.push(rack);
        const values = {
          row: row.toLowerCase(),
          rowNumber: String(rowNumber),
          number: String(number),
          rack: name,
        };
        const own = (text: string | undefined, ...rest: string[]): Pick<Place, 'ownAddress'> =>
          text === undefined ? {} : { ownAddress: { text, path: [...path, 'exceptions', row, at, ...rest] } };
        for (const feed of ['A', 'B'] as const)
          yield {
            rack, feed, values: { ...values, feed: feed.toLowerCase() }, pattern: entry.feeds[feed],
            path: [...path, 'feeds', feed], ...own(exception?.feeds?.[feed], 'feeds', feed),
          }; // prettier-ignore
        yield {
          rack,
          values,
          pattern: entry.inlet,
          path: [...path, 'inlet'],
          ...own(exception?.inlet, 'inlet'),
        };
      }
    }
  }
}

function breakersOf({ feeds: { A, B } }: RowsEntry): Pick<RackDraft, 'breakers'> {
  const breakers = defined({ A: A.breaker, B: B.breaker });
  return Object.keys(breakers).length === 0 ? {} : { breakers };
}

function draftOf(place: Place): Omit<DeviceDraft, 'claims'> {
  const { device, address, part, breaker: _breaker, ...options } = place.pattern;
  const entry = {
    ...options,
    device: fillPattern(device, place.values),
    room: place.rack.room,
    ...(part === undefined ? { rack: place.rack.id } : {}),
    ...(place.feed !== undefined && part === undefined ? { feed: place.feed } : {}),
    ...(place.feed === undefined ? { position: 'inlet' as const } : {}),
  };
  return {
    entry,
    address: place.ownAddress?.text ?? fillPattern(address, place.values),
    path: place.path,
    addressPath: place.ownAddress?.path ?? [...place.path, 'address'],
  };
}

/** A pattern that names one device for a whole row. */
export function isShared(pattern: RackDevice): boolean {
  return !placeholdersIn(pattern.device).some((name) => name === 'rack' || name === 'number');
}
