import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineEncoder, decodePoint, encodePoint } from '../../../server/historian/influx/line.ts';
import type { PointLabel } from '../../../server/historian/facts.ts';
import { quoteName, quoteText } from '../../../server/historian/influx/names.ts';
import type { StoredReading } from '../../../server/historian/historian.ts';
import { badReading, reading, start } from './support.ts';

const labels = new Map<string, PointLabel>([
  ['dc/pac-1/fan-speed', { unit: '%' }],
  ['dc/ats-1/position', { unit: 'state', states: new Map([[1, 'source "1"']]) }],
]);
const encoder = createLineEncoder((point) => labels.get(point));
const encodeLine = (reading: StoredReading): string | undefined => encoder.reading(reading);

describe('line protocol', () => {
  test('a state has its name beside its code, and a part its own tag', () => {
    expect(encodeLine(reading('dc/ats-1/position', 1, 1))).toBe(
      String.raw`reading,point=dc/ats-1/position,site=dc,device=ats-1,quantity=position,unit=state value=1,quality=0i,state="source \"1\"" 1`,
    );
    expect(encodeLine(reading('dc/pdu-1/l1/current', 1, 2))).toBe(
      'reading,point=dc/pdu-1/l1/current,site=dc,device=pdu-1,part=l1,quantity=current value=2,quality=0i 1',
    );
  });
  test('a bucket has figures where there are any, counts, and the time in each state', () => {
    const bucket = {
      at: 5,
      min: 1,
      max: 2,
      last: 2,
      sum: 3,
      usable: 2,
      count: 3,
      good: 2,
      coveredMs: 9,
    };
    expect(encoder.bucket('x', { ...bucket, states: null })).toBe(
      'bucket,point=x min=1,max=2,mean=1.5,last=2,sum=3,count=3i,good=2i,usable=2i,covered=9i 5',
    );
    const empty = { ...bucket, min: NaN, max: NaN, last: NaN, states: new Map([[2, 9]]) };
    expect(encoder.bucket('x', empty)).toBe(
      'bucket,point=x count=3i,good=2i,usable=2i,covered=9i,states="2:9" 5',
    );
  });
  test('a reading is one line with the parts of its id, its unit, value, quality and ms', () => {
    expect(encodeLine(reading('dc/pac-1/fan-speed', start, 41.5))).toBe(
      `reading,point=dc/pac-1/fan-speed,site=dc,device=pac-1,quantity=fan-speed,unit=% value=41.5,quality=0i ${start}`,
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
