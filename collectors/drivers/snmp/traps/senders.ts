import { lookup } from 'node:dns/promises';
import { SocketAddress, isIP } from 'node:net';
import type { Device, Point } from '../../../../config/model.ts';
import type { PointSource } from '../../../../config/point-source.ts';
import { type Credentials, resolveAccess } from '../usm.ts';
import { type Ear, type Origin, type Trap, createEar } from './decode.ts';
import type { Profile, TrapEntry } from '../../../../config/schema/profile.ts';
import { decodeRaw } from '../../../profile/decode.ts';
import { partOf } from '../../../profile/parts.ts';
import { good } from '../../../../core/reading.ts';
import type { RawValue } from '../../driver.ts';

/** A device that may send traps, and by what it is known. */
interface KnownDevice {
  readonly device: Device;
  readonly credentials: Credentials;
}

/** An address, with the devices that are there. */
export interface Sender {
  readonly devices: readonly KnownDevice[];
  readonly ear: Ear;
}

/** Addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

export interface SendersOptions {
  readonly devices: readonly Device[];
  readonly lookup: Lookup;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reply: (datagram: Buffer, to: Origin) => void;
}

/** Who may send traps, by address. Throws where a key of a v3 user is missing. */
export class Senders {
  readonly #options: SendersOptions;
  readonly #byHost: ReadonlyMap<string, readonly KnownDevice[]>;
  /** As far as they are known; a name that cannot be resolved just now keeps those it had. */
  readonly #addresses: Map<string, readonly string[]>;
  #senders = new Map<string, Sender>();

  constructor(options: SendersOptions) {
    this.#options = options;
    const byHost = new Map<string, KnownDevice[]>();
    for (const device of options.devices) {
      if (device.address.protocol !== 'snmp') continue;
      const { host, access } = device.address;
      const known = byHost.get(host) ?? [];
      known.push({ device, credentials: resolveAccess(access, options.env) });
      byHost.set(host, known);
    }
    this.#byHost = byHost;
    this.#addresses = new Map([...byHost.keys()].map((host) => [host, isIP(host) > 0 ? [host] : []]));
    this.#rebuild();
  }

  at(address: string): Sender | undefined {
    return this.#senders.get(plainAddress(address));
  }

  /** Looks up the names again. Never rejects. */
  async resolve(): Promise<void> {
    const names = [...this.#byHost.keys()].filter((host) => isIP(host) === 0);
    if (names.length === 0) return;
    for (const host of names) {
      const found = await this.#options.lookup(host).catch(() => []);
      if (found.length > 0) this.#addresses.set(host, found);
    }
    this.#rebuild();
  }

  #rebuild(): void {
    const { reply } = this.#options;
    const byAddress = new Map<string, KnownDevice[]>();
    for (const [host, devices] of this.#byHost)
      for (const address of new Set((this.#addresses.get(host) ?? []).map(plainAddress)))
        byAddress.set(address, [...(byAddress.get(address) ?? []), ...devices]);
    this.#senders = new Map(
      [...byAddress].map(([address, devices]): [string, Sender] => {
        const before = this.#senders.get(address);
        if (before !== undefined && isSame(before.devices, devices)) return [address, before];
        return [address, { devices, ear: createEar(devices.map(({ credentials }) => credentials), reply) }]; // prettier-ignore
      }),
    );
  }
}

function isSame(a: readonly KnownDevice[], b: readonly KnownDevice[]): boolean {
  return a.length === b.length && a.every((each, position) => each === b[position]);
}

/** One spelling of an address: `::ffff:10.1.2.3` is 10.1.2.3 to a socket of both families. */
function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

type TrapSet = TrapEntry['sets'][number];
type Raw = Exclude<RawValue['raw'], null>;

/** Point index → value that a trap sets at this device by its profile. What does not decode to a good value sets nothing. */
export function setsOf(device: Device, trap: Trap): ReadonlyMap<number, number> {
  const profiles = [device.profile, ...(device.completedBy ?? []).map(({ profile }) => profile)];
  return new Map(profiles.flatMap((profile) => setsBy(profile, device, trap)));
}

/** A trap gives values in the codes of its profile: it sets points that are read by that profile. */
function setsBy(profile: Profile, device: Device, trap: Trap): [number, number][] {
  if (profile.protocol !== 'snmp') return [];
  const sets = profile.traps
    .filter((entry) => [entry.trap].flat().includes(trap.oid))
    .flatMap((entry) => entry.sets);
  if (sets.length === 0) return [];
  const by = profile === device.profile ? undefined : profile.name;
  const points = device.points.filter(({ source }) => source.from === 'device' && source.by === by);
  const instance = device.instance ?? profile.instances?.default ?? '';
  return sets.flatMap((set) => valuesOf(set, { points, trap, instance }));
}

interface Context {
  readonly points: readonly Point[];
  readonly trap: Trap;
  readonly instance: string;
}

function valuesOf(set: TrapSet, { points: all, trap, instance }: Context): [number, number][] {
  const points = all.filter(({ quantity }) => quantity === set.quantity);
  const below = (prefix: string): Below[] => varbindsBelow(trap, prefix.replaceAll('{instance}', instance));
  const row = set.row === undefined ? undefined : String(below(set.row)[0]?.raw ?? '');
  if ('value' in set) return points.filter((point) => isMeant(point, set.part, row)).flatMap((point) => decoded(point, set.value)); // prettier-ignore
  return below(set.from).flatMap(({ oid, index, raw }) =>
    points
      .filter((point) => isMeant(point, set.part, row ?? index))
      .flatMap((point) => decoded(point, raw, oid)),
  );
}

interface Below {
  readonly oid: string;
  readonly index: string;
  readonly raw: Raw;
}

function varbindsBelow(trap: Trap, prefix: string): Below[] {
  return trap.varbinds.flatMap(({ oid, cell: { raw } }) => {
    const index = indexBelow(prefix, oid);
    return index === undefined || raw === null ? [] : [{ oid, index, raw }];
  });
}

/** Arcs of an OID behind a prefix; '' if it is the prefix itself. */
function indexBelow(prefix: string, oid: string): string | undefined {
  if (oid === prefix) return '';
  return oid.startsWith(`${prefix}.`) ? oid.slice(prefix.length + 1) : undefined;
}

/** Of a part where one is named; else of the row with this index or name; or no part of anything. */
function isMeant({ part, source }: Point, named: string | undefined, row: string | undefined): boolean {
  if (named !== undefined) return part === named;
  if (part === undefined) return row === undefined || row === '' || row === '0';
  const read = source.from === 'device' ? source.read : undefined;
  const pattern = read?.by === 'column' ? read.table.part : undefined;
  return row !== undefined && pattern !== undefined && partOf(pattern, { index: row, key: row }) === part;
}

function decoded({ index, unit, source }: Point, raw: Raw, oid?: string): [number, number][] {
  if (source.from !== 'device') return [];
  const { value, quality } = decodeRaw(source.value, unit, raw, { scale: factorAt(source, oid) });
  return quality === good ? [[index, value]] : [];
}

/** Where the value stands on other models it may have another scale. */
function factorAt(
  { read, value }: Extract<PointSource, { from: 'device' }>,
  oid: string | undefined,
): number {
  const place = read.by === 'oid' ? read.orElse.find((each) => each.oid === oid) : undefined;
  return place === undefined ? 1 : place.scale / (value.scale ?? 1);
}
