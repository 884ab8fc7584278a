import path from 'node:path';
import type { Address, Broker, BrokerTls } from '../model.ts';
import { type Profile, isSparkplug } from '../schema/profile.ts';
import {
  usualSerial,
  type BrokerEntry,
  type ModbusAccess,
  type SerialSettings,
  type SiteFile,
  type SnmpAccess,
} from '../schema/site.ts';
import { defined } from '../../core/defined.ts';
import type { People } from '../schema/people.ts';
import type { ComplianceCatalogue } from '../schema/compliance.ts';
import type { AlarmAims } from '../schema/alarm-aims.ts';
import type { LoadTestProfile } from '../schema/loadtest.ts';
import type { Calendar } from '../schema/calendar.ts';
import type { RootFile } from '../schema/root.ts';
import type { RuleEntry } from '../schema/rule.ts';
import type { Standard } from '../schema/standard.ts';
import type { StatutoryReport } from '../schema/statutory.ts';

const host = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** What an address looks like, by protocol. */
const forms = {
  snmp: 'HOST or HOST:PORT',
  modbus:
    'HOST, HOST:PORT or HOST:PORT/UNIT (unit 0 to 255), or /dev/LINE/UNIT for a serial line (unit 1 to 247)',
  mqtt: 'a topic without wildcards',
  push: 'the serial number or name that the controller sends: letters, digits, "-", "_" and "."',
  sparkplug: 'GROUP/NODE or GROUP/NODE/DEVICE, as the gateway names them (no topic)',
};

/** What the address of a device of this profile looks like. */
export function addressForm(profile: Profile): string {
  return isSparkplug(profile) ? forms.sparkplug : forms[profile.protocol];
}

/** `HOST[:PORT]`; undefined when the text is nothing of the sort. */
export function parseSnmpAddress(
  text: string,
  access: SnmpAccess,
): Extract<Address, { protocol: 'snmp' }> | undefined {
  const endpoint = parseEndpoint(text, 161);
  return endpoint && { protocol: 'snmp', ...endpoint, access };
}

export type ModbusAddress = Extract<Address, { protocol: 'modbus' }>;

/** `HOST[:PORT][/UNIT]`, default port 502, unit 1; or `/dev/…/UNIT`, a serial line that is set as `access` says. */
export function parseModbusAddress(
  text: string,
  access?: Pick<ModbusAccess, 'serial'>,
): ModbusAddress | undefined {
  if (text.startsWith('/')) {
    // A line is shared by nature, so the unit is never left out: /dev/pts/3 would be unit 3 of /dev/pts.
    const { path: file = '', unit: number = '' } =
      /^(?<path>\/[^\s*?]*[^\s*?/])\/(?<unit>\d{1,3})$/.exec(text)?.groups ?? {};
    const serialUnit = wholeNumber(number, 247);
    return serialUnit === undefined || serialUnit === 0
      ? undefined
      : { protocol: 'modbus', line: { path: file, ...(access?.serial ?? usualSerial) }, unit: serialUnit };
  }
  const [place = '', unitText = '1', ...rest] = text.split('/');
  const endpoint = parseEndpoint(place, 502);
  const unit = wholeNumber(unitText, 255);
  return endpoint === undefined || unit === undefined || rest.length > 0
    ? undefined
    : { protocol: 'modbus', ...endpoint, unit };
}

/** Which connection a Modbus device shares with others, as text: `HOST:PORT`, or the path of a line. */
export function connectionOf(address: ModbusAddress): string {
  return 'line' in address ? address.line.path : `${address.host}:${address.port}`;
}

/** `9600 8N1`, as technicians write it. */
export function serialText({ baudRate, parity, stopBits }: SerialSettings): string {
  return `${baudRate} 8${parity[0]?.toUpperCase() ?? ''}${stopBits}`;
}

/** A topic to subscribe to, wildcards would mix devices; or the names of a Sparkplug node or device. */
export function parseMqttAddress(
  text: string,
  profile: Profile,
  broker: Broker,
): Extract<Address, { protocol: 'mqtt' }> | undefined {
  return isAddress(profile, text) ? { protocol: 'mqtt', broker, topic: text } : undefined;
}

export function isAddress(profile: Profile, text: string): boolean {
  if (profile.protocol === 'snmp') return parseEndpoint(text, 161) !== undefined;
  if (profile.protocol === 'modbus') return parseModbusAddress(text) !== undefined;
  if (profile.protocol === 'push') return /^[A-Za-z0-9._-]{1,64}$/.test(text);
  return isSparkplug(profile) ? isSparkplugName(text) : isTopic(text);
}

/** Names may hold spaces, as gateways' often do; a topic of the standard is one level longer, so it is recognised. */
function isSparkplugName(text: string): boolean {
  const names = text.split('/');
  return (
    (names.length === 2 || names.length === 3) &&
    names[0] !== 'spBv1.0' &&
    names.every((name) => name !== '' && name.length <= 300 && !/^\s|[#+\p{Cc}]|\s$/u.test(name))
  );
}

function isTopic(text: string): boolean {
  return text.length <= 1_000 && !/[#+\s\p{Cc}]/u.test(text) && !text.startsWith('/') && !text.endsWith('/');
}

function parseEndpoint(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const [name = '', portText, ...rest] = text.split(':');
  const port = portText === undefined ? defaultPort : wholeNumber(portText, 65_535);
  if (rest.length > 0 || port === undefined || port === 0 || !isHost(name)) return undefined;
  return { host: name, port };
}

/** Four numbers must be an IPv4 address: 10.0.0.300 is no host name that anyone meant. */
function isHost(name: string): boolean {
  if (!host.test(name)) return false;
  return (
    !/^[\d.]+$/.test(name) ||
    (/^(\d{1,3}\.){3}\d{1,3}$/.test(name) && name.split('.').every((part) => Number(part) <= 255))
  );
}

function wholeNumber(text: string, max: number): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

/** The brokers of a site by their name in the file, with their secrets. */
export function buildBrokers(
  site: string,
  file: Pick<SiteFile, 'brokers'>,
  { dir, env }: Pick<ConfigFiles, 'dir' | 'env'>,
): ReadonlyMap<string, Broker> {
  return new Map(
    Object.entries(file.brokers).map(([name, { url, user, password, version, tls, rebirth }]) => [
      name,
      {
        key: `${site}/${name}`,
        url,
        ...defined({
          user,
          password: password && env[password.env],
          version: version === 'auto' ? undefined : version,
          rebirth: rebirth ? undefined : false,
          tls: tls && buildTls(tls, dir, env),
        }),
      },
    ]),
  );
}

function buildTls(tls: NonNullable<BrokerEntry['tls']>, dir: string, env: ConfigFiles['env']): BrokerTls {
  const { ca, cert, key, servername } = tls;
  return defined({
    ca: ca && path.resolve(dir, ca),
    cert: cert && path.resolve(dir, cert),
    key:
      typeof key === 'object'
        ? { pem: env[key.env] ?? '' }
        : key === undefined
          ? undefined
          : { file: path.resolve(dir, key) },
    servername,
  });
}

/** The contents of the files, each valid by itself and checked against the others. */
export interface ConfigFiles {
  readonly root: RootFile;
  readonly standard: Standard;
  readonly calendars: readonly Calendar[];
  readonly statutory: readonly StatutoryReport[];
  readonly alarmAims: AlarmAims;
  readonly compliance: ComplianceCatalogue | undefined;
  readonly loadTest: LoadTestProfile | undefined;
  readonly people: People | undefined;
  readonly rules: readonly RuleEntry[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly sites: readonly { readonly id: string; readonly file: SiteFile }[];
  /** The folder they are in. */
  readonly dir: string;
  /** Where the passwords of brokers are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
