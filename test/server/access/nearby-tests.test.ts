import { describe, expect, it } from 'vitest';
import { testsTouching } from '../../../server/access/nearby-tests.ts';

describe('load tests beside a time', () => {
  const run = (id: string, from: string, to: string) => ({ id, label: 'test' as const, from, to });
  const coming = { state: 'coming' as const, from: '2026-11-02T02:00:00Z', to: '2026-11-02T04:00:00Z' };
  const tests = (
    runs: ReturnType<typeof run>[],
    dueBy: string | null,
    plans: readonly {
      readonly state: 'coming' | 'cancelled';
      readonly from: string;
      readonly to: string;
    }[] = [],
  ) =>
    testsTouching(
      {
        list: () => Promise.resolve(runs),
        plans: { list: () => Promise.resolve(plans) },
        due: () => Promise.resolve([{ site: 'dc', dueBy }]),
      },
      { site: 'dc', from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 3) },
    );
  it('are those that touch it, and a test that is due within it', async () => {
    const before = run('a', '2026-10-31T01:00:00Z', '2026-10-31T02:00:00Z');
    const into = run('b', '2026-10-31T23:00:00Z', '2026-11-01T01:00:00Z');
    expect(await tests([into, before], null)).toEqual([into]);
    expect(await tests([into], '2026-11-02T17:00:00Z')).toMatchObject([
      { id: 'b' },
      { id: null, label: 'due' },
    ]);
    expect(await tests([], '2026-11-30T17:00:00Z')).toEqual([]);
  });
  it('are those that are planned too, unless they were cancelled', async () => {
    const found = await tests([], null, [coming, { ...coming, state: 'cancelled' }]);
    expect(found).toEqual([{ id: null, label: 'planned', from: coming.from, to: coming.to }]);
  });
});
