import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBit, decodeRegisters, registersOf } from '../../../collectors/drivers/modbus/registers.ts';

const words = (...values: number[]): Buffer =>
  Buffer.from(values.flatMap((word) => [word >> 8, word & 0xff]));

describe('decodeRegisters', () => {
  test.each([
    ['u16', [0xfff8], 65_528],
    ['s16', [0xfffe], -2],
    ['u32', [0x0001, 0x0002], 65_538],
    ['s32', [0xffff, 0xfffe], -2],
    ['f32', [0x4366, 0x6666], 230.4],
    ['f64', [0x3ff8, 0, 0, 0], 1.5],
    ['u64', [0xffff, 0xffff, 0xffff, 0xffff], 18_446_744_073_709_551_615n],
    ['s64', [0x8000, 0, 0, 0], -9_223_372_036_854_775_808n],
    ['u8-high', [0x1203], 0x12],
    ['u8-low', [0x1203], 0x03],
    ['bit', [0x0003], 1],
  ] as const)('reads %s', (type, registers, expected) => {
    expect(registers).toHaveLength(registersOf(type));
    expect(decodeRegisters(words(...registers), type, 'big')).toBe(expected);
  });

  test('turns the words, not the bytes, when the low word comes first', () => {
    expect(decodeRegisters(words(0x0002, 0x0001), 'u32', 'little-word')).toBe(65_538);
    expect(decodeRegisters(words(4, 3, 2, 1), 'u64', 'little-word')).toBe(0x0001_0002_0003_0004n);
  });

  test('has no number where a meter says NaN', () => {
    expect(decodeRegisters(words(0xffc0, 0), 'f32', 'big')).toBeNull();
  });

  test('reads back every 32-bit integer in either order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const [high, low] = [value >>> 16, value & 0xffff];
        expect(decodeRegisters(words(high, low), 'u32', 'big')).toBe(value);
        expect(decodeRegisters(words(low, high), 'u32', 'little-word')).toBe(value);
      }),
    );
  });
});

test('the first of eight discrete inputs is the lowest bit', () => {
  const bytes = Buffer.from([0b0000_0101, 0b1000_0000]);
  expect([0, 1, 2, 15].map((position) => decodeBit(bytes, position))).toEqual([1, 0, 1, 1]);
});
