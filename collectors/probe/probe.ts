import { defined } from '../../core/defined.ts';
import type { Address, Device } from '../../config/model.ts';
import { adHocDevice } from '../../config/build/points.ts';
import type { Profile } from '../../config/schema/profile.ts';
import type { Clock } from '../../core/clock.ts';
import { type Driver, FieldError } from '../drivers/driver.ts';
import { modbusDriver, type ModbusDriverOptions } from '../drivers/modbus/driver.ts';
import { snmpDriver } from '../drivers/snmp/driver.ts';
import { toReadings } from '../profile/decode.ts';
import { createPlausibility } from '../profile/plausibility.ts';
import { type Patience, type SnmpAddress, converse, listenOnce } from './listen.ts';
import { type Combination, type Section, combine } from './combine.ts';
import { type Identity, type Proposal, discoverInstances, discoverParts, identify } from './identify.ts';
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
  /** What a Modbus device answered to each request, as it came. */
  readonly onAnswer?: ModbusDriverOptions['onAnswer'];
}

/** What an agent is, as far as it tells. */
export interface Survey {
  readonly identity: Identity;
  /** Profiles of which something answers, best first. */
  readonly proposals: readonly Proposal[];
  readonly combinations: readonly Combination[];
}

export interface ProbeReport {
  /** By which it was read; several where all that fit were asked for. */
  readonly profiles: readonly Profile[];
  /** Only where the profile was looked for, best first. */
  readonly proposals: readonly Proposal[];
  readonly rows: readonly ProbeRow[];
  /** Where the profile was looked for, unless all that fit were asked for. */
  readonly survey?: Survey;
}

/** The device said which profile it is not: none fits. */
export class UnknownDeviceError extends Error {}

/** Reads a device once, or listens to it. Rejects with FieldError when it does not answer, UnknownDeviceError when no profile fits. */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeReport> {
  const patience = patienceOf(options);
  const read = (device: Device): Promise<ProbeRow[]> => readDevice(device, patience, options);
  if ('device' in target) {
    const { profile, completedBy = [] } = target.device;
    const profiles = [profile, ...completedBy.map((each) => each.profile)];
    return { profiles, proposals: [], rows: await read(target.device) };
  }
  if ('candidates' in target && target.all !== true) {
    const survey = await surveyAgent(target.candidates, target.address, options);
    const sure = survey.combinations.filter(({ doubt }) => doubt === null);
    return {
      profiles: [
        ...new Set(
          sure.flatMap(({ base, completions }) => [base, ...completions.map((each) => each.profile)]),
        ),
      ],
      proposals: survey.proposals,
      rows: sure.flatMap(({ rows }) => rows),
      survey,
    };
  }
  const proposals =
    'candidates' in target ? (await propose(target.candidates, target.address, patience)).proposals : [];
  const profiles = 'candidates' in target ? proposals.map(({ profile }) => profile) : [target.profile];
  const rows: ProbeRow[] = [];
  for (const profile of profiles) {
    for (const { device } of await devicesAt(profile, target.address, patience))
      rows.push(...(await read(device)));
  }
  return { profiles, proposals, rows };
}

/** A profile of which less answers than of so many others adds nothing that is worth the wait. */
const mostSections = 8;

/** Finds out what an agent is and reads all it has. Rejects as `probe` does. */
export async function surveyAgent(
  candidates: readonly Profile[],
  address: SnmpAddress,
  options: ProbeOptions,
): Promise<Survey> {
  const patience = patienceOf(options);
  const { proposals, identity } = await propose(candidates, address, patience);
  const sections: Section[] = [];
  for (const { profile } of proposals.slice(0, mostSections))
    try {
      for (const { device, parts } of await devicesAt(profile, address, patience)) {
        const rows = await readDevice(device, patience, options);
        sections.push({ profile, instance: device.instance, parts, rows });
      }
    } catch (error) {
      // An agent that falls silent later has still said what it said so far.
      if (!(error instanceof FieldError) || sections.length === 0) throw error;
    }
  return { identity, proposals, combinations: combine(sections) };
}

interface WholePatience extends Patience {
  readonly deadlineMs: number;
}

function patienceOf({
  deadlineMs = 60_000,
  timeoutMs = 2_000,
  env = process.env,
}: ProbeOptions): WholePatience {
  return { timeoutMs, signal: AbortSignal.timeout(deadlineMs), env, deadlineMs };
}

function readDevice(
  device: Device,
  patience: WholePatience,
  { clock, listenMs = 15_000, onAnswer }: ProbeOptions,
): Promise<ProbeRow[]> {
  return device.address.protocol === 'mqtt'
    ? listenOnce(device, { clock, forMs: listenMs })
    : readOnce(driverFor(device, { ...patience, onAnswer }), device, { clock, signal: patience.signal });
}

async function propose(
  candidates: readonly Profile[],
  address: SnmpAddress,
  patience: Patience,
): Promise<{ readonly proposals: readonly Proposal[]; readonly identity: Identity }> {
  const found = await converse(address, patience, (reader) => identify(candidates, reader));
  if (found.proposals.length > 0) return found;
  const { identity } = found;
  const said = `sysObjectID ${identity.objectId || 'none'}, sysDescr "${identity.description}"`;
  throw new UnknownDeviceError(
    `the agent answers (${said}), but none of the profiles fits; write one (docs/adding-a-device.md), or choose one with --profile`,
  );
}

interface FoundDevice {
  readonly device: Device;
  /** Group → the parts that are there. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

/** All devices of a model that stand behind an address, each with all its parts. */
async function devicesAt(profile: Profile, address: Address, patience: Patience): Promise<FoundDevice[]> {
  if (profile.protocol !== address.protocol)
    throw new UnknownDeviceError(`profile ${profile.name} is for ${profile.protocol}`);
  if (profile.protocol !== 'snmp' || address.protocol !== 'snmp')
    return [{ device: adHocDevice(profile, address), parts: {} }];
  return converse(address, patience, async (reader) => {
    const found = await discoverInstances(profile, reader);
    const devices: FoundDevice[] = [];
    for (const instance of found.length === 0 ? [undefined] : found) {
      const { parts, has } = await discoverParts(profile, reader, instance);
      const device = adHocDevice(profile, address, { parts, ...defined({ instance }) });
      devices.push({ device: { ...device, points: device.points.filter(has) }, parts });
    }
    return devices;
  });
}

function driverFor(
  device: Device,
  { timeoutMs, env, deadlineMs, onAnswer }: WholePatience & Pick<ProbeOptions, 'onAnswer'>,
): Driver {
  switch (device.address.protocol) {
    case 'snmp':
      return snmpDriver({ timeoutMs, deadlineMs, env });
    case 'modbus':
      return modbusDriver({ onAnswer });
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
    const plausibility = createPlausibility(device, { after: 1 });
    const readings = plausibility.mark(toReadings(raws, clock.now()).readings);
    const rows = raws.flatMap((raw, position) => {
      const reading = readings[position];
      return reading === undefined
        ? []
        : [
            {
              index: raw.point.index,
              row: toRow(
                reading,
                { ...raw, ...defined({ note: raw.note ?? plausibility.note(raw.point.index) }) },
                device,
              ),
            },
          ];
    });
    return rows.sort((a, b) => a.index - b.index).map(({ row }) => row);
  } finally {
    session.close();
  }
}
