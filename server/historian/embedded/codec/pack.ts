import { BitReader, BitWriter } from './bits.ts';
import { checksumBytes, verify, withChecksum } from './checksum.ts';
import { decodeIntegers, encodeIntegers } from './integers.ts';

/**
 * The blobs of one shard and hour, one after the other, and before them how long each is. Rows of the file hold pieces of it: a blob of a
 * hundred bytes in a row of its own would cost a tenth more.
 */
export interface Pack {
  /** Where the blob of a place in the shard is: [from, to) of the pack's bytes. Undefined where there is none. */
  place(local: number): { readonly from: number; readonly to: number } | undefined;
  /** The places that have a blob, ascending. */
  readonly locals: readonly number[];
}

/** Of the table of lengths, before it. */
export const lengthBytes = 2;

export function encodePack(blobs: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const places = Math.max(-1, ...blobs.keys()) + 1;
  const lengths = new Float64Array(places);
  let total = 0;
  for (const [local, blob] of blobs) {
    lengths[local] = blob.length;
    total += blob.length;
  }
  const writer = new BitWriter();
  writer.varint(places);
  encodeIntegers(writer, lengths);
  const head = withChecksum(writer.take());
  const pack = new Uint8Array(lengthBytes + head.length + total);
  pack[0] = head.length >>> 8;
  pack[1] = head.length & 0xff;
  pack.set(head, lengthBytes);
  let at = lengthBytes + head.length;
  for (let local = 0; local < places; local += 1) {
    const blob = blobs.get(local);
    if (blob === undefined) continue;
    pack.set(blob, at);
    at += blob.length;
  }
  return pack;
}

/** How many of the first bytes `openPack` needs; two of them tell. */
export function headLength(start: Uint8Array): number {
  return lengthBytes + (((start[0] ?? 0) << 8) | (start[1] ?? 0));
}

/** Throws for a damaged table of lengths. A blob whose bytes are damaged is noticed by its own checksum. */
export function openPack(start: Uint8Array): Pack {
  const end = headLength(start);
  const head = start.subarray(lengthBytes, end);
  if (head.length < checksumBytes) throw new RangeError('the pack ends too early');
  verify(head);
  const reader = new BitReader(head, checksumBytes);
  const places = reader.varint();
  const lengths = decodeIntegers(reader, places);
  const ends = new Uint32Array(places + 1);
  ends[0] = end;
  const locals: number[] = [];
  for (let local = 0; local < places; local += 1) {
    const length = lengths[local] ?? 0;
    ends[local + 1] = (ends[local] ?? 0) + length;
    if (length > 0) locals.push(local);
  }
  return {
    place(local) {
      const from = ends[local];
      const to = ends[local + 1];
      return from === undefined || to === undefined || from === to ? undefined : { from, to };
    },
    locals,
  };
}
