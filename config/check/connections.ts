import { connectionOf, parseModbusAddress, serialText } from '../build/address.ts';
import { quote } from '../problem.ts';
import type { DeviceDraft } from '../build/rows.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { Report } from './report.ts';

/** By connection, as the process that polls it knows it: its first device, `site/device`, and how that one wants it set. */
export type Connections = Map<string, { readonly device: string; readonly settings: string }>;

interface ConnectionContext {
  readonly profiles: ProfileLookup;
  readonly connections: Connections;
  readonly siteId: string;
  /** Its collector is another process, most often on another machine: its /dev/ttyUSB0 is not ours. */
  readonly isRemote: boolean;
}

/**
 * Devices behind one host and port, or on one serial line, share its connection, so their settings for it must agree: also those of two
 * sites that one process polls.
 */
export function checkConnections(
  devices: readonly DeviceDraft[],
  { profiles, connections, siteId, isRemote }: ConnectionContext,
  report: Report,
): void {
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
    const place = parseModbusAddress(address, entry.modbus);
    if (place === undefined) continue;
    const isSerial = 'line' in place;
    const foreign = isSerial ? 'framing' : 'serial';
    if (entry.modbus?.[foreign] !== undefined) {
      report([...path, 'modbus', foreign], {
        found: `is not allowed, since the address ${isSerial ? 'is a serial line' : 'is no serial line'}`,
        expected: isSerial
          ? 'no framing: a line speaks RTU'
          : 'it only with an address such as /dev/ttyUSB0/1',
      });
      continue;
    }
    const connection = connectionOf(place);
    const settings = isSerial ? serialText(place.line) : (entry.modbus?.framing ?? 'tcp');
    const key = isRemote ? `${siteId} ${connection}` : connection;
    const known = connections.get(key);
    if (known === undefined) connections.set(key, { device: `${siteId}/${entry.device}`, settings });
    else if (known.settings !== settings)
      report([...path, 'modbus', isSerial ? 'serial' : 'framing'], {
        found: `is ${quote(settings)}, but ${quote(known.settings)} for ${known.device} ${isSerial ? 'on' : 'behind'} ${connection}`,
        expected: isSerial
          ? 'the same settings for all units of a line'
          : 'one framing for all units of a gateway: "rtu" in each of them, or in none',
      });
  }
}
