import { existsSync } from 'node:fs';
import path from 'node:path';
import { type ModbusAddress, parseModbusAddress, parseSnmpAddress } from '../config/build/address.ts';
import { checkProfile } from '../config/check/profile.ts';
import { reporter } from '../config/check/report.ts';
import { allProfiles } from '../config/load/profiles.ts';
import { formatProblem } from '../config/problem.ts';
import { libraryFile, loadFile, shippedLibrary } from '../config/read/files.ts';
import { type Profile, profileSchema } from '../config/schema/profile.ts';
import { serialSettings } from '../config/schema/site.ts';
import { defined } from '../core/defined.ts';
import { systemClock } from '../core/clock.ts';
import { FieldError } from '../collectors/drivers/driver.ts';
import { entryLines } from '../collectors/discovery/entry.ts';
import { proposedBy } from '../collectors/discovery/snmp-entry.ts';
import type { SnmpAddress } from '../collectors/probe/listen.ts';
import { type ProbeTarget, type Survey, UnknownDeviceError, probe } from '../collectors/probe/probe.ts';
import { configuredDevice } from './configured-device.ts';
import { recordDevice, recordModbusUnit, recordMqttDevice } from './record.ts';
import { textOf } from './probe-text.ts';
import { accessOf, type SnmpAccessArguments } from './snmp-access.ts';
import { exitCodes, UsageError } from './usage.ts';

export interface ProbeArguments {
  /** `site/device` of the configuration. */
  readonly device?: string | undefined;
  /** A profile's file, or its name in the library. */
  readonly profile?: string | undefined;
  /** `HOST[:PORT]`. */
  readonly snmp?: string | undefined;
  /** Read by every profile whose tables answer, not only the best. */
  readonly all?: boolean | undefined;
  readonly access: SnmpAccessArguments;
  /** `HOST[:PORT][/UNIT]`. */
  readonly modbus?: string | undefined;
  /** The gateway at `modbus` passes RTU frames through TCP. */
  readonly rtu?: boolean | undefined;
  /** `/dev/…/UNIT`, and how the line is set. */
  readonly serial?: string | undefined;
  readonly baud?: string | undefined;
  readonly parity?: string | undefined;
  readonly stopBits?: string | undefined;
  /** How long an MQTT device is listened to. */
  readonly listenMs?: number | undefined;
  readonly json?: boolean | undefined;
  /** `KIND/MAKER-MODEL`: a recording and its golden file are made of the device. */
  readonly record?: string | undefined;
  /** Where recordings are kept. */
  readonly into?: string | undefined;
  /** The configuration's folder. */
  readonly config: string;
  /** Where the simulator's ports begin, for a device of the configuration. */
  readonly simulatorPort: number;
}

/** `pantau probe`: reads a device once, or listens to one that reports by itself, and prints a table, or a JSON array of rows. Returns the exit code. */
export async function runProbe(args: ProbeArguments, write: (text: string) => void): Promise<number> {
  try {
    if (args.record !== undefined) {
      write(await recordingOf(args, args.record));
      return exitCodes.ok;
    }
    const report = await probe(targetOf(args), { clock: systemClock, listenMs: args.listenMs });
    write(args.json === true ? `${JSON.stringify(report.rows, null, 2)}\n` : textOf(report));
    if (report.survey !== undefined && args.json !== true) write(entriesOf(report.survey, args));
    if (report.rows.some(({ value }) => value !== null)) return exitCodes.ok;
    if (args.json !== true)
      write('nothing of this profile answers here: compare the profile, address and unit\n');
    return exitCodes.failed;
  } catch (error) {
    if (error instanceof UsageError) return fail(error, error.code, write);
    if (error instanceof FieldError || error instanceof UnknownDeviceError) {
      const code = fail(error, exitCodes.failed, write);
      if (maySpeakRtu(error, args))
        write('a serial gateway that passes RTU frames through TCP wants --rtu\n');
      return code;
    }
    throw error;
  }
}

async function recordingOf(args: ProbeArguments, name: string): Promise<string> {
  const { into = '.' } = args;
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)?$/.test(name))
    throw new UsageError(`"${name}" is no name of a profile, such as pdu/acme-9000`);
  const target = targetOf({ ...args, snmp: args.profile === undefined ? undefined : args.snmp });
  if ('device' in target) {
    const { device } = target;
    const { profile } = device;
    if (profile.protocol !== 'mqtt' || profile.payload !== 'json' || profile.kind === 'any')
      throw new UsageError(
        `${device.key} is read by ${profile.name}: of the configuration only MQTT devices with a profile of their model and JSON payloads are recorded`,
      );
    return recordMqttDevice({ device, profile, name, into, forMs: args.listenMs ?? usualListenMs });
  }
  if ('profile' in target && target.profile.protocol === 'snmp' && target.address.protocol === 'snmp')
    return recordDevice({ address: target.address, profile: target.profile, name, into });
  if ('profile' in target && target.profile.protocol === 'modbus' && target.address.protocol === 'modbus')
    return recordModbusUnit({ address: target.address, profile: target.profile, name, into });
  throw new UsageError(
    'say of what: --record KIND/MAKER-MODEL with --profile FILE and --snmp, --modbus or --serial of its protocol; or with an MQTT device of the configuration',
  );
}
const usualListenMs = 60_000;

/** A gateway that takes a TCP frame for a broken RTU frame says nothing at all. */
function maySpeakRtu(error: Error, { modbus, rtu }: ProbeArguments): boolean {
  const isSilent = error instanceof FieldError && error.kind === 'timeout' && error.cause === undefined;
  return isSilent && modbus !== undefined && rtu !== true;
}

function fail(error: Error, code: number, write: (text: string) => void): number {
  write(`${error.message}\n`);
  return code;
}

function targetOf(args: ProbeArguments): ProbeTarget {
  if (args.device !== undefined) return { device: configuredDevice({ ...args, key: args.device }) };
  if (args.snmp !== undefined) {
    const address = snmpAddressOf(args);
    return args.profile === undefined
      ? { candidates: allProfiles(args.config), address, all: args.all ?? false }
      : { profile: profileAt(args.profile, args.config), address };
  }
  if (args.modbus !== undefined && args.profile !== undefined) {
    const address = parseModbusAddress(args.modbus);
    if (address === undefined)
      throw new UsageError(`${args.modbus} is not HOST, HOST:PORT or HOST:PORT/UNIT`);
    const framing = args.rtu === true ? 'rtu' : 'tcp';
    return { profile: profileAt(args.profile, args.config), address: { ...address, access: { framing } } };
  }
  if (args.serial !== undefined && args.profile !== undefined)
    return { profile: profileAt(args.profile, args.config), address: lineOf(args.serial, args) };
  throw new UsageError(
    'say which: probe DEVICE, or --snmp HOST:PORT [--profile FILE], or --profile FILE --modbus HOST:PORT/UNIT [--rtu] or --serial /dev/LINE/UNIT [--baud 9600] [--parity none] [--stop-bits 1]',
  );
}

function lineOf(text: string, { baud, parity, stopBits }: ProbeArguments): ModbusAddress {
  const settings = serialSettings.safeParse(
    defined({
      baudRate: baud === undefined ? undefined : Number(baud),
      parity,
      stopBits: stopBits === undefined ? undefined : Number(stopBits),
    }),
  );
  if (!settings.success)
    throw new UsageError(
      '--baud is one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200; --parity none, even or odd; --stop-bits 1 or 2',
    );
  const address = parseModbusAddress(text, { serial: settings.data });
  if (address === undefined || !('line' in address))
    throw new UsageError(`--serial ${text}: expected /dev/LINE/UNIT, such as /dev/ttyUSB0/1`);
  return address;
}

function snmpAddressOf({ snmp = '', access }: ProbeArguments): SnmpAddress {
  const address = parseSnmpAddress(snmp, accessOf(access));
  if (address === undefined) throw new UsageError(`${snmp} is not HOST or HOST:PORT`);
  return address;
}

/** A profile's file; or the name of one in the library, also behind a path that does not exist (`…/profiles/ups/rfc1628.yaml`). */
function profileAt(given: string, config: string): Profile {
  const [, name = given] = /(?:^|\/)profiles\/([^/]+\/[^/]+)\.yaml$/.exec(given) ?? [];
  const file = existsSync(given)
    ? given
    : (libraryFile({ dir: config, library: shippedLibrary() }, 'profiles', name) ?? given);
  const loaded = loadFile(path.dirname(file), path.basename(file, '.yaml'), profileSchema);
  const { value, source } = loaded;
  const problems = [...loaded.problems];
  const profile = value && { ...value, name: `${path.basename(path.dirname(file))}/${loaded.name}` };
  // As at the start of the server: what is refused there is no profile here.
  if (profile !== undefined && source !== undefined) checkProfile(profile, reporter(source, problems));
  if (profile === undefined || problems.length > 0)
    throw new UsageError(problems.map(formatProblem).join('\n'), exitCodes.config);
  return profile;
}

/** What goes into the site's file, with what is doubtful as comments. */
function entriesOf(survey: Survey, args: ProbeArguments): string {
  const address = snmpAddressOf(args);
  const taken = new Set<string>();
  const lines = proposedBy(survey, address).flatMap((each) => entryLines(each, undefined, taken));
  return ['For "devices:" of the site\u2019s file:', '', ...lines, ''].join('\n');
}
