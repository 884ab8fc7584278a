import { expect, test } from 'vitest';
import { indexOfPart, partOf } from '../../../collectors/profile/parts.ts';

test.each([
  ['l{index}', { index: '2' }, 'l2'],
  ['zone-{index}', { index: '1.3' }, 'zone-1-3'],
  ['{name}', { index: '7', key: 'Gi0/0/1 ' }, 'gi0-0-1'],
  ['bus-{index.1}-{name}', { index: '2.9', key: 'Unit 4' }, 'bus-2-unit-4'],
])('%s names a row', (pattern, row, part) => {
  expect(partOf(pattern, row)).toBe(part);
});

test.each([
  ['l{index}', 'l2', '2'],
  ['zone-{index}', 'zone-1-3', '1.3'],
  ['l{index}', 'x2', undefined],
  ['l{index}', 'lx', undefined],
  ['{name}', 'wan', undefined],
  ['{index.1}-{name}', '1-a', undefined],
])('%s and part %s imply the index %s', (pattern, part, index) => {
  expect(indexOfPart(pattern, part)).toBe(index);
});
