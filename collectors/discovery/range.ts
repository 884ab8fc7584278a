/** Hosts of one run at most: a /22. A mistyped prefix must not scan a ministry. */
const mostHosts = 1_024;

/** The text names no hosts that can be searched; the message says what to write. */
export class HostRangeError extends Error {}

const form = 'say 10.0.0.0/24, 10.0.0.10-10.0.0.40, 10.0.0.10-40 or 10.0.0.5';

/** IPv4 hosts of ranges, in order, each once. A network's own and its broadcast address are no hosts. */
export function hostsOf(ranges: readonly string[]): string[] {
  const hosts = new Set<number>();
  for (const range of ranges) {
    const [first, last] = boundsOf(range);
    if (last - first + 1 > mostHosts) throw tooMany(range, last - first + 1);
    for (let host = first; host <= last; host += 1) hosts.add(host);
  }
  if (hosts.size > mostHosts) throw tooMany(ranges.join(' '), hosts.size);
  return [...hosts].sort((a, b) => a - b).map(textOf);
}

function tooMany(range: string, count: number): HostRangeError {
  return new HostRangeError(
    `${range} has ${count} hosts; at most ${mostHosts} (a /22) are searched in one run`,
  );
}

function boundsOf(range: string): [number, number] {
  const [, network, prefix] = /^([\d.]+)\/(\d{1,2})$/.exec(range) ?? [];
  if (network !== undefined) return networkBounds(numberOf(network, range), Number(prefix), range);
  const [, from = range, to] = /^([\d.]+)-([\d.]+)$/.exec(range) ?? [];
  const first = numberOf(from, range);
  const short = to !== undefined && !to.includes('.') ? `${from.slice(0, from.lastIndexOf('.'))}.${to}` : to;
  const last = short === undefined ? first : numberOf(short, range);
  if (last < first) throw new HostRangeError(`${range} ends before it begins; ${form}`);
  return [first, last];
}

function networkBounds(address: number, prefix: number, range: string): [number, number] {
  if (prefix > 32) throw new HostRangeError(`${range} has no prefix from 0 to 32; ${form}`);
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return size <= 2 ? [first, first + size - 1] : [first + 1, first + size - 2];
}

function numberOf(text: string, range: string): number {
  const octets = /^\d{1,3}(\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : [];
  if (octets.length !== 4 || octets.some((octet) => octet > 255))
    throw new HostRangeError(`${range} is no range of IPv4 addresses; ${form}`);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function textOf(host: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(host / 2 ** shift) % 256).join('.');
}
