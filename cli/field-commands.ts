import { type Command, Option } from 'commander';
import { parseDurationMs } from '../config/schema/common.ts';
import { runCommission, shellDialogue } from './commission.ts';
import { runDiscover } from './discover.ts';
import type { Environment } from './environment.ts';
import { runProbe } from './probe.ts';
import { createProgress } from './progress.ts';
import type { SnmpAccessArguments } from './snmp-access.ts';
import { UsageError } from './usage.ts';

interface Context {
  readonly environment: Environment;
  readonly config: Option;
  readonly print: (text: string) => void;
}

/** Commands of the engineer who stands before the devices. */
export function fieldCommands(program: Command, context: Context): void {
  probeCommand(program, context);
  discoverCommand(program, context);
}

interface ProbeCommandOptions extends SnmpAccessArguments {
  readonly profile?: string;
  readonly snmp?: string;
  readonly all?: boolean;
  readonly modbus?: string;
  readonly rtu?: boolean;
  readonly serial?: string;
  readonly baud?: string;
  readonly parity?: string;
  readonly stopBits?: string;
  readonly json?: boolean;
  readonly for?: number;
  readonly commission?: boolean;
  readonly as?: string;
  readonly record?: string;
  readonly into: string;
  readonly config: string;
}

function probeCommand(program: Command, { environment, config, print }: Context): void {
  const command = program
    .command('probe')
    .description('read a device once, or listen to it')
    .argument('[device]', 'of the configuration, e.g. dc/ups-a1')
    .option('--profile <file>', 'a profile: its file, or its name in the library (ups/rfc1628)')
    .option('--snmp <address>', 'HOST[:PORT]')
    .option('--all', 'read by every profile whose tables answer, each for itself');
  withAccess(command)
    .option('--modbus <address>', 'HOST[:PORT][/UNIT]')
    .option('--rtu', 'with --modbus: a serial gateway that passes RTU frames through TCP')
    .option('--serial <address>', '/dev/LINE/UNIT, a serial line of this machine')
    .option('--baud <rate>', 'with --serial: 9600 unless given')
    .option('--parity <parity>', 'with --serial: none (unless given), even or odd')
    .option('--stop-bits <number>', 'with --serial: 1 unless given')
    .option('--for <duration>', 'how long an MQTT device is listened to; 15s unless given', duration)
    .option('--json', 'rows {quantity, part, value, unit, state, quality, source, raw, note}')
    .option(
      '--commission',
      'of a configured device: compare each value with its own display, and keep the result',
    )
    .option('--as <name>', 'with --commission: who compares; the account of the shell unless given')
    .option(
      '--record <name>',
      'keep a recording and its golden readings; with --profile and an address, or an MQTT device of the configuration',
    )
    .option('--into <folder>', 'with --record: where recordings are', 'test/profiles')
    .addOption(config)
    .action(async (device: string | undefined, options: ProbeCommandOptions) => {
      if (options.commission === true) {
        const { as, config: folder } = options;
        process.exitCode = await runCommission(
          environment,
          { device, as, config: folder, simulatorPort: environment.PANTAU_SIMULATOR_PORT },
          { write: print, dialogue: shellDialogue },
        );
        return;
      }
      process.exitCode = await runProbe(
        {
          device,
          ...options,
          access: options,
          listenMs: options.for,
          simulatorPort: environment.PANTAU_SIMULATOR_PORT,
        },
        print,
      );
    });
}

interface DiscoverCommandOptions extends SnmpAccessArguments {
  readonly snmp?: boolean;
  readonly modbus?: boolean;
  readonly mqtt?: string;
  readonly snmpPort?: number;
  readonly modbusPort?: number;
  readonly units?: number[];
  readonly site?: string;
  readonly for?: number;
  readonly within?: number;
  readonly output?: string;
  readonly config: string;
}

function discoverCommand(program: Command, { config, print }: Context): void {
  const command = program
    .command('discover')
    .description('find devices that are not configured, and write their entries; only reads')
    .argument('[range...]', '10.0.0.0/24, 10.0.0.10-40 or 10.0.0.5')
    .option('--site <site>', 'whose rooms they stand in; needed where there are several')
    .option('--snmp', 'look for SNMP agents (with --modbus also for those; both unless one is named)')
    .option('--modbus', 'look for Modbus TCP')
    .option('--mqtt <broker>', 'listen to a broker: mqtt://HOST[:PORT], or its name in the site\u2019s file');
  withAccess(command)
    .option('--snmp-port <port>', '161 unless given', number(1, 65_535))
    .option('--modbus-port <port>', '502 unless given', number(1, 65_535))
    .option('--units <units>', 'Modbus units that are asked, e.g. 1-8; 1 unless given', unitsOf)
    .option('--for <duration>', 'how long a broker is listened to; 15s unless given', duration)
    .option('--within <duration>', 'what was found until then is printed; 10m unless given', duration)
    .option('--output <file>', 'write the entries to a file')
    .addOption(config)
    .action(async (ranges: string[], options: DiscoverCommandOptions) => {
      const progress = createProgress(process.stderr);
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      process.exitCode = await runDiscover(
        { ranges, ...options, access: options, listenMs: options.for, withinMs: options.within },
        { write: print, progress, signal: stop.signal },
      );
    });
}

function withAccess(command: Command): Command {
  return command
    .option('--snmp-version <version>', '1, 2c or 3')
    .option('--community <name>', 'of SNMP v1 and v2c')
    .option('--user <name>', 'of SNMP v3')
    .option(
      '--auth <protocol:variable>',
      'of SNMP v3, e.g. sha256:AUTH_KEY; the key is in that environment variable',
    )
    .option('--priv <protocol:variable>', 'of SNMP v3, e.g. aes:PRIV_KEY');
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) throw new UsageError(`"${text}" is no duration; say 30s or 5m`);
  return ms;
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UsageError(`"${text}" is no number from ${least} to ${most}`);
  };
}

/** `1-8`, `1,3,255`. */
function unitsOf(text: string): number[] {
  const units = text.split(',').flatMap((range) => {
    const [, first = range, last = first] = /^(\d+)-(\d+)$/.exec(range) ?? [];
    const [from, to] = [number(0, 255)(first), number(0, 255)(last)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
  });
  if (units.length === 0 || units.length > 64)
    throw new UsageError(`"${text}" is not 1 to 64 units, such as 1-8`);
  return units;
}
