import { integerBody, oidBody, tags, tlv } from './ber.ts';

/** Where an agent's answers come from. OIDs are dotted, without a leading dot. */
export interface OidSource {
  get(oid: string): Varbind | undefined;
  /** The first one behind `oid` in the order of OIDs, whether or not `oid` itself exists. */
  next(oid: string): Varbind | undefined;
}

export function parseOid(oid: string): readonly number[] {
  return oid.split('.').map(Number);
}

/** Order of OIDs: arc by arc as numbers, a prefix before what it begins. */
export function compareOids(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A source over a fixed set of OIDs whose values are asked for at each answer; of a repeated OID the first counts. */
export function sortedSource<Entry extends { readonly oid: string }>(
  entries: Iterable<Entry>,
  read: (entry: Entry) => Varbind | undefined,
): OidSource {
  const byOid = new Map<string, Entry>();
  for (const entry of entries) if (!byOid.has(entry.oid)) byOid.set(entry.oid, entry);
  const sorted = [...byOid.values()].map((entry) => ({ entry, arcs: parseOid(entry.oid) }));
  sorted.sort((a, b) => compareOids(a.arcs, b.arcs));

  const firstBehind = (arcs: readonly number[]): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const candidate = sorted[middle];
      if (candidate !== undefined && compareOids(candidate.arcs, arcs) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get(oid) {
      const entry = byOid.get(oid);
      return entry === undefined ? undefined : read(entry);
    },
    next(oid) {
      for (let i = firstBehind(parseOid(oid)); i < sorted.length; i += 1) {
        const item = sorted[i];
        const varbind = item === undefined ? undefined : read(item.entry);
        if (varbind !== undefined) return varbind;
      }
      return undefined;
    },
  };
}

/** A value under its SMI type (RFC 2578 §7). Text is Latin-1; `hex` holds bytes that are no text. */
export type SnmpValue =
  | { readonly type: 'integer' | 'counter32' | 'gauge32' | 'timeticks'; readonly value: number }
  | { readonly type: 'counter64'; readonly value: bigint }
  | { readonly type: 'octets'; readonly value: string | Buffer }
  | { readonly type: 'oid' | 'ip'; readonly value: string }
  | { readonly type: 'null' };

export interface Varbind {
  /** Dotted, without a leading dot. */
  readonly oid: string;
  readonly value: SnmpValue;
}

/** What stands in the place of a value in v2c (RFC 3416 §3). */
export const exceptions = { noSuchObject: 0x80, noSuchInstance: 0x81, endOfMibView: 0x82 } as const;

const unsigned32 = { counter32: 0x41, gauge32: 0x42, timeticks: 0x43 } as const;

/** The value's whole element. Unsigned values wrap as the agent's own counter would. */
export function encodeValue(value: SnmpValue): Buffer {
  switch (value.type) {
    case 'integer':
      return tlv(tags.integer, integerBody(Math.trunc(value.value)));
    case 'counter32':
    case 'gauge32':
    case 'timeticks':
      return tlv(unsigned32[value.type], integerBody(BigInt.asUintN(32, BigInt(Math.trunc(value.value)))));
    case 'counter64':
      return tlv(0x46, integerBody(BigInt.asUintN(64, value.value)));
    case 'octets':
      return tlv(
        tags.octets,
        typeof value.value === 'string' ? Buffer.from(value.value, 'latin1') : value.value,
      );
    case 'oid':
      return tlv(tags.oid, oidBody(value.value));
    case 'ip':
      return tlv(0x40, Buffer.from(value.value.split('.').map(Number)));
    case 'null':
      return tlv(tags.null);
  }
}
