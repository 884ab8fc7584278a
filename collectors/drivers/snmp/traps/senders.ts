import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import type { Device } from '../../../../config/model.ts';
import { resolveAccess, type Credentials } from '../user.ts';
import { createEar, type Ear, type Origin } from './ear.ts';

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

  /** Looks up the names anew. Never rejects. */
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
