import { describe, expect, test } from 'vitest';
import { recordingRules } from '../../server/historian/deadband.ts';
import { modelWith, problemsWith } from './support.ts';

const recording = (...entries: string[]) => ({
  'pantau.yaml': (text: string): string =>
    `${text}recording:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`,
});
const climate = 'quantities: [temperature], kinds: [env], within: 0.2, every: 60s';

// prettier-ignore
const mistakes: readonly [string, readonly string[], string][] = [
  ['power', ['quantities: [power], within: 1, every: 60s'], 'config/pantau.yaml:6 recording.0: covers "alpha/pln-a/power", which is of power: all its readings are stored; expected quantities and kinds of climate, cooling or diagnostics only'],
  ['the power chain', ['quantities: [fuel-rate], kinds: [genset], within: 1, every: 60s'], 'config/pantau.yaml:6 recording.0: covers "alpha/genset-1/fuel-rate", which is of the power chain: all its readings are stored; expected quantities and kinds of climate, cooling or diagnostics only'],
  ['a quantity that nothing has', ['quantities: [temperatur], kinds: [env], within: 1, every: 60s'], 'config/pantau.yaml:6 recording.0.quantities.0: nothing has the quantity "temperatur"; expected a quantity of this installation; did you mean "temperature"?'],
  ['a kind that has nothing of it', ['quantities: [temperature], kinds: [cctv], within: 1, every: 60s'], 'config/pantau.yaml:6 recording.0.kinds: covers no point; expected kinds of devices that have one of the quantities'],
  ['a point in two entries', [climate, 'quantities: [temperature], within: 1, every: 60s'], 'config/pantau.yaml:7 recording.1: covers "alpha/env-room/temperature", which an entry before covers; expected every point in one entry'],
  ['more than a minute', [climate.replace('60s', '2m')], 'config/pantau.yaml:6 recording.0.every: "2m" is not valid; expected from "1s" to "60s"'],
  ['a negative distance', [climate.replace('0.2', '-1')], 'config/pantau.yaml:6 recording.0.within: -1 is not valid; expected at least 0'],
];

describe('what is stored only when it changes', () => {
  test.each(mistakes)('is refused for %s', (_name, entries, message) => {
    expect(problemsWith(recording(...entries))).toEqual([message]);
  });

  test('is bound to points, none at all unless asked for, and never waits longer than a reading holds', () => {
    const { model: plain } = modelWith();
    expect(plain.points.every(({ index }) => recordingRules(plain)(index) === undefined)).toBe(true);
    const { model } = modelWith(recording(climate));
    const ruled = model.points.filter(({ index }) => recordingRules(model)(index) !== undefined);
    expect(ruled.length).toBeGreaterThan(0);
    for (const { index, kind, quantity } of ruled) {
      expect([kind, quantity]).toEqual(['env', 'temperature']);
      const rule = recordingRules(model)(index);
      expect(rule?.everyMs).toBeLessThanOrEqual(Math.min(60_000, rule?.holdMs ?? 0));
    }
  });
});
