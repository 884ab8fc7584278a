import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { headerOf } from '../../../../collectors/drivers/snmp/traps/decode.ts';
import { forgedV3, integer, trapV1, trapV2 } from './datagrams.ts';

const v3 = forgedV3('pantau', 0x01_02_03_04);

test('a message of a community says nothing of itself', () => {
  const enterprise = '1.3.6.1.4.1.1';
  expect(headerOf(trapV1({ enterprise, generic: 6, specific: 7 }, []))).toBe('v1 or v2c');
  expect(headerOf(trapV2('1.3.6.1.4.1.1.0.7', []))).toBe('v1 or v2c');
});

test('a message of v3 says its engine and whether it is signed', () => {
  const engine = '808080808080808001020304';
  expect(headerOf(v3)).toEqual({ isSigned: true, engine, boots: 1, time: 1 });
});

test('one with more than belongs before its engine is none, since readers would not agree which engine it names', () => {
  expect(headerOf(forgedV3('pantau', 1, integer(0)))).toBeUndefined();
});

test('whatever comes is a header or none, and a header of v3 cut off is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const header = headerOf(Buffer.from(bytes));
      expect(header === undefined || header === 'v1 or v2c' || /^([0-9a-f]{2})*$/.test(header.engine)).toBe(
        true,
      );
    }),
  );
  for (let length = 0; length < v3.length; length += 1)
    expect(headerOf(v3.subarray(0, length))).toBeUndefined();
});
