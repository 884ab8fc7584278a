import { expect, test } from 'vitest';
import { createRefusalLog } from '../../../server/historian/influx/refusal-log.ts';

test('a reason is logged once, however batches with and without a refusal alternate, and its end after ten minutes', () => {
  const lines: string[] = [];
  const line = (level: string) => (what: unknown, text?: string) =>
    void lines.push(`${level} ${text}: ${JSON.stringify(what)}`);
  let now = 0;
  const refusals = createRefusalLog({
    log: { warn: line('warn'), info: line('info') },
    clock: { monotonic: () => now },
  });
  for (let second = 0; second < 3_600; second += 1) {
    now = second * 1_000;
    refusals.note({ count: 1, reason: `field type conflict on 'dc/p${second}'`, named: [] });
    refusals.note({ count: 0, reason: undefined, named: [] });
  }
  expect(lines).toEqual([expect.stringContaining('warn InfluxDB refused readings: {"refused":1,"inAll":1,')]);
  refusals.note({ count: 2, reason: 'points beyond retention policy dropped=2', named: [] });
  expect(lines).toHaveLength(2);
  now += 600_000;
  refusals.note({ count: 0, reason: undefined, named: [] });
  refusals.note({ count: 1, reason: `field type conflict on 'dc/p1'`, named: [] });
  expect(lines.slice(2)).toEqual([
    expect.stringContaining('info InfluxDB takes all readings again: {"inAll":3602}'),
    expect.stringContaining('warn InfluxDB refused readings'),
  ]);
  expect(refusals.inAll()).toBe(3_603);
});
