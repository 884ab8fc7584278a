import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Override, TimeOff } from '../../../server/people/on-call.ts';
import { firstHoleAt, newHole, proveRoster, verdict } from '../../../server/people/prover.ts';
import { reachNow } from '../../../server/people/reach.ts';
import { answerFor } from '../../../server/people/roster.ts';
import { allReach, day, hour, monday, peopleOf, small } from './people.ts';

const people = peopleOf(small);
const none = { overrides: [], timeOff: [] };
const off = (person: string, from: number, to: number): TimeOff => ({ id: `${person}${from}`, person, from, to, reason: 'cuti' }); // prettier-ignore
const question = {
  people,
  changes: none,
  sites: ['dc', 'drc'],
  reach: allReach,
  from: monday,
  to: monday + 30 * day,
};

describe('the proof', () => {
  it('finds no hole in a roster that has none', () => {
    const proof = proveRoster(question);
    expect(proof.holes).toEqual([]);
    expect(proof.instants).toBeGreaterThan(60);
  });

  it('finds the time in which everybody of a step is off, to the minute, ten minutes early for a step of ten minutes', () => {
    const timeOff = ['andi', 'budi', 'citra', 'dewi'].map((person) =>
      off(person, monday + 2 * day, monday + 3 * day),
    );
    const { holes } = proveRoster({ ...question, sites: ['dc'], changes: { ...none, timeOff } });
    expect(holes.map(({ priority, kind, from, to }) => [priority, kind, from - monday, to - monday])).toEqual([
      ['P1', 'nobody', 2 * day, 3 * day - 600_000],
      ['P2', 'nobody', 2 * day, 3 * day],
      ['P1', 'late', 3 * day - 600_000, 3 * day],
    ]); // prettier-ignore
    expect(holes[0]?.reasons).toContainEqual({
      target: 'layer:utama',
      person: null,
      why: 'nobody',
      obstacles: [],
    });
  });

  it('names the channel that is not set up, fails, or has run out for the person', () => {
    const reasons = (ways: Partial<Parameters<typeof reachNow>[0]>) => {
      const reach = reachNow({
        usable: new Set(['email']), failing: () => new Set(), expired: () => false, assumed: false, ...ways,
      }); // prettier-ignore
      const { holes } = proveRoster({ ...question, reach, to: monday + hour });
      return [...new Set(holes.flatMap((hole) => hole.reasons.flatMap(({ obstacles }) => obstacles.map(({ channel, why }) => `${channel} ${why}`))))]; // prettier-ignore
    };
    expect(reasons({})).toEqual([]);
    expect(reasons({ usable: new Set() })).toEqual(['telegram no-channel', 'email no-channel']);
    expect(reasons({ failing: () => new Set(['email']) })).toEqual(['telegram no-channel', 'email failing']);
    expect(reasons({ expired: ({ person }) => person === 'dewi' })).toEqual(['email expired']);
    expect(reasons({ usable: new Set(), assumed: true })).toEqual([]);
  });

  it('is a hole, a late one, when the first step reaches nobody and a later one does', () => {
    const eko = peopleOf({
      ...small,
      onCall: small.onCall?.map((layer) =>
        layer.layer === 'utama' ? { ...layer, members: ['eko'] } : layer,
      ),
    });
    const reach = reachNow({ usable: new Set(['email']), failing: () => new Set(), expired: () => false, assumed: false }); // prettier-ignore
    const { holes } = proveRoster({ ...question, people: eko, reach });
    expect(holes.map(({ site, priority, kind, from, to }) => [site, priority, kind, from, to])).toEqual([
      ['dc', 'P1', 'late', monday, monday + 30 * day],
      ['drc', 'P1', 'late', monday, monday + 30 * day],
    ]); // prettier-ignore
  });

  it('says when the next hole begins, now while one is open', () => {
    const timeOff = ['citra', 'dewi', 'andi', 'budi'].map((person) =>
      off(person, monday + day, monday + 2 * day),
    );
    const proof = proveRoster({ ...question, changes: { ...none, timeOff } });
    expect(firstHoleAt(proof, 'dc', monday)).toBe(monday + day);
    expect(firstHoleAt(proof, 'dc', monday + day + hour)).toBe(monday + day + hour);
    expect(firstHoleAt(proof, 'dc', monday + 2 * day)).toBeUndefined();
    const before = { holes: [] };
    expect(newHole(before, proof)).toMatchObject({ kind: 'nobody' });
    expect(newHole(proof, proof)).toBeUndefined();
  });

  it('agrees with asking at any moment, whatever people entered', () => {
    const person = fc.constantFrom('andi', 'budi', 'citra', 'dewi', 'eko');
    const span = fc
      .tuple(fc.integer({ min: -2 * 24, max: 31 * 24 }), fc.integer({ min: 1, max: 240 }))
      .map(([from, hours]) => ({ from: monday + from * hour + 7, to: monday + (from + hours) * hour }));
    const timeOff = fc.array(fc.tuple(person, span).map(([who, { from, to }], ) => off(who, from, to)), { maxLength: 8 }); // prettier-ignore
    const overrides = fc.array(
      fc.tuple(fc.constantFrom('utama', 'cadangan'), person, span, fc.integer()).map(
        ([layer, who, { from, to }, id]): Override => ({ id: String(id), layer, person: who, from, to, reason: 'x' }),
      ), { maxLength: 5 }); // prettier-ignore
    const at = fc.array(fc.integer({ min: 0, max: 30 * day - 1 }), { minLength: 10, maxLength: 30 });
    fc.assert(
      fc.property(timeOff, overrides, at, (away, taken, moments) => {
        const changes = { timeOff: away, overrides: taken };
        const proof = proveRoster({ ...question, sites: ['dc'], changes });
        // At random, and at each edge and the millisecond before it.
        const edges = [...away, ...taken].flatMap(({ from, to }) => [from, from - 1, to, to - 1]);
        for (const moment of [...moments.map((each) => monday + each), ...edges]) {
          if (moment < proof.from || moment >= proof.to) continue;
          for (const priority of ['P1', 'P2'] as const) {
            const answer = answerFor(people, changes, { site: 'dc', priority, at: moment, reach: allReach });
            const hole = proof.holes.find((each) => each.priority === priority && each.from <= moment && moment < each.to); // prettier-ignore
            expect(hole?.kind ?? 'reached').toBe(verdict(answer));
          }
        }
      }),
      { numRuns: 60, seed: 20261123 },
    );
  });
});
