/** Most bits that are written or read at once: with seven that wait they fit 32. */
const mostAtOnce = 24;
const chunk = 2 ** mostAtOnce;

/** Writes numbers bit by bit, the most significant first. Numbers are whole, not negative and at most 2^53. */
export class BitWriter {
  #bytes = new Uint8Array(512);
  #length = 0;
  /** The last bits, fewer than eight, that do not fill a byte yet. */
  #waiting = 0;
  #waitingBits = 0;

  bits(value: number, count: number): void {
    if (count > mostAtOnce) {
      this.bits(Math.floor(value / chunk), count - mostAtOnce);
      this.bits(value % chunk, mostAtOnce);
      return;
    }
    const all = (this.#waiting << count) | value;
    let left = this.#waitingBits + count;
    while (left >= 8) {
      left -= 8;
      this.#push((all >>> left) & 0xff);
    }
    this.#waiting = all & ((1 << left) - 1);
    this.#waitingBits = left;
  }

  /** `count` ones. */
  ones(count: number): void {
    let left = count;
    for (; left > mostAtOnce; left -= mostAtOnce) this.bits(chunk - 1, mostAtOnce);
    this.bits(2 ** left - 1, left);
  }

  /** In groups of seven bits: short for small numbers. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bits(128 + (rest % 128), 8);
      rest = Math.floor(rest / 128);
    }
    this.bits(rest, 8);
  }

  /** All that was written, the last byte filled up with zeros; begins again. */
  take(): Uint8Array {
    if (this.#waitingBits > 0) this.bits(0, 8 - this.#waitingBits);
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}

/** Reads what a BitWriter wrote; throws a RangeError beyond the end, which only a damaged blob has. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #waiting = 0;
  #waitingBits = 0;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = bytes;
    this.#at = from;
  }

  bits(count: number): number {
    if (count > mostAtOnce) {
      const high = this.bits(count - mostAtOnce);
      return high * chunk + this.bits(mostAtOnce);
    }
    while (this.#waitingBits < count) this.#fill();
    this.#waitingBits -= count;
    const value = this.#waiting >>> this.#waitingBits;
    this.#waiting &= (1 << this.#waitingBits) - 1;
    return value;
  }

  /** The number of ones before the next zero, which is read as well; at most `most`, and no zero follows these. */
  ones(most: number): number {
    let count = 0;
    while (count < most) {
      if (this.#waitingBits === 0) this.#fill();
      // The waiting bits moved to the top: zeros before the first one of the inverse are the ones sought.
      const run = Math.min(Math.clz32(~(this.#waiting << (32 - this.#waitingBits))), this.#waitingBits);
      const taken = Math.min(run, most - count);
      count += taken;
      const isEnded = taken < this.#waitingBits && count < most;
      this.#waitingBits -= isEnded ? taken + 1 : taken;
      this.#waiting &= (1 << this.#waitingBits) - 1;
      if (isEnded) break;
    }
    return count;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 128) {
      const byte = this.bits(8);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new RangeError('a number of too many bytes');
  }

  #fill(): void {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the blob ends too early');
    this.#at += 1;
    this.#waiting = (this.#waiting << 8) | byte;
    this.#waitingBits += 8;
  }
}

/** Small numbers of either sign as small numbers without one. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
