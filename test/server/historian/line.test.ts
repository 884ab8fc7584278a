import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodePoint,
  encodeLine,
  encodePoint,
  quoteName,
  quoteText,
} from '../../../server/historian/influx/line.ts';
import { badReading, reading, start } from './support.ts';

describe('line protocol', () => {
  test('a reading is one line with value, quality and ms', () => {
    expect(encodeLine(reading('dc/pac-1/fan-speed', start, 41.5))).toBe(
      `reading,point=dc/pac-1/fan-speed value=41.5,quality=0i ${start}`,
    );
  });
  test('a bad reading has a quality and no value', () => {
    expect(encodeLine(badReading('dc/a', start))).toBe(`reading,point=dc/a quality=3i ${start}`);
  });
  test('what separates in the protocol is escaped in an id', () => {
    expect(encodeLine(reading('a b,c=d', 1, 2))).toBe(
      String.raw`reading,point=a\ b\,c\=d value=2,quality=0i 1`,
    );
  });
  test('a line break or a backslash in an id never reaches the line', () => {
    expect(encodeLine(reading('a\nreading,point=b value=1\\', 1, 2))).toBe(
      String.raw`reading,point=a%0Areading\,point\=b\ value\=1%5C value=2,quality=0i 1`,
    );
  });
  test('nothing is written of a reading without name or time', () => {
    expect(encodeLine(reading('', start, 1))).toBeUndefined();
    expect(encodeLine(reading('dc/a', Infinity, 1))).toBeUndefined();
  });
  test('an id comes back as it was whatever characters it holds', () => {
    const comesBack = fc.property(fc.string({ unit: 'binary' }), (id) => {
      expect(decodePoint(encodePoint(id))).toBe(id);
    });
    fc.assert(comesBack);
  });
  test('a tag that somebody else wrote stays as it is when it does not decode', () => {
    expect(decodePoint('50%')).toBe('50%');
  });
  test('quotes and backslashes cannot end a text or a name in a query', () => {
    expect(quoteText(String.raw`a'b\c`)).toBe(String.raw`'a\'b\\c'`);
    expect(quoteName('a"b')).toBe(String.raw`"a\"b"`);
  });
});
