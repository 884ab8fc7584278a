import { defined } from '../../core/defined.ts';
import type { Address, Device } from '../../config/model.ts';
import { adHocDevice } from '../../config/build/points.ts';
import type { Profile } from '../../config/schema/profile.ts';
import type { Clock } from '../../core/clock.ts';
import type { Driver } from '../drivers/driver.ts';
import { modbusDriver } from '../drivers/modbus/driver.ts';
import { snmpDriver } from '../drivers/snmp/driver.ts';
import { toReadings } from '../profile/decode.ts';
import { type Patience, type SnmpAddress, converse, listenOnce } from './listen.ts';
import { type Proposal, discoverInstances, discoverParts, identify } from './identify.ts';
import { type ProbeRow, toRow } from './row.ts';

export type ProbeTarget =
  /** A device of the configuration: all its points. */
  | { readonly device: Device }
  /** A model at an address: all parts that are found there. */
  | { readonly profile: Profile; readonly address: Address }
  /** An agent of which nothing is known: read by the profile that fits best, or by all whose own tables answer. */
  | { readonly candidates: readonly Profile[]; readonly address: SnmpAddress; readonly all?: boolean };

export interface ProbeOptions {
  readonly clock: Clock;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For one attempt at one request, SNMP; Modbus has its own patience. */
  readonly timeoutMs?: number;
  /** For everything together. */
  readonly deadlineMs?: number;
  /** How long a device is listened to that reports by itself. */
  readonly listenMs?: number | undefined;
}

export interface ProbeReport {
  /** By which it was read; several where all that fit were asked for. */
  readonly profiles: readonly Profile[];
  /** Only where the profile was looked for, best first. */
  readonly proposals: readonly Proposal[];
  readonly rows: readonly ProbeRow[];
}

/** The device said which profile it is not: none fits. */
export class UnknownDeviceError extends Error {}

/** Reads a device once, or listens to it. Rejects with FieldError when it does not answer, UnknownDeviceError when no profile fits. */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeReport> {
  const deadlineMs = options.deadlineMs ?? 60_000;
  const patience: Patience = {
    timeoutMs: options.timeoutMs ?? 2_000,
    signal: AbortSignal.timeout(deadlineMs),
    env: options.env ?? process.env,
  };
  const { clock } = options;
  const read = (device: Device): Promise<ProbeRow[]> =>
    device.address.protocol === 'mqtt'
      ? listenOnce(device, { clock, forMs: options.listenMs ?? 15_000 })
      : readOnce(driverFor(device, patience, deadlineMs), device, { clock, signal: patience.signal });
  if ('device' in target)
    return { profiles: [target.device.profile], proposals: [], rows: await read(target.device) };
  const proposals = 'candidates' in target ? await propose(target.candidates, target.address, patience) : [];
  const profiles = 'candidates' in target ? chosen(proposals, target.all ?? false) : [target.profile];
  const rows: ProbeRow[] = [];
  for (const profile of profiles) {
    for (const device of await devicesAt(profile, target.address, patience))
      rows.push(...(await read(device)));
  }
  return { profiles, proposals, rows };
}

async function propose(
  candidates: readonly Profile[],
  address: SnmpAddress,
  patience: Patience,
): Promise<readonly Proposal[]> {
  const { proposals, identity } = await converse(address, patience, (reader) => identify(candidates, reader));
  if (proposals.length > 0) return proposals;
  const said = `sysObjectID ${identity.objectId || 'none'}, sysDescr "${identity.description}"`;
  throw new UnknownDeviceError(
    `the agent answers (${said}), but none of the profiles fits; write one (docs/adding-a-device.md), or choose one with --profile`,
  );
}

/** One agent may be several things (a UPS, its PDU and a PAC): all of which something answers, or the best. */
function chosen(proposals: readonly Proposal[], all: boolean): Profile[] {
  return (all ? proposals : proposals.slice(0, 1)).map(({ profile }) => profile);
}

/** All devices of a model that stand behind an address, each with all its parts. */
async function devicesAt(profile: Profile, address: Address, patience: Patience): Promise<Device[]> {
  if (profile.protocol !== address.protocol)
    throw new UnknownDeviceError(`profile ${profile.name} is for ${profile.protocol}`);
  if (profile.protocol !== 'snmp' || address.protocol !== 'snmp') return [adHocDevice(profile, address)];
  return converse(address, patience, async (reader) => {
    const found = await discoverInstances(profile, reader);
    const devices: Device[] = [];
    for (const instance of found.length === 0 ? [undefined] : found) {
      const { parts, has } = await discoverParts(profile, reader, instance);
      const device = adHocDevice(profile, address, { parts, ...defined({ instance }) });
      devices.push({ ...device, points: device.points.filter(has) });
    }
    return devices;
  });
}

function driverFor(device: Device, { timeoutMs, env }: Patience, deadlineMs: number): Driver {
  switch (device.address.protocol) {
    case 'snmp':
      return snmpDriver({ timeoutMs, deadlineMs, env });
    case 'modbus':
      return modbusDriver();
    case 'mqtt':
    case 'push':
      throw new TypeError(`${device.key} reports by itself and cannot be asked`);
  }
}

async function readOnce(
  driver: Driver,
  device: Device,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<ProbeRow[]> {
  const session = driver.open(device);
  try {
    const raws = await session.plan(device.points).read(signal);
    const { readings } = toReadings(raws, clock.now());
    const rows = raws.flatMap((raw, position) => {
      const reading = readings[position];
      return reading === undefined ? [] : [{ index: raw.point.index, row: toRow(reading, raw, device) }];
    });
    return rows.sort((a, b) => a.index - b.index).map(({ row }) => row);
  } finally {
    session.close();
  }
}
