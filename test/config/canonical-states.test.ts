import { describe, expect, test } from 'vitest';
import { adHocDevice } from '../../config/build/points.ts';
import { loadFolder, loadLibraryPart, shippedLibrary } from '../../config/read/files.ts';
import { canonicalStatesOf } from '../../config/schema/canonical.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { ruleFileSchema } from '../../config/schema/rule.ts';
import { isCalmState } from '../../domain/shown.ts';
import { withWord } from '../../domain/devices.ts';

const library = shippedLibrary();
const rules = loadLibraryPart({ dir: library, library }, 'rules', ruleFileSchema).flatMap(
  ({ value }) => value?.rules ?? [],
);
const profiles = loadFolder(`${library}/profiles`, profileSchema).flatMap(({ name, value }) =>
  value === undefined ? [] : [{ ...value, name }],
);

describe('states are a contract between profiles and rules', () => {
  test('every shipped rule waits for states of closed lists only', () => {
    const unknown = rules.flatMap(({ rule, points, when }) => {
      if (!('states' in when)) return [];
      const lists = points.quantity.map((quantity) => canonicalStatesOf(quantity));
      const open = points.quantity.filter((_, place) => lists[place] === undefined);
      const known = new Set(lists.flatMap((list) => list ?? []));
      return [...open, ...when.states.filter((state) => !known.has(state))].map((name) => `${rule}: ${name}`);
    });
    expect(unknown).toEqual([]);
  });

  test.each([
    ['ups/apc-powernet', [6, 9, 10, 16, 17]],
    ['ups/eaton-xups', [4, 11]],
    ['ups/cyberpower', [9, 12]],
    ['ups/rfc1628', [4]],
  ] as const)('every bypass of %s is one that the rule waits for', (name, codes) => {
    const bypass = rules.find(({ rule }) => rule === 'ups-on-bypass')?.when;
    const waited = bypass !== undefined && 'states' in bypass ? bypass.states : [];
    const states = [...(pointOf(name, 'output-source').states ?? [])];
    expect(states.flatMap(([code, state]) => (waited.includes(state) ? [code] : []))).toEqual(codes);
  });

  test('the maker’s word stays beside the name that is ours', () => {
    const point = pointOf('ups/apc-powernet', 'output-source');
    expect([point.states?.get(10), point.words?.get(10)]).toEqual(['bypass', 'hardware-failure-bypass']);
    expect(point.words?.get(2)).toBeUndefined();
    expect(withWord('bypass', point.words?.get(10))).toBe('bypass (hardware failure bypass)');
  });

  test('a self-test of a UPS is not a supply from its battery', () => {
    const { states } = pointOf('ups/apc-powernet', 'output-source');
    expect([states?.get(15), states?.get(28), states?.get(3)]).toEqual(['test', 'test', 'battery']);
    expect(isCalmState('test')).toBe(false);
  });
});

function pointOf(name: string, quantity: string) {
  const profile = profiles.find((each) => each.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  const address = { protocol: 'modbus', host: 'h', port: 502, unit: 1 } as const;
  const point = adHocDevice(profile, address).points.find((each) => each.quantity === quantity);
  if (point === undefined) throw new Error(`${name} has no ${quantity}`);
  return point;
}
