import type { Point } from '../../config/model.ts';
import type { ModbusFunction, ModbusType } from '../../config/schema/profile.ts';
import { encodeRaw, nonsense, type Raw, type RawType } from '../encode.ts';
import type { PointReader } from '../field.ts';

interface TypeSpec extends RawType {
  readonly words: number;
}

const whole = (words: number, min: bigint, max: bigint): TypeSpec => ({ words, kind: 'integer', min, max });
const types: Readonly<Record<ModbusType, TypeSpec>> = {
  u16: whole(1, 0n, 0xffffn),
  s16: whole(1, -0x8000n, 0x7fffn),
  u32: whole(2, 0n, 0xffff_ffffn),
  s32: whole(2, -(2n ** 31n), 2n ** 31n - 1n),
  u64: whole(4, 0n, 2n ** 64n - 1n),
  s64: whole(4, -(2n ** 63n), 2n ** 63n - 1n),
  f32: { words: 2, kind: 'real' },
  f64: { words: 4, kind: 'real' },
  'u8-high': whole(1, 0n, 0xffn),
  'u8-low': whole(1, 0n, 0xffn),
  bit: whole(1, 0n, 1n),
};

interface Cell {
  readonly address: number;
  readonly type: ModbusType;
  readonly order: 'big' | 'little-word';
  readonly point: Point;
  readonly read: PointReader;
}

/** The registers (or bits) of one unit and function. */
export interface Bank {
  /** Two bytes a register (or bit); undefined where the range leaves the map. */
  read(address: number, count: number): Buffer | undefined;
}

/** The banks of a unit from its points; between the lowest and the highest address holes read 0. */
export function banksOf(
  points: readonly { readonly point: Point; readonly read: PointReader }[],
): Map<ModbusFunction, Bank> {
  const cells = new Map<ModbusFunction, Cell[]>();
  for (const { point, read } of points) {
    const source = point.source.from === 'device' ? point.source.read : undefined;
    if (source?.by !== 'register') continue;
    const list = cells.get(source.function) ?? [];
    list.push({ address: source.address, type: source.type, order: source.order, point, read });
    cells.set(source.function, list);
  }
  return new Map([...cells].map(([name, list]) => [name, bankOf(list)]));
}

function bankOf(cells: readonly Cell[]): Bank {
  const sorted = [...cells].sort((a, b) => a.address - b.address);
  const low = sorted[0]?.address ?? 0;
  const high = Math.max(...sorted.map((cell) => cell.address + types[cell.type].words));
  return {
    read(address, count) {
      if (address < low || address + count > high) return undefined;
      const words = Buffer.alloc(count * 2);
      for (const cell of sorted) {
        if (cell.address >= address + count) break;
        if (cell.address + types[cell.type].words > address) place(words, address, cell);
      }
      return words;
    },
  };
}

/** Values that share a register (halves, bits) are laid over each other. */
function place(words: Buffer, from: number, cell: Cell): void {
  const bytes = bytesOf(cell);
  for (let i = 0; i < bytes.length; i++) {
    const at = (cell.address - from) * 2 + i;
    if (at >= 0 && at < words.length) words[at] = (words[at] ?? 0) | (bytes[i] ?? 0);
  }
}

function bytesOf(cell: Cell): Buffer {
  const spec = types[cell.type];
  const answer = cell.read();
  // What a device has no value for reads as all ones, which is NaN for real numbers.
  if ('broken' in answer && answer.broken === 'nothing') return Buffer.alloc(spec.words * 2, 0xff);
  const value = cell.point.source.from === 'device' ? cell.point.source.value : undefined;
  if (value === undefined) return Buffer.alloc(spec.words * 2);
  const bytes = pack(cell.type, encodeRaw(value, 'value' in answer ? answer.value : nonsense(value), spec));
  return cell.order === 'little-word' && spec.words > 1 ? bytes.swap16().reverse() : bytes;
}

function pack(type: ModbusType, raw: Raw): Buffer {
  const bytes = Buffer.alloc(types[type].words * 2);
  if (type === 'f32') bytes.writeFloatBE(Number(raw));
  else if (type === 'f64') bytes.writeDoubleBE(Number(raw));
  else if (type === 'u8-high') bytes.writeUInt8(Number(raw), 0);
  else if (type === 'u64' || type === 's64') bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(raw)));
  else if (bytes.length === 4) bytes.writeUInt32BE(Number(BigInt.asUintN(32, BigInt(raw))));
  else bytes.writeUInt16BE(Number(BigInt.asUintN(16, BigInt(raw))));
  return bytes;
}
