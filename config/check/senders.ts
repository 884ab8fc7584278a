import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { Report } from './report.ts';

/** Who pushes under which name, by transport and name; one map for all sites. */
export type Senders = Map<string, string>;

/** What is looked at of a device of a site's file. */
interface Sender {
  readonly entry: { readonly device: string; readonly profile: string };
  readonly address: string;
  readonly path: Path;
}

/** A controller that pushes is known by its name alone, whichever site it is at: the second one would get the events of the first. */
export function checkSenders(
  devices: readonly Sender[],
  {
    profiles,
    senders,
    siteId,
  }: {
    readonly profiles: ProfileLookup;
    readonly senders: Senders;
    readonly siteId: string;
  },
  report: Report,
): void {
  for (const { entry, address, path } of devices) {
    const profile = profiles.get(entry.profile);
    if (profile === undefined || profile === 'broken' || profile.protocol !== 'push') continue;
    const name = `${profile.transport} ${address}`;
    const taken = senders.get(name);
    if (taken === undefined) senders.set(name, `${siteId}/${entry.device}`);
    else
      report([...path, 'address'], {
        found: `${quote(address)} is the address of ${taken} already`,
        expected: 'the serial number or name that this controller alone sends',
      });
  }
}
