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
  /** The next bits, at the top of 32; zeros below them. */
  #window = 0;
  /** How many of them are in the window. Those beyond the blob's end are zeros, and counted. */
  #ready = 0;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = bytes;
    this.#at = from;
  }

  bits(count: number): number {
    const value = this.#bits(count);
    this.#refuseBeyondEnd();
    return value;
  }

  /** How many bits of the blob are read. */
  get position(): number {
    return this.#at * 8 - this.#ready;
  }

  /** Goes on at this bit of the blob. */
  moveTo(position: number): void {
    this.#at = position >>> 3;
    this.#window = 0;
    this.#ready = 0;
    this.#bits(position & 7);
  }

  /** Passes over what fills up the byte that was begun. */
  toByte(): void {
    this.#bits(this.#ready % 8);
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

  /**
   * Fills `numbers` between two places with what Rice codes hold: a number of ones and a zero, then `low` bits; after `most` ones, and no
   * zero, the number itself in 53 bits. One loop without calls: answers are made of millions.
   */
  rice(numbers: Float64Array, { from, to, low, most }: RiceBlock): void {
    if (low > mostAtOnce) {
      this.#wideRice(numbers, { from, to, low, most });
      return;
    }
    const bytes = this.#bytes;
    const scale = 2 ** low;
    const rest = 32 - low;
    let window = this.#window;
    let ready = this.#ready;
    let at = this.#at;
    for (let i = from; i < to; i += 1) {
      for (; ready <= 24; ready += 8, at += 1) window |= (bytes[at] ?? 0) << (24 - ready);
      const ones = Math.clz32(~window);
      if (ones >= most) {
        this.#window = window << most;
        this.#ready = ready - most;
        this.#at = at;
        numbers[i] = this.#bits(53);
        window = this.#window;
        ready = this.#ready;
        at = this.#at;
        continue;
      }
      window <<= ones + 1;
      ready -= ones + 1;
      if (low === 0) {
        numbers[i] = ones;
        continue;
      }
      for (; ready <= 24; ready += 8, at += 1) window |= (bytes[at] ?? 0) << (24 - ready);
      numbers[i] = ones * scale + (window >>> rest);
      window <<= low;
      ready -= low;
    }
    this.#window = window;
    this.#ready = ready;
    this.#at = at;
    this.#refuseBeyondEnd();
  }

  #wideRice(numbers: Float64Array, { from, to, low, most }: RiceBlock): void {
    for (let i = from; i < to; i += 1) {
      let ones = 0;
      while (ones < most && this.#bits(1) === 1) ones += 1;
      numbers[i] = ones < most ? ones * 2 ** low + this.#bits(low) : this.#bits(53);
    }
    this.#refuseBeyondEnd();
  }

  #bits(count: number): number {
    if (count > mostAtOnce) {
      const high = this.#bits(count - mostAtOnce);
      return high * chunk + this.#bits(mostAtOnce);
    }
    if (count === 0) return 0;
    for (; this.#ready < count; this.#ready += 8, this.#at += 1)
      this.#window |= (this.#bytes[this.#at] ?? 0) << (24 - this.#ready);
    const value = this.#window >>> (32 - count);
    this.#window <<= count;
    this.#ready -= count;
    return value;
  }

  #refuseBeyondEnd(): void {
    if (this.#at * 8 - this.#ready > this.#bytes.length * 8) throw new RangeError('the blob ends too early');
  }
}

interface RiceBlock {
  /** [from, to) of the numbers. */
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly most: number;
}

/** Small numbers of either sign as small numbers without one. */
export function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
export function unzigzag(value: number): number {
  // In 32 bits nearly always, which takes a fraction of the time.
  if (value < 2 ** 31) return (value >>> 1) ^ -(value & 1);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
