import type { EdgeMessage } from './session.ts';
import type { RawValue } from '../../driver.ts';
import type { Metric } from './payload.ts';

/** One field as protobuf writes it; what it means is the schema's affair. */
export interface Field {
  readonly number: number;
  /** A varint, unsigned; of any other kind its bytes, not copied. */
  readonly value: bigint | Buffer;
}

const varint = 0;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;
/** Ten bytes of seven bits hold 64 bits. */
const maxVarintBytes = 10;

/**
 * The fields of one message in their order; those nobody asked for are handed on as well. Work and memory are bounded by
 * the bytes given: every step takes at least one of them, and a length beyond the end of the message is refused.
 * @throws RangeError where the bytes are no protobuf
 */
export function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;

  function readVarint(): bigint {
    let value = 0n;
    for (let count = 0; count < maxVarintBytes; count += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number of more than 64 bits');
  }

  function take(length: number): Buffer {
    if (length > bytes.length - at) throw new RangeError('ends within a field');
    at += length;
    return bytes.subarray(at - length, at);
  }

  function readValue(wireType: number): Field['value'] {
    if (wireType === varint) return readVarint();
    if (wireType === fixed64) return take(8);
    if (wireType === fixed32) return take(4);
    if (wireType === delimited) return take(Number(readVarint()));
    throw new RangeError(`wire type ${wireType}`);
  }

  while (at < bytes.length) {
    const tag = Number(readVarint());
    const number = Math.floor(tag / 8);
    if (number === 0) throw new RangeError('a field without a number');
    yield { number, value: readValue(tag % 8) };
  }
}

const namespace = 'spBv1.0';

/** What a device's address says: `group/node`, or `group/node/device`. */
export interface EdgeAddress {
  readonly group: string;
  readonly node: string;
  /** Absent: the node itself. */
  readonly device?: string;
}

export function parseEdgeAddress(address: string): EdgeAddress {
  const [group = '', node = '', device] = address.split('/');
  return { group, node, ...(device === undefined ? {} : { device }) };
}

/**
 * Everything that an edge node says. Messages of its devices that nobody configured are wanted too: all of them are
 * counted in one sequence. Commands are not.
 */
export function edgeFilters({ group, node }: EdgeAddress): string[] {
  return ['BIRTH', 'DATA', 'DEATH'].flatMap((type) => [
    `${namespace}/${group}/N${type}/${node}`,
    `${namespace}/${group}/D${type}/${node}/+`,
  ]);
}

export function commandTopic({ group, node }: EdgeAddress): string {
  return `${namespace}/${group}/NCMD/${node}`;
}

/** Who says what on this topic; undefined where it is none of an edge node's. */
export function parseTopic(topic: string): (EdgeAddress & Pick<EdgeMessage, 'type'>) | undefined {
  const [first, group = '', kind = '', node = '', device, ...rest] = topic.split('/');
  const type = (['BIRTH', 'DATA', 'DEATH'] as const).find((each) => each === kind.slice(1));
  const sender = kind.charAt(0);
  if (first !== namespace || type === undefined || rest.length > 0) return undefined;
  if (sender === 'N' && device === undefined) return { group, node, type };
  return sender === 'D' && device !== undefined ? { group, node, device, type } : undefined;
}

/** Widths of the types that hold whole numbers, by their number in the standard; negative: signed. */
const integers: ReadonlyMap<number, number> = new Map([
  [1, -8],
  [2, -16],
  [3, -32],
  [4, -64],
  [5, 8],
  [6, 16],
  [7, 32],
  [8, 64],
  [13, 64],
]);
const boolean = 11;

/**
 * What a metric of this type says. Signed integers travel as two's complement, of which encoders send 32 or 64 bits as
 * they please; Booleans are the states `true` and `false`.
 */
export function typedValue(
  { isNull, value }: Pick<Metric, 'isNull' | 'value'>,
  datatype: number,
): Pick<RawValue, 'raw' | 'reason'> {
  if (isNull || value === undefined) return { raw: null, reason: 'no-value' };
  if (typeof value === 'boolean') return { raw: String(value) };
  if (typeof value === 'object') return { raw: null, reason: 'decode' };
  if (typeof value !== 'bigint') return { raw: value };
  if (datatype === boolean) return { raw: String(value !== 0n) };
  const width = integers.get(datatype);
  if (width === undefined) return { raw: null, reason: 'decode' };
  const whole = width < 0 ? BigInt.asIntN(-width, value) : BigInt.asUintN(width, value);
  const number = Number(whole);
  return { raw: Number.isSafeInteger(number) ? number : whole };
}
