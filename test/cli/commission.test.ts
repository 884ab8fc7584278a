import { expect, test } from 'vitest';
import { verdictOf } from '../../cli/commission.ts';

test.each([
  ['', { verdict: 'confirmed' }],
  ['  ', { verdict: 'confirmed' }],
  ['u', { verdict: 'unseen' }],
  [' 231,4 V ', { verdict: 'differs', shown: '231,4 V' }],
])('the answer "%s" to a value', (answer, expected) => {
  expect(verdictOf({ point: 'dc/ups-a1/output-voltage' }, answer)).toEqual({
    point: 'dc/ups-a1/output-voltage',
    ...expected,
  });
});
