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

  it.each([9021, 9089, 9272])('run %i, of which too little was seen, passes nothing without evidence', (seed) => {
    const { unfounded, criteria } = scoreRun(generate(seed), profile);
    expect({ seed, unfounded }).toEqual({ seed, unfounded: [] });
    expect(criteria.find(({ name }) => name === 'steady-frequency')).toMatchObject({ verdict: 'not-proven', why: 'gaps' });
  }); // prettier-ignore
});
