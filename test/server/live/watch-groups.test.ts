import { describe, expect, it } from 'vitest';
import type { LiveValues } from '../../../server/contracts/live.ts';
import { createWatchGroups } from '../../../server/live/watch-groups.ts';
import { emptyCurrentValues } from '../../../server/pipeline/current.ts';

function groupsOf(points = 4) {
  const current = emptyCurrentValues(points);
  const sent: { to: string[]; values: LiveValues }[] = [];
  const groups = createWatchGroups<ReturnType<typeof member>>({
    points,
    current,
    send: (to, values) => sent.push({ to: to.map(({ id }) => id), values }),
  });
  const set = (point: number, value: number, urgent = false): void => {
    current.value[point] = value;
    groups.mark(point, urgent);
  };
  const flush = (round = true) => {
    sent.length = 0;
    groups.flush(round);
    return sent.map(({ to, values }) => ({ to, position: values.position, value: values.value }));
  };
  return { groups, set, flush };
}

function member(id: string) {
  return { id, ready: true, isReady: () => false };
}

/** One whose readiness the test decides. */
function client(id: string) {
  const made = { ...member(id) };
  made.isReady = () => made.ready;
  return made;
}

describe('clients that show the same points', () => {
  it('get one packet together, others their own', () => {
    const { groups, set, flush } = groupsOf();
    for (const id of ['a', 'b']) groups.watch(client(id), Int32Array.from([2, 0]));
    groups.watch(client('c'), Int32Array.from([0]));
    set(0, 7);
    expect(flush()).toEqual([
      { to: ['a', 'b'], position: [1], value: [7] },
      { to: ['c'], position: [0], value: [7] },
    ]);
    expect(flush()).toEqual([]);
  });

  it('do not hold each other up: who has not taken its packet gets what it missed, with its newest value, once it has', () => {
    const { groups, set, flush } = groupsOf();
    const slow = client('slow');
    groups.watch(client('quick'), Int32Array.from([0, 1]));
    groups.watch(slow, Int32Array.from([0, 1]));
    slow.ready = false;
    set(0, 1);
    expect(flush()).toEqual([{ to: ['quick'], position: [0], value: [1] }]);
    set(0, 2);
    set(1, 3);
    flush();
    slow.ready = true;
    // Nothing else changed: only what it missed.
    expect(flush()).toEqual([{ to: ['slow'], position: [0, 1], value: [2, 3] }]);
    set(1, 4);
    expect(flush()).toEqual([{ to: ['quick', 'slow'], position: [1], value: [4] }]);
  });

  it('get what is urgent before the round, also when it was missed', () => {
    const { groups, set, flush } = groupsOf();
    const slow = client('slow');
    groups.watch(client('quick'), Int32Array.from([0]));
    groups.watch(slow, Int32Array.from([0]));
    set(0, 1);
    expect(flush(false)).toEqual([]);
    slow.ready = false;
    set(0, 2, true);
    expect(flush(false)).toEqual([{ to: ['quick'], position: [0], value: [2] }]);
    slow.ready = true;
    expect(flush(false)).toEqual([{ to: ['slow'], position: [0], value: [2] }]);
    expect(flush(false)).toEqual([]);
  });

  it('are left by who shows other points or is gone', () => {
    const { groups, set, flush } = groupsOf();
    const [moving, gone] = [client('moving'), client('gone')];
    for (const one of [moving, gone]) groups.watch(one, Int32Array.from([0]));
    groups.watch(moving, Int32Array.from([1]));
    groups.leave(gone);
    set(0, 1);
    set(1, 2);
    expect(flush()).toEqual([{ to: ['moving'], position: [0], value: [2] }]);
  });

  it('are answered with the values of now', () => {
    const { groups, set } = groupsOf();
    set(3, 9);
    expect(groups.watch(client('a'), Int32Array.from([3, -1]))).toMatchObject({
      position: [0, 1],
      value: [9, null],
    });
  });
});
