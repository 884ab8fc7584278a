import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, aheadToleranceMs } from '../../../server/pipeline/admit.ts';

describe('admit', () => {
  it('returns the list itself when nothing comes from the future', () => {
    const items = [{ at: 1 }, { at: 2 }];
    expect(admit(items, 2).items).toBe(items);
  });

  it('clamps what comes from the future, and reports it beyond the jitter of two clocks', () => {
    const items = [{ at: 900 }, { at: 1_200 }, { at: 2_500 }, { at: Number.NaN }];
    expect(admit(items, 1_000)).toEqual({
      items: [{ at: 900 }, { at: 1_000 }, { at: 1_000 }, { at: 1_000 }],
      ahead: [
        { item: { at: 2_500 }, byMs: 1_500 },
        { item: { at: Number.NaN }, byMs: Infinity },
      ],
    });
  });

  it('never lets a later time through than now, and changes no other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (times, now) => {
        const { items, ahead } = admit(times.map((at) => ({ at })), now); // prettier-ignore
        expect(items.map(({ at }) => at)).toEqual(times.map((at) => Math.min(at, now)));
        expect(ahead).toHaveLength(times.filter((at) => at > now + aheadToleranceMs).length);
      }),
    );
  });
});
