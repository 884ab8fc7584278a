/**
 * The part of BER (X.690) that SNMP uses: definite lengths, low tags. Lengths need not be minimal, since real agents
 * write them wide. Nothing here throws or copies: an answer is read where it lies.
 */
export const tags = {
  boolean: 0x01, integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30,
  ipAddress: 0x40, counter32: 0x41, gauge32: 0x42, timeTicks: 0x43, opaque: 0x44, counter64: 0x46, unsigned32: 0x47,
  noSuchObject: 0x80, noSuchInstance: 0x81, endOfMibView: 0x82,
} as const; // prettier-ignore

/** A place in a datagram: after `enter`, the tag of an element and where its contents begin (`at`) and end. */
export class Cursor {
  readonly bytes: Buffer;
  at: number;
  tag = 0;
  end = 0;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Steps into the element that stands here; false if none does, or if it is longer than what holds it. */
  enter(limit: number): boolean {
    const { bytes } = this;
    let at = this.at;
    if (at + 2 > limit) return false;
    this.tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count < 1 || count > 4 || at + count > limit) return false;
      length = 0;
      for (const stop = at + count; at < stop; at += 1) length = length * 256 + (bytes[at] ?? 0);
    }
    if (length > limit - at) return false;
    this.at = at;
    this.end = at + length;
    return true;
  }

  /** As `enter`, where only one tag will do. */
  expect(tag: number, limit: number): boolean {
    return this.enter(limit) && this.tag === tag;
  }

  /** A whole INTEGER of at most 32 bits, stepped over; undefined if none stands here. */
  int32(limit: number): number | undefined {
    if (!this.expect(tags.integer, limit)) return undefined;
    const value = signed(this.bytes, this.at, this.end);
    this.at = this.end;
    return value;
  }
}

/** Two's complement of 1 to 4 bytes, or of more that are only padding; undefined if it does not fit 32 bits. */
export function signed(bytes: Buffer, from: number, end: number): number | undefined {
  if (from >= end) return undefined;
  const negative = (bytes[from] ?? 0) >= 0x80;
  const start = Math.max(from, end - 4);
  for (let at = from; at < start; at += 1) if (bytes[at] !== (negative ? 0xff : 0)) return undefined;
  let value = negative ? -1 : 0;
  for (let at = start; at < end; at += 1) value = (value << 8) | (bytes[at] ?? 0);
  // Padding before a sign of the other kind: the number is longer than 32 bits.
  return value < 0 === negative ? value : undefined;
}

/** Whether `length` bytes of two buffers are the same. */
export function same(
  a: Buffer,
  aAt: number,
  other: { readonly bytes: Buffer; readonly at: number; readonly length: number },
): boolean {
  for (let i = 0; i < other.length; i += 1) if (a[aAt + i] !== other.bytes[other.at + i]) return false;
  return true;
}

/** Contents of an OBJECT IDENTIFIER → dotted text; undefined if it has no end or an arc of more than 32 bits. */
export function oidText(bytes: Buffer, from: number, end: number): string | undefined {
  let text = '';
  let arc = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    arc = arc * 128 + (byte & 0x7f);
    if (arc > 0xff_ff_ff_ff) return undefined;
    if (byte >= 0x80) continue;
    if (text === '') {
      const first = Math.min(2, Math.floor(arc / 40));
      text = `${first}.${arc - first * 40}`;
    } else text += `.${arc}`;
    arc = 0;
  }
  return text === '' || (bytes[end - 1] ?? 0) >= 0x80 ? undefined : text;
}

/** Dotted text → contents of an OBJECT IDENTIFIER. Throws RangeError on what is none. */
export function oidBytes(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    if (!Number.isInteger(arc) || arc < 0 || arc > 0xff_ff_ff_ff)
      throw new RangeError(`${text} is not an OID`);
    for (let power = 4; power > 0; power -= 1)
      if (arc >= 128 ** power) bytes.push(0x80 | (Math.floor(arc / 128 ** power) & 0x7f));
    bytes.push(arc % 128);
  }
  return Buffer.from(bytes);
}

/** Tag, length and the parts, one behind the other. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]; // prettier-ignore
  return Buffer.concat([Buffer.from(head), body]);
}
