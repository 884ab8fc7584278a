import type { Logger } from 'pino';
import {
  addressKey,
  configuredAddresses,
  discover,
  type DiscoveryProgress,
  type DiscoveryRequest,
  type Finding,
} from '../../collectors/discovery/discover.ts';
import { siteBrokers } from '../../collectors/discovery/brokers.ts';
import { entryLines } from '../../collectors/discovery/entry.ts';
import { placesOf } from '../../collectors/discovery/place.ts';
import { hostsOf } from '../../collectors/discovery/range.ts';
import type { Model } from '../../config/model.ts';
import type { Profile } from '../../config/schema/profile.ts';
import type { SnmpAccess } from '../../config/schema/site.ts';
import type { Clock } from '../../core/clock.ts';
import { iso, isoOrNull } from '../../core/time.ts';
import type { DiscoveryFinding, DiscoveryRun } from '../contracts/discovery.ts';
import type { DiscoveryRepository, FindingRow } from './repository.ts';

/** A search runs already, or the site cannot be reached from here; the message says which. */
export class DiscoveryRefused extends Error {
  override readonly name = 'DiscoveryRefused';
}

interface DiscoveryStart {
  readonly site: string;
  readonly ranges: readonly string[];
  readonly snmp: boolean;
  readonly modbus: boolean;
  readonly mqtt: boolean;
  readonly actor: string;
}

export interface Discovery {
  readonly sites: readonly string[];
  /** The present run, or the last one. */
  run(): DiscoveryRun | undefined;
  /** What was found and is not configured; what a new configuration holds is no finding any more. */
  findings(): Promise<DiscoveryFinding[]>;
  /** Starts in the background. Throws DiscoveryRefused, or HostRangeError on a bad range. */
  start(what: DiscoveryStart): DiscoveryRun;
  stop(): void;
  /** False: there is none. */
  dismiss(place: Pick<FindingRow, 'site' | 'protocol' | 'address'>): Promise<boolean>;
  close(): Promise<void>;
}

export interface DiscoveryOptions {
  readonly model: Model;
  /** What a device that is found may be: every profile of the installation and the library. */
  readonly allProfiles: () => Promise<readonly Profile[]>;
  readonly repository: DiscoveryRepository;
  /** Sites that this process polls itself: the networks of others it may not even reach. */
  readonly localSites: readonly string[];
  /** Where agents and units listen; those of the standards unless given. */
  readonly ports?: { readonly snmp: number; readonly modbus: number };
  readonly clock: Clock;
  readonly log: Logger;
}

/** A run that nobody stops ends by itself. */
const longestMs = 900_000;
/** Sensors that sleep longer are found with the command line, which listens as long as it is told. */
const listenMs = 60_000;
/** Ways of asking SNMP agents that the site's devices use, at most. */
const mostAccesses = 3;

interface Running {
  readonly what: DiscoveryStart;
  readonly startedAt: number;
  endedAt: number | null;
  progress: DiscoveryProgress;
  readonly hosts: number;
  answered: number;
  skipped: number;
  readonly problems: string[];
}

/** One search at a time, started by a person; what it finds is kept until it is configured or put aside. */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { model, repository, localSites, ports = { snmp: 161, modbus: 502 }, clock, log } = options;
  let current: Running | undefined;
  let abort = new AbortController();
  let working: Promise<void> = Promise.resolve();

  async function search(running: Running, hosts: readonly string[], signal: AbortSignal): Promise<void> {
    const { what } = running;
    const places = placesOf(model, what.site);
    const taken = new Set<string>();
    const configured = configuredAddresses(model);
    const keep = async ({ protocol, address, summary, proposed }: Finding): Promise<void> => {
      const entry = proposed.flatMap((each) => entryLines(each, places, taken)).join('\n');
      const row = {
        site: what.site,
        protocol,
        address,
        summary,
        entry,
        found_at: clock.now(),
        found_by: what.actor,
      };
      await repository.keep(row);
    };
    const notKept = (error: unknown): void => {
      log.error({ err: error }, 'what a search found cannot be stored');
      running.problems.push('a finding could not be stored; the log of the server says why');
    };
    const writes: Promise<void>[] = [];
    const accesses = what.snmp ? accessesOf(model, what.site) : [];
    const requests: Omit<DiscoveryRequest, 'hosts'>[] = [
      ...accesses.map((access) => ({ snmp: { access, port: ports.snmp } })),
      ...(what.modbus ? [{ modbus: { port: ports.modbus, units: [1] } }] : []),
      ...(what.mqtt ? siteBrokers(model, what.site) : []).map((broker) => ({
        mqtt: { broker, name: broker.key.slice(what.site.length + 1), forMs: listenMs },
      })),
    ];
    /** What answered one community need not be asked by another. */
    const agents = new Set<string>();
    const profiles = await options.allProfiles();
    const total = requests.filter(({ mqtt }) => mqtt === undefined).length * hosts.length;
    let before = 0;
    for (const request of requests) {
      const open = request.snmp === undefined ? hosts : hosts.filter((host) => !agents.has(host));
      const summary = await discover(
        { ...request, hosts: open },
        {
          profiles,
          configured,
          siteAccess: accesses[0],
          clock,
          signal,
          onFinding: (finding) => {
            if (finding.protocol === 'snmp') agents.add(finding.address.split(':')[0] ?? '');
            writes.push(keep(finding).catch(notKept));
          },
          onProgress: ({ done, what: where }) => {
            running.progress = { done: before + done, of: Math.max(total, before + done), what: where };
          },
        },
      );
      before = running.progress.done;
      running.answered += summary.answered;
      running.skipped += summary.skipped;
      running.problems.push(...summary.problems);
    }
    await Promise.all(writes);
  }

  return {
    sites: localSites,
    run: () => (current === undefined ? undefined : runView(current)),
    async findings() {
      const configured = configuredAddresses(model);
      return (await repository.list())
        .filter((row) => !isConfigured(row, configured, model))
        .map(({ found_at: at, found_by: foundBy, protocol, ...row }) => ({
          ...row,
          protocol: protocol === 'modbus' || protocol === 'mqtt' ? protocol : 'snmp',
          foundAt: iso(at),
          foundBy,
        }));
    },
    start(what) {
      if (current?.endedAt === null) throw new DiscoveryRefused('a search is running; stop it first');
      if (!localSites.includes(what.site))
        throw new DiscoveryRefused(
          `${what.site} is polled by a collector at the site; search its network there with "pantau discover"`,
        );
      if (what.mqtt && siteBrokers(model, what.site).length === 0)
        throw new DiscoveryRefused(
          `the file of ${what.site} names no broker; listen to one with "pantau discover --mqtt mqtt://HOST"`,
        );
      const hosts = what.snmp || what.modbus ? hostsOf(what.ranges) : [];
      abort = new AbortController();
      const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(longestMs)]);
      const started: Running = {
        what,
        startedAt: clock.now(),
        endedAt: null,
        hosts: hosts.length,
        answered: 0,
        skipped: 0,
        problems: [],
        progress: { done: 0, of: hosts.length, what: '' },
      };
      current = started;
      working = search(started, hosts, signal)
        .catch((error: unknown) => {
          log.error({ err: error }, 'the search for devices failed');
          started.problems.push('the search failed; the log of the server says why');
        })
        .finally(() => {
          started.endedAt = clock.now();
        });
      return runView(started);
    },
    stop: () => abort.abort(),
    dismiss: (place) => repository.remove(place),
    async close() {
      abort.abort();
      await working;
    },
  };
}

/** How the site's own devices are asked, the most usual way first: a search needs no secret of its own. */
function accessesOf({ devices }: Pick<Model, 'devices'>, site: string): SnmpAccess[] {
  const byText = new Map<string, { readonly access: SnmpAccess; count: number }>();
  for (const { address, site: own } of devices) {
    if (own !== site || address.protocol !== 'snmp') continue;
    const text = JSON.stringify(address.access);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, { access: address.access, count: 1 });
    else known.count += 1;
  }
  const found = [...byText.values()].sort((a, b) => b.count - a.count).map(({ access }) => access);
  return found.length === 0 ? [{ version: '2c', community: 'public' }] : found.slice(0, mostAccesses);
}

function isConfigured(
  { site, protocol, address }: FindingRow,
  configured: ReadonlySet<string>,
  model: Pick<Model, 'devices' | 'brokers'>,
): boolean {
  if (protocol === 'mqtt')
    return siteBrokers(model, site).some(({ url }) => configured.has(addressKey('mqtt', url, address)));
  const [place = '', unit] = address.split('/');
  const [host = '', port = protocol === 'modbus' ? '502' : '161'] = place.split(':');
  return configured.has(
    unit === undefined ? addressKey(protocol, host, port) : addressKey(protocol, host, port, unit),
  );
}

function runView({ what, startedAt, endedAt, progress, ...counts }: Running): DiscoveryRun {
  const { hosts, answered, skipped, problems } = counts;
  return {
    site: what.site,
    startedAt: iso(startedAt),
    endedAt: isoOrNull(endedAt),
    by: what.actor,
    done: progress.done,
    of: progress.of,
    hosts,
    answered,
    skipped,
    problems: [...problems],
  };
}
