import { setMaxListeners } from 'node:events';
import type { Broker, Model } from '../../config/model.ts';
import type { ModbusProfile, Profile } from '../../config/schema/profile.ts';
import type { SnmpAccess } from '../../config/schema/site.ts';
import type { Clock } from '../../core/clock.ts';
import { FieldError } from '../drivers/driver.ts';
import { converse, type SnmpAddress } from '../probe/listen.ts';
import { readIdentity } from '../probe/identify.ts';
import { UnknownDeviceError, probe, surveyAgent } from '../probe/probe.ts';
import { slugOf } from '../profile/parts.ts';
import type { Proposed } from './entry.ts';
import { modbusUnits, type ModbusUnit } from './modbus.ts';
import { listenToBroker } from './mqtt.ts';
import { mqttFinding, sparkplugFinding, unknownFinding } from './mqtt-entry.ts';
import { matchTopics, sparkplugSources, unknownSources } from './mqtt-match.ts';
import { proposedBy } from './snmp-entry.ts';
import { type Pace, sweep } from './sweep.ts';

export interface DiscoveryRequest {
  readonly hosts: readonly string[];
  readonly snmp?: { readonly access: SnmpAccess; readonly port: number };
  readonly modbus?: { readonly port: number; readonly units: readonly number[] };
  readonly mqtt?: { readonly broker: Broker; readonly name: string; readonly forMs: number };
}

/** Something that answers and is not configured, with the entries that it would need. */
export interface Finding {
  readonly protocol: 'snmp' | 'modbus' | 'mqtt';
  readonly address: string;
  /** What it is, in a line. */
  readonly summary: string;
  readonly proposed: readonly Proposed[];
}

export interface DiscoveryProgress {
  readonly done: number;
  readonly of: number;
  readonly what: string;
}

export interface DiscoveryOptions {
  readonly profiles: readonly Profile[];
  /** Addresses of devices that are configured, as `addressKey` writes them: they are skipped. */
  readonly configured: ReadonlySet<string>;
  readonly siteAccess?: SnmpAccess | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (progress: DiscoveryProgress) => void;
  readonly timing?: Partial<DiscoveryTiming>;
}

interface DiscoveryTiming {
  /** Of one attempt at an address where perhaps nobody is; there are two. */
  readonly knockMs: number;
  readonly knocks: Pace;
  /** Of what answered: each is asked some hundred questions, one after another. */
  readonly surveys: Pace;
  readonly surveyDeadlineMs: number;
}

/** Topics of values that no profile names, in a report that somebody reads. */
const mostUnknown = 50;

const usual: DiscoveryTiming = {
  knockMs: 700,
  knocks: { atOnce: 48, perSecond: 100 },
  surveys: { atOnce: 6, perSecond: 20 },
  surveyDeadlineMs: 30_000,
};

export interface DiscoverySummary {
  readonly hosts: number;
  readonly answered: number;
  /** Answered, and configured already. */
  readonly skipped: number;
  /** What went wrong as a whole: a broker that lets nobody in. */
  readonly problems: readonly string[];
}

/** How a device is reached, to tell what is configured already. */
export function addressKey(protocol: string, ...place: readonly (string | number)[]): string {
  return [protocol, ...place].join(' ');
}

export function configuredAddresses({ devices }: Pick<Model, 'devices'>): Set<string> {
  return new Set(
    devices.map(({ address }) => {
      switch (address.protocol) {
        case 'snmp':
          return addressKey('snmp', address.host, address.port);
        case 'modbus':
          return 'line' in address
            ? addressKey('modbus', address.line.path, address.unit)
            : addressKey('modbus', address.host, address.port, address.unit);
        case 'mqtt':
          return addressKey('mqtt', address.broker.url, address.topic);
        case 'push':
          return addressKey('push', address.sender);
      }
    }),
  );
}

/** Looks for devices at a bearable pace, and only reads. Ends early, with what was found, when the signal aborts. */
export async function discover(
  request: DiscoveryRequest,
  options: DiscoveryOptions,
): Promise<DiscoverySummary> {
  const run: Run = {
    ...options,
    timing: { ...usual, ...options.timing },
    done: 0,
    of: 0,
    answered: 0,
    skipped: 0,
    problems: [],
  };
  const { hosts, snmp, modbus, mqtt } = request;
  // Everything that is asked at the same time listens to it.
  setMaxListeners(0, options.signal);
  run.of =
    (snmp === undefined ? 0 : hosts.length) +
    (modbus === undefined ? 0 : hosts.length) +
    (mqtt === undefined ? 0 : 1);
  const listening = mqtt === undefined ? Promise.resolve() : listen(mqtt, run);
  if (snmp !== undefined) await discoverSnmp(hosts, snmp, run);
  if (modbus !== undefined) await discoverModbus(hosts, modbus, run);
  await listening;
  const { answered, skipped, problems } = run;
  return { hosts: hosts.length, answered, skipped, problems };
}

interface Run extends DiscoveryOptions {
  readonly timing: DiscoveryTiming;
  done: number;
  of: number;
  answered: number;
  skipped: number;
  readonly problems: string[];
}

function step(run: Run, what: string): void {
  run.done += 1;
  run.onProgress({ done: run.done, of: run.of, what });
}

async function discoverSnmp(
  hosts: readonly string[],
  { access, port }: NonNullable<DiscoveryRequest['snmp']>,
  run: Run,
): Promise<void> {
  const { timing, clock, signal } = run;
  const answering: SnmpAddress[] = [];
  const knock = async (host: string): Promise<void> => {
    const address: SnmpAddress = { protocol: 'snmp', host, port, access };
    if (await isAgent(address, run)) answering.push(address);
    step(run, `SNMP ${host}`);
  };
  await sweep(hosts, knock, { pace: timing.knocks, clock, signal });
  run.answered += answering.length;
  const fresh = answering.filter(({ host }) => !run.configured.has(addressKey('snmp', host, port)));
  run.skipped += answering.length - fresh.length;
  run.of += fresh.length;
  const survey = async (address: SnmpAddress): Promise<void> => {
    run.onFinding(await surveyed(address, run));
    step(run, `SNMP ${address.host}`);
  };
  const inOrder = fresh.sort((a, b) => hosts.indexOf(a.host) - hosts.indexOf(b.host));
  await sweep(inOrder, survey, { pace: timing.surveys, clock, signal });
}

async function isAgent(address: SnmpAddress, { timing, signal, env = process.env }: Run): Promise<boolean> {
  try {
    const patience = { timeoutMs: timing.knockMs, signal, env };
    await converse(address, patience, async (reader) => reader.read([sysUpTime]));
    return true;
  } catch (error) {
    if (error instanceof FieldError) return false;
    throw error;
  }
}
const sysUpTime = '1.3.6.1.2.1.1.3.0';

async function surveyed(address: SnmpAddress, run: Run): Promise<Finding> {
  const { profiles, clock, timing, env = process.env } = run;
  const place = address.port === 161 ? address.host : `${address.host}:${address.port}`;
  const options = { clock, env, deadlineMs: timing.surveyDeadlineMs };
  try {
    const survey = await surveyAgent(profiles, address, options);
    const proposed = proposedBy(survey, address, run.siteAccess);
    const sure = proposed.filter(({ doubt }) => doubt === null);
    const kinds = sure.map((each) => `${each.kind} by ${each.profile ?? '?'}`).join(', ');
    return { protocol: 'snmp', address: place, summary: `${named(survey.identity.name)}${kinds}`, proposed };
  } catch (error) {
    if (!(error instanceof UnknownDeviceError) && !(error instanceof FieldError)) throw error;
    const identity = await identityOf(address, run);
    const { name = '', location = '', description = '' } = identity ?? {};
    const said = description === '' ? 'says nothing of itself' : description;
    const proposed: Proposed = {
      kind: 'any',
      profile: undefined,
      address: place,
      name,
      location,
      evidence: [error instanceof UnknownDeviceError ? `no profile fits: ${said}` : error.message],
      doubt: error instanceof UnknownDeviceError ? 'no profile fits' : 'it fell silent while it was read',
    };
    return {
      protocol: 'snmp',
      address: place,
      summary: `${named(name)}no profile fits: ${said}`,
      proposed: [proposed],
    };
  }
}

function named(name: string): string {
  return name === '' ? '' : `${name}: `;
}

async function identityOf(address: SnmpAddress, { timing, signal, env = process.env }: Run) {
  try {
    return await converse(address, { timeoutMs: 2 * timing.knockMs, signal, env }, readIdentity);
  } catch (error) {
    if (error instanceof FieldError) return undefined;
    throw error;
  }
}

async function discoverModbus(
  hosts: readonly string[],
  { port, units }: NonNullable<DiscoveryRequest['modbus']>,
  run: Run,
): Promise<void> {
  const { timing, clock, signal } = run;
  const knock = async (host: string): Promise<void> => {
    const isKnown = (unit: number): boolean => run.configured.has(addressKey('modbus', host, port, unit));
    const found = await modbusUnits({ host, port }, units, { timeoutMs: timing.knockMs, signal });
    if (found.length > 0) run.answered += 1;
    run.skipped += found.filter(({ unit }) => isKnown(unit)).length;
    for (const unit of found)
      if (!isKnown(unit.unit)) run.onFinding(await modbusFinding(host, port, unit, run));
    step(run, `Modbus ${host}`);
  };
  await sweep(hosts, knock, { pace: timing.knocks, clock, signal });
}

async function modbusFinding(
  host: string,
  port: number,
  { unit, texts }: ModbusUnit,
  run: Run,
): Promise<Finding> {
  const place = `${host}${port === 502 ? '' : `:${port}`}/${unit}`;
  const said = texts.length === 0 ? 'says nothing of itself' : texts.join(', ');
  const candidates = run.profiles.filter(
    (profile): profile is ModbusProfile => profile.protocol === 'modbus' && isNamedBy(profile, texts),
  );
  const read = await bestRead(candidates, { protocol: 'modbus', host, port, unit }, run);
  const common = { address: place, name: '', location: '' };
  const proposed: Proposed =
    read === undefined
      ? {
          ...common,
          kind: 'any',
          profile: undefined,
          evidence: [said],
          doubt:
            'Modbus does not tell what it is; choose the profile, then probe --profile FILE --modbus ADDRESS',
        }
      : {
          ...common,
          kind: read.profile.kind,
          profile: read.profile.name,
          evidence: [`calls itself ${said}`, `${read.good} of ${read.of} values good`],
          doubt: null,
        };
  const what =
    read === undefined ? `no profile fits: ${said}` : `${read.profile.kind} by ${read.profile.name}`;
  return { protocol: 'modbus', address: place, summary: what, proposed: [proposed] };
}

/** Whether the maker of a profile stands in what the unit says of itself. */
function isNamedBy({ maker, kind }: ModbusProfile, texts: readonly string[]): boolean {
  if (maker === 'any' || maker === 'generic' || kind === 'any') return false;
  const words = `-${slugOf(texts.join(' '))}-`;
  return maker.split(/[,/ ]+/).some((word) => word.length > 2 && words.includes(`-${slugOf(word)}-`));
}

async function bestRead(
  profiles: readonly ModbusProfile[],
  address: { protocol: 'modbus'; host: string; port: number; unit: number },
  { clock, timing }: Run,
): Promise<{ profile: ModbusProfile; good: number; of: number } | undefined> {
  let best: { profile: ModbusProfile; good: number; of: number } | undefined;
  for (const profile of profiles)
    try {
      const { rows } = await probe({ profile, address }, { clock, deadlineMs: timing.surveyDeadlineMs });
      const good = rows.filter(({ value }) => value !== null).length;
      if (good > (best?.good ?? 0)) best = { profile, good, of: rows.length };
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
    }
  return best;
}

async function listen(
  { broker, name, forMs }: NonNullable<DiscoveryRequest['mqtt']>,
  run: Run,
): Promise<void> {
  try {
    const { clock, signal } = run;
    const onTopics = (count: number): void =>
      run.onProgress({ done: run.done, of: run.of, what: `MQTT, ${count} topics` });
    const heard = await listenToBroker(broker, { clock, forMs, signal, onTopics });
    if (heard.dropped > 0)
      run.problems.push(
        `${broker.url}: ${heard.dropped} messages on topics beyond the first ones were left out`,
      );
    const matches = matchTopics(run.profiles, heard);
    const unknown = unknownSources(heard, matches);
    const findings = [
      ...matches.map((match) => mqttFinding(match, name)),
      ...sparkplugSources(heard).map((source) => sparkplugFinding(source, name)),
      ...unknown.slice(0, mostUnknown).map((source) => unknownFinding(source, name)),
    ];
    const isFresh = (address: string): boolean =>
      !run.configured.has(addressKey('mqtt', broker.url, address));
    const fresh = findings.filter(({ address }) => isFresh(address));
    run.answered += findings.length;
    run.skipped += findings.length - fresh.length;
    for (const finding of fresh) run.onFinding(finding);
    if (unknown.length > mostUnknown)
      run.problems.push(
        `${broker.url}: ${unknown.length - mostUnknown} more topics have values that no profile names; listen to a broker of fewer, or write the profiles`,
      );
  } catch (error) {
    run.problems.push(error instanceof Error ? error.message : String(error));
  }
  step(run, 'MQTT');
}
