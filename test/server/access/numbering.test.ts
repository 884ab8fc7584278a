import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldEvent } from '../../../core/field-event.ts';
import { createControllers, graceMs } from '../../../server/access/controllers/controllers.ts';
import { follow, missing, type Numbering } from '../../../server/access/controllers/numbering.ts';

const start = Date.UTC(2026, 10, 23, 3);

/** The numbers in the order they come, each a second later by the controller's clock unless a time is given. */
function after(numbers: readonly (number | readonly [number, number])[]): Numbering {
  let numbering: Numbering | undefined;
  for (const each of numbers) {
    const [number, at] = typeof each === 'number' ? [each, start + each * 1_000] : each;
    numbering = follow(numbering, { number, at, now: start }).numbering;
  }
  if (numbering === undefined) throw new Error('no numbers');
  return numbering;
}
const spans = ({ gaps }: Numbering): string[] => gaps.map(({ from, to }) => `${from}-${to}`);

describe('numbers of a controller', () => {
  test('that follow each other leave no gap, those left out do', () => {
    expect(spans(after([5, 6, 7]))).toEqual([]);
    expect(spans(after([5, 9, 12]))).toEqual(['6-8', '10-11']);
    expect(missing(after([5, 9, 12]))).toBe(5);
  });

  test('that come late close the gap, or part of it', () => {
    expect(spans(after([5, 9, 7]))).toEqual(['6-6', '8-8']);
    expect(spans(after([5, 9, 7, 6, 8]))).toEqual([]);
  });

  test('that begin again at 1, later in time, are those of a wiped controller and leave no gap', () => {
    const again = follow(after([5_000, 5_001]), { number: 1, at: start + 9_000_000, now: start });
    expect(again.as).toBe('restarted');
    expect(again.numbering).toMatchObject({ highest: 1, gaps: [] });
  });

  test('of a year that is replayed are late, and change nothing', () => {
    const before = after([[5_000, start]]);
    let numbering = before;
    for (let number = 1; number < 5_000; number += 1) {
      const step = follow(numbering, { number, at: start - (5_000 - number) * 6_000_000, now: start });
      expect(step.as).toBe('late');
      numbering = step.numbering;
    }
    expect(numbering).toEqual({ ...before, lowest: 1 });
  });

  test('in any order leave exactly those missing that did not come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { minLength: 1 }), (rest) => {
        // The first is the lowest: what was before it nobody can know.
        const last = after([[1, start], ...rest.map((number): [number, number] => [number, start])]);
        const all = Array.from({ length: last.highest }, (_, index) => index + 1);
        const gone = all.filter((number) => number !== 1 && !rest.includes(number));
        const found = last.gaps.flatMap(({ from, to }) =>
          Array.from({ length: to - from + 1 }, (_, index) => from + index),
        );
        expect(found.toSorted((a, b) => a - b)).toEqual(gone);
      }),
    );
  });
});

const event = (
  number: number,
  more: FieldEvent['attributes'] = {},
  at = start + number * 1_000,
): FieldEvent => ({
  id: `dc/door#405419896,${number}@${at}`,
  source: 'dc/door',
  at,
  kind: 'access-granted',
  attributes: { part: 'door-1', controller: 405_419_896, number, door: 1, ...more },
});

describe('controllers', () => {
  test('report a gap once, when it has stayed open', () => {
    const controllers = createControllers([]);
    controllers.judge([event(1), event(4)], start).commit();
    expect(controllers.overdue(start, 0).found).toEqual([]);
    const late = controllers.overdue(start + graceMs, graceMs);
    expect(late.found).toMatchObject([
      {
        kind: 'events-missed',
        source: 'dc/door',
        attributes: { from: 2, to: 3, count: 2, controller: '405419896' },
      },
    ]);
    late.commit();
    expect(controllers.overdue(start, 10 * graceMs).found).toEqual([]);
    expect(controllers.states()).toMatchObject([{ missing: 2, highest: 4, gaps: [{ reported: true }] }]);
    controllers.judge([event(2), event(3)], start).commit();
    expect(controllers.states()).toMatchObject([{ missing: 0, gaps: [] }]);
  });

  test('report nothing when what was missing comes in time', () => {
    const controllers = createControllers([]);
    controllers.judge([event(1), event(3)], start).commit();
    controllers.overdue(start, 0);
    controllers.judge([event(2)], start).commit();
    expect(controllers.overdue(start, graceMs).found).toEqual([]);
  });

  test('keep nothing of what was not stored', () => {
    const controllers = createControllers([]);
    controllers.judge([event(1)], start).commit();
    controllers.judge([event(9)], start);
    expect(controllers.states()).toMatchObject([{ highest: 1, missing: 0, events: 1 }]);
  });

  test('go on where they were after a restart of the server', () => {
    const before = createControllers([]);
    const judged = before.judge([event(1), event(4)], start);
    judged.commit();
    const next = createControllers(judged.changed);
    next.judge([event(5)], start).commit();
    expect(next.states()).toMatchObject([{ highest: 5, missing: 2 }]);
  });

  test('tell that a wiped one numbers again', () => {
    const controllers = createControllers([]);
    controllers.judge([event(900)], start).commit();
    const again = controllers.judge([event(1, {}, start + 9_000_000)], start);
    expect(again.found).toMatchObject([
      { kind: 'controller-restarted', attributes: { controller: '405419896' } },
    ]);
    again.commit();
    expect(controllers.states()).toMatchObject([{ highest: 1, missing: 0, restarts: 1 }]);
  });

  test('count unknown doors, the offset of the clock and its jumps', () => {
    const controllers = createControllers([]);
    const { part: _part, ...unknown } = event(1).attributes;
    controllers.judge([{ ...event(1), attributes: { ...unknown, door: 7 } }], start).commit();
    for (const [index, offset] of [100, 200, 3_600_000].entries())
      controllers.judge([event(2 + index, { 'clock-offset': offset })], start).commit();
    expect(controllers.states()).toMatchObject([
      { unknownDoors: { events: 1, last: '7' }, clockOffsetMs: 3_600_000, clockJumps: 1 },
    ]);
  });
});
