import { shortestFloat32 } from '../../../core/float32.ts';
import type { Point } from '../../../config/model.ts';
import type { ModbusFunction, ModbusType } from '../../../config/schema/profile.ts';
import { registersByType } from '../../../config/schema/profile/modbus.ts';
import { isBits } from './frame.ts';

export type RegisterRead = Extract<Extract<Point['source'], { from: 'device' }>['read'], { by: 'register' }>;

/** How many registers (or bits, for coils and discrete inputs) a value takes. */
export function registersOf(type: ModbusType): number {
  return registersByType[type];
}

/**
 * The number in a value's registers, big-endian bytes as they came; `little-word` turns the order of the registers,
 * never of the bytes in one. 64-bit integers are bigint. NaN is how a meter says that it has no such value: null.
 */
export function decodeRegisters(
  bytes: Buffer,
  type: ModbusType,
  order: 'big' | 'little-word',
): number | bigint | null {
  const ordered = order === 'little-word' && bytes.length > 2 ? reverseWords(bytes) : bytes;
  switch (type) {
    case 'u16':
      return ordered.readUInt16BE(0);
    case 's16':
      return ordered.readInt16BE(0);
    case 'u32':
      return ordered.readUInt32BE(0);
    case 's32':
      return ordered.readInt32BE(0);
    case 'u64':
      return ordered.readBigUInt64BE(0);
    case 's64':
      return ordered.readBigInt64BE(0);
    case 'f32':
      return noNaN(shortestFloat32(ordered.readFloatBE(0)));
    case 'f64':
      return noNaN(ordered.readDoubleBE(0));
    case 'u8-high':
      return ordered.readUInt8(0);
    case 'u8-low':
      return ordered.readUInt8(1);
    case 'bit':
      return ordered.readUInt16BE(0) & 1;
  }
}

/** A span's own bytes out of those of its block; a bit comes as one byte, 0 or 1. */
export function spanBytes(block: Span, span: Span, bytes: Buffer): Buffer {
  const offset = span.address - block.address;
  return isBits(span.function)
    ? Buffer.from([decodeBit(bytes, offset)])
    : bytes.subarray(offset * 2, (offset + span.length) * 2);
}

/** The value in a span's own bytes. */
export function decodeSpan(
  name: ModbusFunction,
  own: Buffer,
  read: Pick<RegisterRead, 'type' | 'order'>,
): number | bigint | null {
  return isBits(name) ? own.readUInt8(0) : decodeRegisters(own, read.type, read.order);
}

/** Coils and discrete inputs come eight to a byte, the first in the lowest bit. */
export function decodeBit(bytes: Buffer, position: number): number {
  return (bytes.readUInt8(position >> 3) >> (position & 7)) & 1;
}

function reverseWords(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16().reverse();
}

function noNaN(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** A stretch of registers (bits, for coils and discrete inputs) that hold one value; addresses are 0-based. */
export interface Span {
  readonly function: ModbusFunction;
  readonly address: number;
  readonly length: number;
}

/** One request and the spans it answers. */
export interface Block<T extends Span> extends Span {
  readonly spans: readonly T[];
}

/**
 * Merges spans into as few requests as the limits allow. A span is never split over two requests, no request crosses
 * more than `maxGap` registers that nobody asked for, none is longer than `maxRegisters` (but a span that is alone).
 */
export function planBlocks<T extends Span>(
  spans: readonly T[],
  limits: { readonly maxRegisters: number; readonly maxGap: number },
): Block<T>[] {
  const sorted = spans.toSorted(
    (a, b) => a.function.localeCompare(b.function) || a.address - b.address || a.length - b.length,
  );
  const blocks: (Span & { length: number; readonly spans: T[] })[] = [];
  for (const span of sorted) {
    const block = blocks.at(-1);
    const end = span.address + span.length;
    if (
      block !== undefined &&
      block.function === span.function &&
      span.address - (block.address + block.length) <= limits.maxGap &&
      end - block.address <= limits.maxRegisters
    ) {
      block.spans.push(span);
      block.length = Math.max(block.length, end - block.address);
    } else {
      blocks.push({ function: span.function, address: span.address, length: span.length, spans: [span] });
    }
  }
  return blocks;
}

/**
 * What to ask instead of a block that the device refused: first without crossing holes, then its halves, so that a limit
 * on the length costs few requests, down to single spans. Empty when nothing smaller is left: the span is not there.
 */
export function splitBlock<T extends Span>(block: Block<T>): Block<T>[] {
  const limits = { maxRegisters: block.length, maxGap: 0 };
  const withoutHoles = planBlocks(block.spans, limits);
  if (withoutHoles.length > 1) return withoutHoles;
  const places = [...new Set(block.spans.map(({ address, length }) => `${address}+${length}`))];
  if (places.length <= 1) return [];
  const first = new Set(places.slice(0, Math.ceil(places.length / 2)));
  const isFirst = ({ address, length }: T): boolean => first.has(`${address}+${length}`);
  return [
    ...planBlocks(block.spans.filter(isFirst), limits),
    ...planBlocks(
      block.spans.filter((span) => !isFirst(span)),
      limits,
    ),
  ];
}
