import { describe, expect, test } from 'vitest';
import { parsePointer, valueAt } from '../../../collectors/drivers/json/pointer.ts';

describe('a JSON pointer', () => {
  // The document and the answers of RFC 6901, section 5.
  const document = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, ' ': 7, 'm~n': 8 };
  test.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('leads to its place: "%s"', (pointer, expected) => {
    expect(valueAt(document, parsePointer(pointer))).toEqual(expected);
  });

  test.each([
    '/nothing',
    '/foo/2',
    '/foo/01',
    '/foo/-',
    '/foo/length',
    '/a~1b/c',
    '/constructor',
    '/__proto__',
  ])('leads nowhere: "%s"', (pointer) => {
    expect(valueAt(document, parsePointer(pointer))).toBeUndefined();
  });
});
