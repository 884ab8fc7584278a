/** The part of BER (X.690) that SNMP uses: definite lengths, low tags. Strict: anything else is `MalformedError`. */
export class MalformedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedError';
  }
}

export const tags = { integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const;

/** One element with its bytes as they came (`whole`) and its contents. */
interface Element {
  readonly tag: number;
  readonly body: Buffer;
  readonly whole: Buffer;
}

/** Reads the elements of a constructed body one after another. */
export class BerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  element(expected?: number): Element {
    const start = this.#at;
    const tag = this.#byte();
    if (expected !== undefined && tag !== expected)
      throw new MalformedError(`tag ${tag} where ${expected} belongs`);
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedError('an element is longer than what holds it');
    const body = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return { tag, body, whole: this.#bytes.subarray(start, end) };
  }

  open(tag: number): BerReader {
    return new BerReader(this.element(tag).body);
  }

  /** A signed integer of at most 32 bits. */
  integer(): number {
    const { body } = this.element(tags.integer);
    if (body.length < 1 || body.length > 4) throw new MalformedError('an integer has 1 to 4 bytes');
    return body.readIntBE(0, body.length);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedError('the datagram ends too early');
    this.#at += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count < 1 || count > 3) throw new MalformedError('an indefinite or absurd length');
    let length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + this.#byte();
    return length;
  }
}

/** Tag, length and the parts, one behind the other. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), ...parts], head.length + length);
}

/** The shortest two's complement of a whole number below 2⁶⁴. */
export function integerBody(value: number | bigint): Buffer {
  if (typeof value === 'bigint' || !Number.isSafeInteger(value)) return bigIntegerBody(BigInt(value));
  if (value < -0x80_00_00_00 || value > 0x7f_ff_ff_ff) return bigIntegerBody(BigInt(value));
  const length =
    value >= -0x80 && value < 0x80
      ? 1
      : value >= -0x80_00 && value < 0x80_00
        ? 2
        : value >= -0x80_00_00 && value < 0x80_00_00
          ? 3
          : 4;
  const body = Buffer.allocUnsafe(length);
  body.writeIntBE(value, 0, length);
  return body;
}

function bigIntegerBody(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  return Buffer.from(hex, 'hex');
}

/** Dotted text → contents of an OBJECT IDENTIFIER. */
export function oidBody(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    if (!Number.isInteger(arc) || arc < 0 || arc > 0xff_ff_ff_ff)
      throw new RangeError(`${text} is not an OID`);
    for (let power = 4; power > 0; power -= 1) {
      if (arc >= 128 ** power) bytes.push(0x80 | (Math.floor(arc / 128 ** power) & 0x7f));
    }
    bytes.push(arc % 128);
  }
  return Buffer.from(bytes);
}

/** Contents of an OBJECT IDENTIFIER → dotted text without a leading dot. */
export function oidText(body: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of body) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > 0xff_ff_ff_ff) throw new MalformedError('an arc of an OID is longer than 32 bits');
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head, ...rest] = arcs;
  if (head === undefined || (body.at(-1) ?? 0) >= 0x80) throw new MalformedError('an OID without an end');
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest].join('.');
}
