import { expect, test } from 'vitest';
import { partGroups, plannedReads } from '../../config/build/reads.ts';
import { profileSchema, type Profile } from '../../config/schema/profile.ts';

function withFields(fields: object): Profile {
  const parsed = profileSchema.parse({
    protocol: 'modbus',
    kind: 'genset',
    maker: 'none',
    model: 'fields',
    source: 'made up for this test',
    fields: [
      { group: 'alarm', quantity: 'alarm', unit: 'state', address: 10, states: { '0': 'off' }, ...fields },
    ],
  });
  return { ...parsed, name: 'genset/fields' };
}

const placesOf = (profile: Profile, parts?: Record<string, string[]>): unknown[] =>
  plannedReads(profile, { parts }).map(({ part, read, value }) => [
    part,
    read.by === 'register' ? read.address : undefined,
    value.bits?.shift,
    value.bits?.mask,
  ]);

test('fields of four bits stand register after register, the first in the high nibble', () => {
  const profile = withFields({ width: 4, first: 'high', parts: ['a', 'b', null, 'd', 'e'] });
  expect(placesOf(profile)).toEqual([
    ['a', 10, 12, 15],
    ['b', 10, 8, 15],
    ['d', 10, 0, 15],
    ['e', 11, 12, 15],
  ]);
  expect(partGroups(profile)).toEqual(new Map([['alarm', ['a', 'b', 'd', 'e']]]));
});

test('fields of one bit begin at the low end when the profile says so', () => {
  const parts = Array.from({ length: 18 }, (_, index) => `b${index}`);
  const reads = placesOf(withFields({ width: 1, first: 'low', parts }));
  expect(reads[0]).toEqual(['b0', 10, 0, 1]);
  expect(reads[15]).toEqual(['b15', 10, 15, 1]);
  expect(reads[17]).toEqual(['b17', 11, 1, 1]);
});

test('a device has only the fields its entry names', () => {
  const profile = withFields({ width: 8, first: 'high', parts: ['a', 'b', 'c'] });
  expect(placesOf(profile, { alarm: ['c'] })).toEqual([['c', 11, 8, 255]]);
});

test('a device may count its registers from 0 where the profile counts from 1, and put its words the other way round', () => {
  const profile = withFields({ width: 8, first: 'high', parts: ['a'] });
  const [read] = plannedReads(profile, { modbus: { addressOffset: -1, order: 'little-word' } });
  expect(read?.read).toMatchObject({ address: 9, order: 'little-word' });
});
