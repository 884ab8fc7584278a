import { integerBody, oidBody, tags, tlv } from './ber.ts';

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
