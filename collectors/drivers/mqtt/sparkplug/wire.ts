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
 * the bytes given: every step takes at least one of them, and nothing is believed that says more is to come than there is.
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
