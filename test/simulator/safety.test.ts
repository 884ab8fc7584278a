import { describe, expect, it } from 'vitest';
import { faults } from '../../simulator/physics/faults.ts';
import { buildPlant } from '../../simulator/physics/plant.ts';
import { doorState, filled, isCo2Released, stepExtinguishing } from '../../simulator/physics/safety.ts';
import { morning, shippedModel } from './support.ts';

const model = shippedModel();

describe('a mantrap', () => {
  const plant = buildPlant(model, 'dc', 1);
  const [first = '', second = ''] = plant.interlocked.keys();

  it('lets one of its doors open at a time, and both in turn', () => {
    const open = { both: 0, first: 0, second: 0 };
    for (let atMs = morning; atMs < morning + 86_400_000; atMs += 1_000) {
      const states = [first, second].map((door) => doorState(door, { plant, atMs, faults: faults() }));
      if (states[0] === 'open') open.first += 1;
      if (states[1] === 'open') open.second += 1;
      if (states[0] === 'open' && states[1] === 'open') open.both += 1;
    }
    expect(open.both).toBe(0);
    expect(Math.min(open.first, open.second)).toBeGreaterThan(100);
  });

  it('keeps the other door closed while one is forced', () => {
    for (let atMs = morning; atMs < morning + 3_600_000; atMs += 1_000)
      expect(doorState(second, { plant, atMs, faults: faults({ forced: [first] }) })).toBe('closed');
  });
});

describe('extinguishing', () => {
  const run = (seconds: number, broken: Parameters<typeof faults>[0]) => {
    let state = filled;
    for (let passed = 0; passed < seconds; passed += 1)
      state = stepExtinguishing(state, { dtS: 1, faults: faults(broken) });
    return state;
  };

  it('releases the CO₂ of the genset room only after the countdown', () => {
    expect(isCo2Released(run(30, { gensetFire: ['dc/fire-panel'] }))).toBe(false);
    expect(isCo2Released(run(31, { gensetFire: ['dc/fire-panel'] }))).toBe(true);
  });

  it('loses a tenth of its gas in about four minutes through a leak, and nothing without one', () => {
    expect(run(250, { agentLeak: ['dc/fire-panel'] }).agent).toBeCloseTo(0.9, 2);
    expect(run(3_600, {}).agent).toBe(1);
  });
});
