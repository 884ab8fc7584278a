import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRaw } from '../../../collectors/profile/decode.ts';
import { extract } from '../../../collectors/profile/extract.ts';
import { valueSpecSchema } from '../../../config/schema/profile.ts';
import { describeQuality } from '../../../core/reading.ts';

function decode(spec: object, raw: number | bigint | string): number | string {
  const value = valueSpecSchema.parse({ quantity: 'q', unit: 'V', ...spec });
  const { value: number, quality } = decodeRaw(value, value.unit, raw);
  const said = describeQuality(quality);
  return said.quality === 'good' ? number : `${said.quality}: ${said.reason}`;
}

describe('a value inside a text', () => {
  test.each([
    [{ match: 'T2=([^;]*);', text: 'number' }, 'T1=20 C;T2=21,5 C;', 21.5],
    [{ match: '^.{3}(.)', unit: 'state', states: { '0': 'off', '1': 'on' } }, '0001010', 1],
    [{ match: 'T9=([^;]*);' }, 'T1=20;', 'bad: decode'],
    [{ match: '[0-9.]+' }, 'about 7.25 V', 7.25],
    [{ match: 'T=(.*)', sentinels: { '-99': 'no-value' } }, 'T=-99', 'bad: no-value'],
  ] as const)('%j of "%s" is %s', (spec, raw, meaning) => {
    expect(decode(spec, raw)).toBe(meaning);
  });
});

describe('a number in octets', () => {
  test.each([
    ['unsigned', '\x01\x00', 256],
    ['unsigned', '\xff\xff\xff\xff', 4_294_967_295],
    ['signed', '\xff\xf6', -10],
    ['float', '\x43\x66\x80\x00', 230.5],
    ['float', '\x43\x66\x80', 'bad: decode'],
    ['unsigned', '', 'bad: decode'],
    ['unsigned', 'nine bytes', 'bad: decode'],
  ] as const)('%s %j is %s', (octets, raw, meaning) => {
    expect(decode({ octets }, raw)).toBe(meaning);
  });

  test('may be bits, from the left as in BITS', () => {
    expect(decode({ octets: 'unsigned', bits: { shift: 14, mask: 1 } }, '\x40\x00')).toBe(1);
  });
});

describe('an unsigned number that means a signed one', () => {
  test.each([
    [16, 65_526, -10],
    [16, 250, 250],
    [16, 70_000, 70_000],
    [32, 4_294_967_294, -2],
  ] as const)('of %i bits, %i is %i', (signed, raw, meaning) => {
    expect(decode({ signed }, raw)).toBe(meaning);
  });
});

test('whatever is extracted, nothing throws', () => {
  const specs = fc.record(
    {
      match: fc.constantFrom('(.)(.)', '^$', '[0-9]+'),
      octets: fc.constantFrom('unsigned' as const, 'signed' as const, 'float' as const),
      signed: fc.constantFrom(16 as const, 32 as const),
    },
    { requiredKeys: [] },
  );
  const raws = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.bigInt());
  fc.assert(
    fc.property(specs, raws, (spec, raw) => {
      expect(['undefined', 'number', 'bigint', 'string']).toContain(
        typeof extract({ quantity: 'q', unit: 'V', ...spec }, raw),
      );
    }),
  );
});
