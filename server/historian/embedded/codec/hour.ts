import { isUsable } from '../../../../core/reading.ts';
import { BitReader, BitWriter } from './bits.ts';
import { checksumBytes, verify, withChecksum } from './checksum.ts';
import { decodeDoubles, decodeLastDouble, encodeDoubles } from './doubles.ts';
import { decodeIntegers, encodeIntegers } from './integers.ts';
import type { Scratch } from './scratch.ts';

/** The readings of one series in one hour, ascending in time. */
export interface SeriesHour {
  /** Ms since the hour began. */
  readonly offset: Float64Array;
  /** NaN where the quality is bad. */
  readonly value: Float64Array;
  readonly quality: Uint8Array;
}

/** Times of a row: its own, or those of another series of its shard, by the place in the shard. */
export type TimesOf = (local: number) => Float64Array;

const flags = { borrowsTimes: 1, isNotAllGood: 2 } as const;

/**
 * One row: times, qualities, values. The points of a device are read together: all but the first borrow its times, which would
 * cost more than the values.
 */
export function encodeHour(hour: SeriesHour, lender: number | undefined): Uint8Array {
  const writer = new BitWriter();
  const isGood = hour.quality.every((code) => code === 0);
  writer.bits((lender === undefined ? 0 : flags.borrowsTimes) | (isGood ? 0 : flags.isNotAllGood), 2);
  if (lender === undefined) {
    writer.varint(hour.offset.length);
    encodeIntegers(writer, hour.offset);
  } else writer.bits(lender, 8);
  if (!isGood) writeQuality(writer, hour.quality);
  encodeDoubles(writer, isGood ? hour.value : usableOf(hour));
  return withChecksum(writer.take());
}

/** The place of the series whose times these are; undefined: its own. Throws for a damaged row, as everything here. */
export function lenderOf(blob: Uint8Array): number | undefined {
  const reader = new BitReader(blob, checksumBytes);
  return (reader.bits(2) & flags.borrowsTimes) === 0 ? undefined : reader.bits(8);
}

/** Of a row that has times of its own. */
export function decodeTimes(blob: Uint8Array): Float64Array {
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  if ((reader.bits(2) & flags.borrowsTimes) !== 0) throw new RangeError('borrowed times are lent on');
  return decodeIntegers(reader, reader.varint());
}

/** All readings, or those before the offset `until`. */
export function decodeHour(blob: Uint8Array, timesOf: TimesOf, until = Infinity): SeriesHour {
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  const head = reader.bits(2);
  const times =
    (head & flags.borrowsTimes) === 0 ? decodeIntegers(reader, reader.varint()) : timesOf(reader.bits(8));
  const needed = until === Infinity ? times.length : lowerBound(times, until);
  const offset = needed === times.length ? times : times.subarray(0, needed);
  if ((head & flags.isNotAllGood) === 0) {
    return {
      offset,
      value: decodeDoubles(reader, times.length, { needed }),
      quality: new Uint8Array(needed),
    };
  }
  const quality = readQuality(reader, times.length);
  let usable = 0;
  let usableNeeded = 0;
  for (let i = 0; i < quality.length; i += 1) {
    if (!isUsable(quality[i] ?? 0)) continue;
    usable += 1;
    if (i < needed) usableNeeded += 1;
  }
  const values = decodeDoubles(reader, usable, { needed: usableNeeded });
  const value = new Float64Array(needed).fill(Number.NaN);
  let place = 0;
  for (let i = 0; i < needed; i += 1) {
    if (!isUsable(quality[i] ?? 0)) continue;
    value[i] = values[place] ?? Number.NaN;
    place += 1;
  }
  return { offset, value, quality: quality.subarray(0, needed) };
}

export interface LastInHour {
  /** Ms since the hour began. */
  readonly offset: number;
  readonly value: number;
  readonly quality: number;
}

/** The last reading before the offset `until`; undefined when there is none. Of tens of thousands of rows, so nothing else is made. */
export function decodeLast(
  blob: Uint8Array,
  {
    timesOf,
    until,
    scratch,
  }: { readonly timesOf: TimesOf; readonly until: number; readonly scratch: Scratch },
): LastInHour | undefined {
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  const head = reader.bits(2);
  const times =
    (head & flags.borrowsTimes) === 0 ? decodeIntegers(reader, reader.varint()) : timesOf(reader.bits(8));
  const needed = lowerBound(times, until);
  const offset = times[needed - 1];
  if (offset === undefined) return undefined;
  scratch.reset();
  if ((head & flags.isNotAllGood) === 0) {
    return { offset, value: decodeLastDouble(reader, times.length, { needed, scratch }), quality: 0 };
  }
  const { quality, usable, usableNeeded } = qualityAt(reader, times.length, needed - 1);
  const value = isUsable(quality)
    ? decodeLastDouble(reader, usable, { needed: usableNeeded, scratch })
    : Number.NaN;
  return { offset, value, quality };
}

/** The place of the first time at or after `at`. */
export function lowerBound(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function usableOf({ value, quality }: SeriesHour): Float64Array {
  return value.filter((_, i) => isUsable(quality[i] ?? 0));
}

/** Runs of one quality. */
function writeQuality(writer: BitWriter, quality: Uint8Array): void {
  let from = 0;
  for (let i = 1; i <= quality.length; i += 1) {
    if (i < quality.length && quality[i] === quality[from]) continue;
    writer.varint(i - from);
    writer.bits(quality[from] ?? 0, 8);
    from = i;
  }
}

function readQuality(reader: BitReader, length: number): Uint8Array {
  const quality = new Uint8Array(length);
  for (const { from, to, code } of runsOf(reader, length)) quality.fill(code, from, to);
  return quality;
}

function* runsOf(
  reader: BitReader,
  length: number,
): Generator<{ readonly from: number; readonly to: number; readonly code: number }> {
  for (let from = 0; from < length;) {
    const to = from + reader.varint();
    if (to === from || to > length) throw new RangeError('runs of qualities do not fit the times');
    yield { from, to, code: reader.bits(8) };
    from = to;
  }
}

/** The quality at a place, and how many readings have a value: all of them, and those up to the place. */
function qualityAt(
  reader: BitReader,
  length: number,
  place: number,
): { readonly quality: number; readonly usable: number; readonly usableNeeded: number } {
  let quality = 0;
  let usable = 0;
  let usableNeeded = 0;
  for (const { from, to, code } of runsOf(reader, length)) {
    if (place >= from && place < to) quality = code;
    if (!isUsable(code)) continue;
    usable += to - from;
    usableNeeded += Math.max(0, Math.min(to, place + 1) - from);
  }
  return { quality, usable, usableNeeded };
}
