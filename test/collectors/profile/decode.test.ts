import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from '../../../config/schema/common.ts';
import { valueSpecSchema } from '../../../config/schema/profile.ts';
import { describeQuality } from '../../../core/reading.ts';
import { decodeRaw } from '../../../collectors/profile/decode.ts';

function decode(spec: object, raw: number | bigint | string | null, columnScale?: number): number | string {
  const value = valueSpecSchema.parse({ quantity: 'q', unit: 'V', ...spec });
  const decoded = decodeRaw(value, value.unit, raw, { scale: columnScale });
  const { quality, reason } = describeQuality(decoded.quality);
  return quality === 'good' ? decoded.value : `${quality}: ${reason}`;
}

describe('decodeRaw', () => {
  test.each([
    ['a number scaled', { scale: 0.1 }, 2716, 271.6],
    ['a scale of a tenth without noise', { scale: 0.1 }, 3, 0.3],
    ['scale and offset', { scale: 2, offset: -10 }, 7, 4],
    ['a scale column', {}, 2304, 230.4, 0.1],
    ['a scale column and a scale', { scale: 0.001 }, 2304, 0.2304, 0.1],
    ['a negative value', { scale: 0.001 }, -4, -0.004],
    ['a number as text', {}, ' 230 ', 230],
    ['a 64-bit counter', { counter: 64 }, 12_345_678_901n, 12_345_678_901],
    ['°F', { from: '°F' }, 77, 25],
    ['°F without noise', { from: '°F' }, '73.4', 23],
    ['°F with two places more than the device has', { from: '°F' }, 74, 23.33],
    ['tenths of °F', { from: '°F', scale: 0.1 }, 785, 25.833],
    ['a factor of another unit', { scale: 1.699_010_82 }, 1717, 2917.201_577_94],
    ['a scale of one over no power of ten', { scale: 1 / 3_600_000 }, 425_127_660, 118.091_016_667],
    ['a scale that is no fraction of one', { scale: 3 }, '0.1', 0.3],
    ['a scale column and a scale that is none of ten', { scale: 0.1 }, 97, 5.388_888_888_89, 5 / 9],
    ['an offset without noise', { scale: 0.1, offset: 0.2 }, 1, 0.3],
    ['a value far below one', { scale: 0.000_000_001 }, 3, 3e-9],
    ['a float of 32 bits', { octets: 'float' }, '\u0043\u0066\u0019\u009a', 230.1],
    ['a text with a unit', { text: 'number' }, '30 C', 30],
    ['a text with a symbol', { text: 'number' }, '3.14A', 3.14],
    ['a text with a decimal comma', { text: 'number' }, '20,4', 20.4],
    ['a bit field', { bits: { shift: 4, mask: 3 } }, 0x25, 2],
    ['a bit field of 64 bits', { bits: { shift: 40, mask: 1 } }, 1n << 40n, 1],
    ['a power factor of four quadrants that lags', { form: 'four-quadrant' }, 0.9, 0.9],
    ['one that leads', { form: 'four-quadrant' }, 1.25, 0.75],
    ['one of power that flows back, leading', { form: 'four-quadrant' }, -1.25, -0.75],
    ['a value just outside a range of sentinels', { sentinels: { '100..200': 'no-value' } }, 201, 201],
    ['the limit of plausibility', { plausible: [0, 100] }, 100, 100],
  ] as const)('reads %s', (_, spec, raw, expected, scale?: number) => {
    expect(decode(spec, raw, scale)).toBe(expected);
  });

  test.each([
    ['nothing', {}, null, 'no-value'],
    ['a sentinel before scaling', { scale: 0.1, sentinels: { '65535': 'no-value' } }, 65_535, 'no-value'],
    ['a sentinel as bigint', { sentinels: { '4294967295': 'no-value' } }, 4_294_967_295n, 'no-value'],
    ['a sentinel as text of a number', { sentinels: { '9999': 'disconnected' } }, '9999.0', 'disconnected'],
    [
      'a range of sentinels, its lower end',
      { sentinels: { '65280..65535': 'disconnected' } },
      65_280,
      'disconnected',
    ],
    [
      'a range of sentinels, its upper end',
      { sentinels: { '65280..65535': 'disconnected' } },
      65_535,
      'disconnected',
    ],
    ['a range of negative sentinels', { sentinels: { '-32768..-32000': 'no-value' } }, '-32001', 'no-value'],
    [
      'a range of sentinels of 64 bits',
      { sentinels: { '100..9007199254740992': 'no-value' } },
      101n,
      'no-value',
    ],
    [
      'a sentinel of its own before the range it is in',
      { sentinels: { '5..9': 'no-value', '7': 'out-of-range' } },
      7,
      'out-of-range',
    ],
    [
      'a power factor of four quadrants beyond all of them',
      { form: 'four-quadrant', plausible: [-1, 1] },
      3.5,
      'out-of-range',
    ],
    ['a sentinel that is text', { sentinels: { ERR: 'out-of-range' } }, 'ERR', 'out-of-range'],
    ['an empty text', {}, '', 'no-value'],
    ['"N/A"', { text: 'number' }, 'N/A', 'no-value'],
    ['"--"', {}, '--', 'no-value'],
    ['a date', { text: 'number' }, '08/16/2022 16:01:25', 'decode'],
    ['a date by ISO', { text: 'number' }, '2022-08-16', 'decode'],
    ['a unit where none is expected', {}, '30 C', 'decode'],
    ['text with thousands', { text: 'number' }, '1,234.5 kWh', 'decode'],
    ['NaN', {}, Number.NaN, 'decode'],
    ['infinity by scaling', { scale: 1e300 }, 1e300, 'decode'],
    ['bits of a fraction', { bits: { mask: 1 } }, 1.5, 'decode'],
    ['an implausible value', { plausible: [0, 100] }, 101, 'out-of-range'],
  ] as const)('is bad for %s', (_, spec, raw, reason) => {
    expect(decode(spec, raw)).toBe(`bad: ${reason}`);
  });

  test('a sentinel of one point is a value of another', () => {
    expect(decode({ scale: 0.1, sentinels: { '-1000': 'no-value' } }, 255)).toBe(25.5);
  });

  describe('states', () => {
    test('are told by their text, whether its bytes are UTF-8 or Latin-1', () => {
      const states = { 'Tür auf': { name: 'open', code: 1 } };
      const utf8 = Buffer.from('Tür auf', 'utf8').toString('latin1');
      expect(decode({ unit: 'state', states }, utf8)).toBe(1);
      expect(decode({ unit: 'state', states }, 'Tür auf')).toBe(1);
    });

    const states = {
      '1': 'on',
      '2': { name: 'off', code: 20 },
      '3': { name: 'unplugged', bad: 'disconnected' },
      open: 'open',
      shut: { name: 'shut', code: 9 },
      '6..20': 'running',
      '21..25': { name: 'stopping', code: 3 },
    };
    test.each([
      [1, 1],
      ['2', 20],
      [3, 'bad: disconnected'],
      ['open', 3],
      ['shut', 9],
      [6, 6],
      ['13', 6],
      [20n, 6],
      [25, 3],
      [26, 'bad: decode'],
      [6.5, 'bad: decode'],
      [4, 'bad: decode'],
      ['constructor', 'bad: decode'],
    ])('%s reads as %s', (raw, expected) => {
      expect(decode({ unit: 'state', states }, raw)).toBe(expected);
    });

    test('are looked up among the bits', () => {
      expect(
        decode({ unit: 'state', bits: { shift: 8, mask: 1 }, states: { '0': 'shut', '1': 'open' } }, 0x1ff),
      ).toBe(1);
    });
  });

  const raws = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string(),
    fc.constant(null),
    fc.constantFrom('30 C', '--', '65535', '-1'),
  );
  const specs = fc.record({
    scale: fc.option(fc.double(), { nil: undefined }),
    offset: fc.option(fc.double(), { nil: undefined }),
    text: fc.constantFrom(undefined, 'number' as const),
    from: fc.constantFrom(undefined, '°F' as const),
    bits: fc.constantFrom(undefined, { shift: 3, mask: 15 }),
    plausible: fc.constantFrom<[number, number] | undefined>(undefined, [-100, 100]),
    states: fc.constantFrom(undefined, { '1': 'a', b: 'b' }),
  });
  const given: { quantity: string; unit: Unit } = { quantity: 'q', unit: 'V' };

  test('never throws, and holds a number exactly when it is not bad', () => {
    fc.assert(
      fc.property(raws, specs, fc.option(fc.double(), { nil: undefined }), (raw, spec, columnScale) => {
        const { value, quality } = decodeRaw({ ...given, ...spec }, 'V', raw, { scale: columnScale });
        expect(Number.isFinite(value)).toBe(describeQuality(quality).quality === 'good');
        expect(Number.isNaN(value)).toBe(describeQuality(quality).quality === 'bad');
      }),
    );
  });

  test('a sentinel never comes out as a number', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        specs,
        fc.constantFrom('number', 'text', 'bigint'),
        (sentinel, spec, form) => {
          const raw = form === 'number' ? sentinel : form === 'text' ? `${sentinel}` : BigInt(sentinel);
          const { value } = decodeRaw({ ...given, ...spec, sentinels: { [sentinel]: 'no-value' } }, 'V', raw);
          expect(value).toBeNaN();
        },
      ),
    );
  });
});
