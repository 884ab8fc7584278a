import { adHocDevice } from '../../config/build/points.ts';
import { partGroups } from '../../config/build/reads.ts';
import type { Point } from '../../config/model.ts';
import { loadFolder, shippedLibrary } from '../../config/read/files.ts';
import { profileSchema, type Profile } from '../../config/schema/profile.ts';

/** Every profile of the library. */
export function libraryProfiles(): Profile[] {
  return loadFolder(`${shippedLibrary()}/profiles`, profileSchema).flatMap(({ name, value }) =>
    value === undefined ? [] : [{ ...value, name }],
  );
}

/** All that a device of the profile may say; what stands in rows that only the device can name, as the first row. */
export function pointsOfProfile(profile: Profile): readonly Point[] {
  const parts = Object.fromEntries(
    [...partGroups(profile)].map(([group, own]) => [group, own.length === 0 ? ['l1'] : [...own]]),
  );
  const address = { protocol: 'modbus', host: 'nowhere', port: 502, unit: 1 } as const;
  return adHocDevice(profile, address, { parts }).points;
}
