import { writeFileSync } from 'node:fs';
import { formatProblem, loadConfig } from '../config/load.ts';
import { allProfiles } from '../config/load/profiles.ts';
import type { Model } from '../config/model.ts';
import { systemClock } from '../core/clock.ts';
import { unknownName } from '../core/names.ts';
import {
  missingBroker,
  searchedBroker,
  siteBrokers,
  type SearchedBroker,
} from '../collectors/discovery/brokers.ts';
import { configuredAddresses, discover, type Finding } from '../collectors/discovery/discover.ts';
import { entryLines } from '../collectors/discovery/entry.ts';
import { placesOf, type SitePlaces } from '../collectors/discovery/place.ts';
import { HostRangeError, hostsOf } from '../collectors/discovery/range.ts';
import type { Progress } from './progress.ts';
import { accessOf, type SnmpAccessArguments } from './snmp-access.ts';
import { exitCodes, UsageError } from './usage.ts';

export interface DiscoverArguments {
  readonly ranges: readonly string[];
  readonly snmp?: boolean | undefined;
  readonly modbus?: boolean | undefined;
  /** `mqtt://HOST[:PORT]`, or the name of a broker of the site. */
  readonly mqtt?: string | undefined;
  readonly snmpPort?: number | undefined;
  readonly modbusPort?: number | undefined;
  readonly units?: readonly number[] | undefined;
  readonly access: SnmpAccessArguments;
  readonly site?: string | undefined;
  readonly listenMs?: number | undefined;
  /** For everything together. */
  readonly withinMs?: number | undefined;
  readonly output?: string | undefined;
  /** The configuration's folder. */
  readonly config: string;
}

interface Terminal {
  readonly write: (text: string) => void;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

const usualLimitMs = 600_000;
const usualListenMs = 15_000;

/** `pantau discover`: what answers in a network and is not configured, as entries for a site's file. Returns the exit code. */
export async function runDiscover(
  args: DiscoverArguments,
  { write, progress, signal }: Terminal,
): Promise<number> {
  const model = modelOf(args.config);
  const site = siteOf(model, args.site);
  const hosts = hostsIn(args.ranges);
  // Without a word on what to look for, everything a host can answer.
  const isAny = args.snmp !== true && args.modbus !== true && args.mqtt === undefined;
  if (hosts.length === 0 && (isAny || args.snmp === true || args.modbus === true))
    throw new UsageError('say where: discover 10.0.0.0/24 [--snmp] [--modbus], or discover --mqtt BROKER');
  const places = placesOf(model, site);
  const taken = new Set<string>();
  const entries: string[] = [];
  const report = (finding: Finding): void => {
    progress.end();
    write(`${finding.protocol.padEnd(6)}  ${finding.address}  ${finding.summary}`);
    entries.push(...finding.proposed.flatMap((each) => entryLines(each, places, taken)));
  };
  const access = accessOf(args.access);
  const searched = args.mqtt === undefined ? undefined : brokerOf(args.mqtt, model, site);
  const summary = await discover(
    {
      hosts,
      ...(isAny || args.snmp === true ? { snmp: { access, port: args.snmpPort ?? 161 } } : {}),
      ...(isAny || args.modbus === true
        ? { modbus: { port: args.modbusPort ?? 502, units: args.units ?? [1] } }
        : {}),
      ...(searched === undefined
        ? {}
        : { mqtt: { broker: searched.broker, name: searched.name, forMs: args.listenMs ?? usualListenMs } }),
    },
    {
      profiles: allProfiles(args.config),
      configured: configuredAddresses(model),
      clock: systemClock,
      signal: AbortSignal.any([
        AbortSignal.timeout(args.withinMs ?? usualLimitMs),
        ...(signal ? [signal] : []),
      ]),
      onFinding: report,
      onProgress: (state) => progress.show(state),
    },
  );
  progress.end();
  const yaml = fileText(entries, places, searched);
  const file = entries.length === 0 ? undefined : args.output;
  if (file !== undefined) writeFileSync(file, yaml);
  else if (entries.length > 0) write(`\n${yaml}`);
  for (const problem of summary.problems) write(problem);
  write(
    `${summary.hosts} hosts searched, ${summary.answered} answered, ${summary.skipped} of them configured already${
      file === undefined ? '' : `; entries are in ${file}`
    }`,
  );
  return summary.problems.length > 0 ? exitCodes.failed : exitCodes.ok;
}

function modelOf(config: string): Model {
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
  return loaded.model;
}

function siteOf({ sites }: Model, wanted: string | undefined): string {
  const ids = sites.map(({ id }) => id);
  const [only, ...others] = ids;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted === undefined) throw new UsageError(`say for which site: --site ${ids.join(' | ')}`);
  if (!ids.includes(wanted)) throw new UsageError(unknownName('site', wanted, ids));
  return wanted;
}

function hostsIn(ranges: readonly string[]): string[] {
  try {
    return hostsOf(ranges);
  } catch (error) {
    if (error instanceof HostRangeError) throw new UsageError(error.message);
    throw error;
  }
}

function brokerOf(text: string, model: Model, site: string): SearchedBroker {
  const searched = searchedBroker(text, siteBrokers(model, site), site);
  if (searched === undefined)
    throw new UsageError(`${text} is neither mqtt://HOST[:PORT] nor a broker of ${site}`);
  return searched;
}

function fileText(entries: readonly string[], { site }: SitePlaces, searched?: SearchedBroker): string {
  return [
    ...(searched === undefined ? [] : missingBroker(searched, entries, site)),
    `# For "devices:" of sites/${site}.yaml. Complete what stands after "?", then run check-config.`,
    'devices:',
    ...entries,
    '',
  ].join('\n');
}
