import type { DeviceDraft, RackDraft } from '../build/rows.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { Profile } from '../schema/profile.ts';
import type { SiteFile } from '../schema/site.ts';
import type { SiteDevice, SiteParts } from './site.ts';

interface PartsOptions {
  readonly site: string;
  readonly file: SiteFile;
  readonly racks: readonly RackDraft[];
  readonly devices: readonly DeviceDraft[];
  /** A profile whose own file is broken is known by name only. */
  readonly profiles: ProfileLookup;
}

/** What the topology needs of a site's expanded file, whether it is valid or only being checked. */
export function sitePartsOf({ site, file, racks, devices, profiles }: PartsOptions): SiteParts {
  return {
    site,
    rooms: file.rooms.map(({ room, kind, cooledBy }) => ({ id: room, kind, cooledBy })),
    racks: racks.map(({ id, room, row, path: [, index] }) => ({
      id,
      room,
      row,
      cooledBy: typeof index === 'number' ? file.rows[index]?.cooledBy : undefined,
    })),
    devices: devices.map((draft) => partOf(draft, file, profiles.get(draft.entry.profile))),
    brokers: Object.keys(file.brokers),
  };
}

function partOf(
  { entry, address, claims }: DeviceDraft,
  file: SiteFile,
  profile: Profile | 'broken' | undefined,
): SiteDevice {
  const known = profile === 'broken' ? undefined : profile;
  const byProfile = known === undefined || known.kind === 'any' ? undefined : known.kind;
  return {
    id: entry.device,
    kind: entry.kind ?? byProfile,
    role: entry.role,
    feed: entry.feed,
    room: entry.room,
    rack: entry.rack,
    claims,
    fedBy: entry.fedBy,
    via: entry.via,
    reached:
      known?.protocol === 'mqtt'
        ? { broker: brokerOf(entry, file) ?? '' }
        : { address: endpointOf(address, known?.protocol === 'modbus' ? 502 : 161) },
  };
}

/** `HOST:PORT`, the port also where the file leaves it out; of a serial line, its path. */
function endpointOf(address: string, usualPort: number): string {
  if (address.startsWith('/')) return address.slice(0, address.lastIndexOf('/'));
  const [place = address] = address.split('/');
  return place.includes(':') ? place : `${place}:${usualPort}`;
}

/** The broker a device names, else the site's only one. */
export function brokerOf(
  entry: Pick<DeviceDraft['entry'], 'broker'>,
  file: Pick<SiteFile, 'brokers'>,
): string | undefined {
  const names = Object.keys(file.brokers);
  return entry.broker ?? (names.length === 1 ? names[0] : undefined);
}
