import { parseModbusAddress } from '../build/address.ts';
import type { DeviceDraft } from '../build/rows.ts';
import { quote } from '../problem.ts';
import type { Report } from './report.ts';
import type { SiteContext } from './site.ts';

/** Devices behind one host and port share its connection, so they must speak to it alike. */
export function checkGateways(
  devices: readonly DeviceDraft[],
  { profiles }: Pick<SiteContext, 'profiles'>,
  report: Report,
): void {
  const first = new Map<string, { readonly device: string; readonly framing: string }>();
  for (const { entry, address, path } of devices) {
    const profile = profiles.get(entry.profile);
    if (profile === undefined || profile === 'broken') continue;
    if (profile.protocol !== 'modbus') {
      if (entry.modbus !== undefined)
        report([...path, 'modbus'], {
          found: `is not allowed, since ${quote(entry.profile)} is for ${profile.protocol}`,
          expected: 'it only with Modbus devices',
        });
      continue;
    }
    const place = parseModbusAddress(address);
    if (place === undefined) continue;
    const gateway = `${place.host}:${place.port}`;
    const framing = entry.modbus?.framing ?? 'tcp';
    const known = first.get(gateway);
    if (known === undefined) first.set(gateway, { device: entry.device, framing });
    else if (known.framing !== framing)
      report([...path, 'modbus', 'framing'], {
        found: `is ${quote(framing)}, but ${quote(known.framing)} for ${known.device} behind ${gateway}`,
        expected: 'one framing for all units of a gateway: "rtu" in each of them, or in none',
      });
  }
}
