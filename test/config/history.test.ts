import { expect, test } from 'vitest';
import { modelWith, problemsWith } from './support.ts';

const day = 86_400_000;
const history = (retention: string) => ({
  'pantau.yaml': (text: string): string => `${text}history: { retention: { ${retention} } }\n`,
});

test('what is not said of the retention is as the defaults say', () => {
  expect(modelWith(history('raw: 90d, 1m: 730d')).model.history?.retention).toEqual({
    raw: 90 * day,
    '1m': 730 * day,
    '1h': 3_650 * day,
    '1d': 3_650 * day,
    pinned: 1_096 * day,
  });
  expect(modelWith().model.history).toBeUndefined();
});

test.each([
  ['raw: 1d', 'history.retention.raw: "1d" is not valid; expected from "7d" to "3650d"'],
  ['raw: 400d', 'history.retention.1m: '],
  ['1h: 30d', 'history.retention.1h: '],
  ['pinned: 30d', 'history.retention.pinned: '],
  ['raw: forever', 'history.retention.raw: "forever" is not valid'],
  ['minutes: 30d', 'history.retention'],
])('a retention of %s is refused with its place', (retention, message) => {
  const problems = problemsWith(history(retention));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`config/pantau.yaml:5 ${message}`);
});
