import { expect, test } from 'vitest';
import { indexOfPart, namedRows, partOf } from '../../../collectors/profile/parts.ts';

test.each([
  ['l{index}', { index: '2' }, 'l2'],
  ['zone-{index}', { index: '1.3' }, 'zone-1-3'],
  ['{name}', { index: '7', key: 'Gi0/0/1 ' }, 'gi0-0-1'],
  ['bus-{index.1}-{name}', { index: '2.9', key: 'Unit 4' }, 'bus-2-unit-4'],
  ['{unit}-{index.2}', { index: '2.9', labels: { unit: 'CMC III PU' } }, 'cmc-iii-pu-9'],
  ['{index.text}', { index: '5.84.97.110.107.65' }, 'tanka'],
  ['{index.text}', { index: '84.97.110.107.45.65' }, 'tank-a'],
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

test('of rows with one name the second and third are numbered, and one without is called by its index', () => {
  const rows = ['1', '2', '5', '9'].map((index) => ({ index, key: index === '5' ? '' : 'Fan' }));
  const named = [...namedRows('{name}', rows)].map(([name, { index }]) => [name, index]);
  expect(named).toEqual([['fan', '1'], ['fan-2', '2'], ['row-5', '5'], ['fan-3', '9']]); // prettier-ignore
});
