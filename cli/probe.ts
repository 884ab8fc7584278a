import path from 'node:path';
import { type ModbusAddress, parseModbusAddress, parseSnmpAddress } from '../config/build/address.ts';
import { formatProblem, loadConfig } from '../config/load.ts';
import type { Device } from '../config/model.ts';
import { loadFile, loadLibraryPart, shippedLibrary } from '../config/read/files.ts';
import { type Profile, profileSchema } from '../config/schema/profile.ts';
import { serialSettings } from '../config/schema/site.ts';
import { defined } from '../core/defined.ts';
import { systemClock } from '../core/clock.ts';
import { FieldError } from '../collectors/drivers/driver.ts';
import { type ProbeReport, type ProbeTarget, UnknownDeviceError, probe } from '../collectors/probe/probe.ts';
import type { ProbeRow } from '../collectors/probe/row.ts';
import { accessOf, type SnmpAccessArguments } from './snmp-access.ts';
import { exitCodes, UsageError } from './usage.ts';

export interface ProbeArguments {
  /** `site/device` of the configuration. */
  readonly device?: string | undefined;
  /** A profile's file. */
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
  /** The configuration's folder. */
  readonly config: string;
  /** A device of the configuration where it really stands (the simulator's address, for one). */
  readonly relocate?: ((device: Device) => Device) | undefined;
}

/** `pantau probe`: reads a device once, or listens to one that reports by itself, and prints a table, or a JSON array of rows. Returns the exit code. */
export async function runProbe(args: ProbeArguments, write: (text: string) => void): Promise<number> {
  try {
    const report = await probe(targetOf(args), { clock: systemClock, listenMs: args.listenMs });
    write(args.json === true ? `${JSON.stringify(report.rows, null, 2)}\n` : table(report));
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
  if (args.device !== undefined) return { device: deviceOf(args.device, args) };
  if (args.snmp !== undefined) {
    const address = parseSnmpAddress(args.snmp, accessOf(args.access));
    if (address === undefined) throw new UsageError(`${args.snmp} is not HOST or HOST:PORT`);
    return args.profile === undefined
      ? { candidates: profilesOf(args.config), address, all: args.all ?? false }
      : { profile: profileAt(args.profile), address };
  }
  if (args.modbus !== undefined && args.profile !== undefined) {
    const address = parseModbusAddress(args.modbus);
    if (address === undefined)
      throw new UsageError(`${args.modbus} is not HOST, HOST:PORT or HOST:PORT/UNIT`);
    const framing = args.rtu === true ? 'rtu' : 'tcp';
    return { profile: profileAt(args.profile), address: { ...address, access: { framing } } };
  }
  if (args.serial !== undefined && args.profile !== undefined)
    return { profile: profileAt(args.profile), address: lineOf(args.serial, args) };
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

function deviceOf(key: string, { config, relocate }: ProbeArguments): Device {
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
  const device = loaded.model.deviceById.get(key);
  if (device === undefined) throw new UsageError(`no device ${key} in ${config}`);
  return relocate === undefined ? device : relocate(device);
}

function profilesOf(config: string): Profile[] {
  const files = loadLibraryPart({ dir: config, library: shippedLibrary() }, 'profiles', profileSchema);
  return files.flatMap(({ name, value }) => (value === undefined ? [] : [{ ...value, name }]));
}

function profileAt(file: string): Profile {
  const loaded = loadFile(path.dirname(file), path.basename(file, '.yaml'), profileSchema);
  if (loaded.value === undefined)
    throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
  return { ...loaded.value, name: `${path.basename(path.dirname(file))}/${loaded.name}` };
}

function table({ profiles, proposals, rows }: ProbeReport): string {
  const found = proposals.map(
    ({ profile: { name }, reads, why }) => `  ${name} (${reads} values answer): ${why.join('; ')}`,
  );
  const head = found.length === 0 ? [] : ['Profiles that fit, best first:', ...found, ''];
  return [...head, ...profiles.flatMap((profile) => section(profile, rows))].join('\n');
}

/** What was read by one profile. */
function section(profile: Profile, all: readonly ProbeRow[]): string[] {
  const rows = all.filter((row) => row.profile === profile.name);
  const cells = [['PART', 'QUANTITY', 'VALUE', 'UNIT', 'QUALITY', 'SOURCE', 'RAW'], ...rows.map(tableRow)];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const good = rows.filter((row) => row.quality === 'good').length;
  // What the device said of several values at once is told once.
  const notes = new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])));
  return [
    `${profile.name}: ${profile.maker} ${profile.model}`,
    ...(profile.toBeConfirmed === undefined ? [] : [`To be confirmed: ${profile.toBeConfirmed}`]),
    '',
    ...lines,
    ...(notes.size === 0 ? [] : ['', ...notes]),
    '',
    `${good} of ${rows.length} values good`,
    '',
  ];
}

function tableRow(row: ProbeRow): string[] {
  const number = row.value === null ? '' : String(row.value);
  const value = row.word === null ? (row.state ?? number) : `${row.state} (${row.word})`;
  const quality = row.reason === null ? row.quality : `${row.quality} (${row.reason})`;
  return [
    [row.instance, row.part].filter((name) => name !== null).join(' '),
    row.quantity,
    value,
    row.unit,
    quality,
    row.source,
    row.raw === null ? '' : String(row.raw),
  ];
}
