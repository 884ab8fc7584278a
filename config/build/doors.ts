import type { Device, Door, Room } from '../model.ts';
import type { Profile } from '../schema/profile.ts';
import { outside, type DeviceEntry } from '../schema/site.ts';
import { readOptions } from './points.ts';
import { plannedReads } from './reads.ts';
import type { Claim, DeviceDraft } from './rows.ts';

/** The doors of a device by part, as its profile and entry name them. */
export function doorParts(
  entry: Pick<DeviceEntry, 'parts' | 'inputs' | 'instance' | 'modbus'>,
  { profile, claims }: { readonly profile: Profile; readonly claims: readonly Claim[] },
): string[] {
  const reads = plannedReads(profile, readOptions(profile, entry, claims));
  const parts = reads.flatMap(({ part, quantity }) =>
    part !== undefined && quantity === 'door-state' ? part : [],
  );
  return [...new Set(parts.length > 0 ? parts : Object.values(entry.parts ?? {}).flat())];
}

/** What is on either side of every door of a site. Doors of racks lead into no room. */
export function buildDoors(
  drafts: readonly DeviceDraft[],
  { devices, rooms }: { readonly devices: readonly Device[]; readonly rooms: readonly Room[] },
): Door[] {
  const corridor = rooms.find(({ kind }) => kind === 'corridor')?.id ?? null;
  return devices.flatMap((device, place): Door[] => {
    const draft = drafts[place];
    if (device.kind !== 'door' || device.rack !== undefined || draft === undefined) return [];
    const parts = doorParts(draft.entry, { profile: device.profile, claims: draft.claims });
    const byDefault = { from: device.room === corridor ? null : corridor, to: device.room };
    return (parts.length > 0 ? parts : [undefined]).map((part): Door => {
      const leads = part === undefined ? undefined : draft.entry.leads?.[part];
      return {
        key: part === undefined ? device.key : `${device.key}/${part}`,
        site: device.site,
        device: device.id,
        ...(part === undefined ? {} : { part }),
        ...(leads === undefined ? byDefault : { from: sideOf(leads.from), to: sideOf(leads.to) }),
        isMantrap: device.role === 'mantrap',
      };
    });
  });
}

function sideOf(side: string): string | null {
  return side === outside ? null : side;
}
