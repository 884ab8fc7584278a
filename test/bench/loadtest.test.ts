import { describe, expect, it } from 'vitest';
import { generate } from '../../bench/loadtest/generate.ts';
import { scoreRun, shippedLoadTest } from '../../bench/loadtest/score.ts';

const profile = shippedLoadTest('config/library');

describe('generated genset runs', () => {
  it.each([...Array(20).keys()].map((index) => 1 + index))('run %i is called what it is, timed to the sample, and passes nothing without evidence', (seed) => {
    const generated = generate(seed);
    const { labelIsRight, wrong, unfounded, criteria } = scoreRun(generated, profile);
    expect({ seed, truth: generated.truth.label, labelIsRight, wrong, unfounded }).toEqual({
      seed, truth: generated.truth.label, labelIsRight: true, wrong: [], unfounded: [],
    });
    expect(criteria.length).toBeGreaterThan(10);
  }); // prettier-ignore
});
