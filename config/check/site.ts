import path from 'node:path';
import { nearestName } from '../../core/names.ts';
import { type RackDraft, expandSite, isShared } from '../build/rows.ts';
import { placeholders, placeholdersIn } from '../build/points.ts';
import { oneOf, quote } from '../problem.ts';
import { type Path, property } from '../read/source.ts';
import { collectorOwner } from '../schema/diagnostics.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { BrokerEntry, RowsEntry, SiteFile } from '../schema/site.ts';
import type { Standard } from '../schema/standard.ts';
import { checkConnections, type Connections } from './connections.ts';
import { checkDevice } from './device.ts';
import { checkSenders, type Senders } from './senders.ts';
import { checkTopology } from './topology.ts';
import { type Report, type Secrets, reportUnset } from './report.ts';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface SiteContext {
  /** The configuration's folder. */
  readonly dir: string;
  /** The file as it was written, for the names in entries that could not be read. */
  readonly data: unknown;
  /** Keys of the file that are broken or incomplete: references to them are not reported. */
  readonly unsure: ReadonlySet<string>;
  /** A profile whose own file is broken is known by name only. */
  readonly profiles: ProfileLookup;
  /** Who pushes events under which name, of all sites looked at so far. */
  readonly senders: Senders;
  /** How gateways and serial lines are set, of all sites looked at so far. */
  readonly connections: Connections;
  /** The site's id. */
  readonly siteId: string;
  readonly standard: Standard | undefined;
  /** Absent while the field is simulated. */
  readonly secrets: Secrets | undefined;
}

/** Everything in a site's file that refers to something else, in it or in another file. */
export function checkSite(file: SiteFile, context: SiteContext, report: Report): void {
  for (const [name, broker] of Object.entries(file.brokers))
    checkBrokerEntry(broker, { ...context, path: ['brokers', name] }, report);
  if (file.snmp.version === '3') {
    reportUnset(context.secrets, file.snmp.auth?.key, ['snmp', 'auth', 'key'], report);
    reportUnset(context.secrets, file.snmp.priv?.key, ['snmp', 'priv', 'key'], report);
  }
  const rooms = roomNames(file, context.data);
  file.rooms.forEach(({ room }, index) => {
    if (file.rooms.findIndex((each) => each.room === room) < index)
      report(['rooms', index, 'room'], {
        found: `${quote(room)} is declared twice`,
        expected: 'every room once',
      });
  });
  file.rows.forEach((rows, index) => checkRows(rows, { path: ['rows', index], rooms }, report));
  const { racks, devices } = expandSite(file);
  checkRacks(file, racks, context, report);
  checkConnections(devices, { ...context, isRemote: file.collector === 'remote' }, report);
  checkSenders(devices, context, report);
  checkTopology(file, { ...context, racks, devices }, report);
  const rackIds = new Set(racks.map((rack) => rack.id));
  const owners = new Map<string, string>([
    ['site', 'the site itself'],
    [collectorOwner, 'what the collector says of itself'],
    ...rooms.map((room) => [room, 'a room'] as const),
  ]);
  for (const id of rackIds) owners.set(id, 'a rack');
  for (const draft of devices) {
    checkDevice(draft, { ...context, file, rooms, rackIds }, report);
    const { device } = draft.entry;
    const owner = owners.get(device);
    // A row listed twice repeats the devices of its racks.
    const repeated = racks.length > rackIds.size && draft.path[0] === 'rows';
    if (owner !== undefined && !repeated)
      report([...draft.path, 'device'], {
        found: `${quote(device)} is the name of ${owner} already`,
        expected: 'a name of its own',
      });
    owners.set(device, 'a device');
  }
}

/** Rooms that are declared, also those whose entry holds a mistake. */
function roomNames(file: SiteFile, data: unknown): string[] {
  const written = property(data, 'rooms');
  const names = Array.isArray(written) ? written.map((entry) => property(entry, 'room')) : [];
  return [
    ...new Set([
      ...file.rooms.map((entry) => entry.room),
      ...names.filter((name) => typeof name === 'string'),
    ]),
  ];
}

function checkRows(rows: RowsEntry, at: { path: Path; rooms: readonly string[] }, report: Report): void {
  const { path } = at;
  if (!at.rooms.includes(rows.room))
    report([...path, 'room'], {
      found: `${quote(rows.room)} is unknown`,
      expected: 'a room of this site',
      nearest: nearestName(rows.room, at.rooms),
    });
  for (const [row, exceptions] of Object.entries(rows.exceptions)) {
    if (!rows.rows.includes(row))
      report([...path, 'exceptions', row], {
        found: `row ${quote(row)} is unknown`,
        expected: oneOf(rows.rows),
        nearest: nearestName(row, rows.rows),
      });
    exceptions.forEach(({ number }, index) => {
      const place = [...path, 'exceptions', row, index, 'number'];
      if (number > rows.racks)
        report(place, { found: `${number} is beyond the row`, expected: `1 to ${rows.racks}` });
      if (exceptions.findIndex((each) => each.number === number) < index)
        report(place, { found: `${number} is declared twice`, expected: 'every rack once' });
    });
  }
  checkPatterns(rows.feeds.A, [...path, 'feeds', 'A'], report);
  checkPatterns(rows.feeds.B, [...path, 'feeds', 'B'], report);
  checkPatterns(rows.inlet, [...path, 'inlet'], report);
}

function checkPatterns(pattern: RowsEntry['inlet'], path: Path, report: Report): void {
  const known = path.at(-1) === 'inlet' ? placeholders.filter((name) => name !== 'feed') : placeholders;
  for (const key of ['device', 'address', 'part'] as const)
    for (const name of placeholdersIn(pattern[key] ?? ''))
      if (!known.some((each) => each === name))
        report([...path, key], {
          found: `placeholder ${quote(`{${name}}`)} is unknown`,
          expected: `one of ${known.map((each) => `{${each}}`).join(', ')}`,
          nearest: nearestName(name, known),
        });
  if (isShared(pattern) && pattern.part === undefined)
    report([...path, 'part'], {
      found: 'is missing',
      expected: 'the part that measures a rack, since one device serves the row',
    });
}

function checkRacks(file: SiteFile, racks: readonly RackDraft[], context: SiteContext, report: Report): void {
  const seen = new Set<string>();
  for (const rack of racks) {
    if (seen.has(rack.id))
      report([...rack.path, 'rows'], {
        found: `row ${quote(rack.row)} is declared twice`,
        expected: 'every row of a site once',
      });
    seen.add(rack.id);
  }
  if (context.standard === undefined || context.unsure.has('standard')) return;
  const limits = context.standard.sites[file.standard];
  if (limits === undefined) {
    const valid = Object.keys(context.standard.sites);
    report(['standard'], {
      found: `${quote(file.standard)} is unknown`,
      expected: oneOf(valid),
      nearest: nearestName(file.standard, valid),
    });
  } else if (seen.size > limits.racks.max)
    report(['rows'], {
      found: `${seen.size} racks are declared`,
      expected: `at most ${limits.racks.max} (${limits.racks.clause})`,
    });
}

interface BrokerContext {
  /** The configuration's folder. */
  readonly dir: string;
  /** Absent while the field is simulated: then certificates need not be there either. */
  readonly secrets: Secrets | undefined;
  readonly path: Path;
}

/** One broker of a site: its secrets are set, its certificates are there and are what they should be. */
function checkBrokerEntry(broker: BrokerEntry, context: BrokerContext, report: Report): void {
  const { secrets } = context;
  reportUnset(secrets, broker.password, [...context.path, 'password'], report);
  const { tls } = broker;
  if (tls === undefined) return;
  const place = [...context.path, 'tls'];
  if (!broker.url.startsWith('mqtts:'))
    report(place, { found: 'needs an encrypted connection', expected: 'a url that begins with mqtts://' });
  if (tls.cert !== undefined && tls.key === undefined)
    report([...place, 'key'], { found: 'is missing', expected: 'the private key of the certificate' });
  if (tls.key !== undefined && tls.cert === undefined)
    report([...place, 'cert'], { found: 'is missing', expected: 'the certificate of the private key' });
  if (secrets === undefined) return;
  const pem = (name: 'ca' | 'cert' | 'key', file: string | undefined, what: PemKind): void => {
    if (file === undefined) return;
    const wrong = troubleOf(path.resolve(context.dir, file), what);
    if (wrong !== undefined)
      report([...place, name], {
        found: `${quote(file)} ${wrong}`,
        expected: `${pemKinds[what].expected}, relative to the configuration's folder`,
      });
  };
  pem('ca', tls.ca, 'certificate');
  pem('cert', tls.cert, 'certificate');
  if (typeof tls.key === 'object') reportUnset(secrets, tls.key, [...place, 'key'], report);
  else pem('key', tls.key, 'key');
}

type PemKind = 'certificate' | 'key';
const pemKinds: Readonly<
  Record<PemKind, { read: (text: string) => unknown; wrong: string; expected: string }>
> = {
  certificate: {
    read: (text) => new X509Certificate(text),
    wrong: 'holds no certificate',
    expected: 'a certificate in a PEM file',
  },
  key: {
    read: (text) => createPrivateKey(text),
    wrong: 'holds no private key without a passphrase',
    expected: 'a private key in a PEM file',
  },
};

function troubleOf(file: string, kind: PemKind): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? 'is missing' : 'cannot be read';
  }
  try {
    pemKinds[kind].read(text);
    return undefined;
  } catch {
    return pemKinds[kind].wrong;
  }
}
