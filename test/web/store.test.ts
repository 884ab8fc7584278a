import { describe, expect, it } from 'vitest';
import { qualityCode } from '../../core/reading.ts';
import { standing } from '../../domain/value.ts';
import { PointStore } from '../../web/live/store.ts';

const now = 1_000_000;

function frames(): { store: PointStore; frame: () => void; scheduled: () => number } {
  const pending: (() => void)[] = [];
  const store = new PointStore({ schedule: (flush) => pending.push(flush) });
  return {
    store,
    frame: () => {
      for (const flush of pending.splice(0)) flush();
    },
    scheduled: () => pending.length,
  };
}

function one(value: number | null, quality = 0, at = now): Parameters<PointStore['apply']>[1] {
  return { position: [0], value: [value], at: [at], quality: [quality] };
}

describe('point store', () => {
  it('tells its listeners once a frame however many values came', () => {
    const { store, frame, scheduled } = frames();
    let calls = 0;
    store.watch(['a'], () => (calls += 1));
    for (const value of [1, 2, 3]) store.apply(['a'], one(value), now);
    expect([calls, scheduled()]).toEqual([0, 1]);
    frame();
    expect([calls, store.get('a').value]).toEqual([1, 3]);
  });

  it('leaves others alone when one point changes', () => {
    const { store, frame } = frames();
    let others = 0;
    store.watch(['a']);
    store.watch(['b'], () => (others += 1));
    store.apply(['a', 'b'], one(1), now);
    frame();
    expect(others).toBe(0);
  });

  it('keeps the same object when the same reading comes again', () => {
    const { store, frame, scheduled } = frames();
    store.watch(['a']);
    store.apply(['a'], one(1), now);
    frame();
    const before = store.get('a');
    store.apply(['a'], one(1), now);
    expect(scheduled()).toBe(0);
    expect(store.get('a')).toBe(before);
  });

  it('drops what nobody watches any more, and values that come for it', () => {
    const { store } = frames();
    const stop = store.watch(['a']);
    const stopToo = store.watch(['a']);
    stop();
    expect(store.watched()).toEqual(['a']);
    stopToo();
    store.apply(['a'], one(1), now);
    expect(store.watched()).toEqual([]);
    expect(store.get('a').value).toBeNull();
  });

  it('changes the version of a group when one of its points changes', () => {
    const { store, frame } = frames();
    store.watch(['a', 'b']);
    const before = store.version(['a', 'b']);
    store.apply(['a', 'b'], one(1), now);
    frame();
    expect(store.version(['a', 'b'])).not.toBe(before);
  });

  it('keeps the last value of a point that the server calls stale', () => {
    const { store, frame } = frames();
    store.watch(['a']);
    store.apply(['a'], one(24.1), now);
    store.apply(['a'], one(null, qualityCode('stale')), now);
    frame();
    expect(store.get('a').value).toBe(24.1);
    expect(standing(store.get('a'))).toBe('stale');
  });

  it('has no number for a bad reading', () => {
    const { store, frame } = frames();
    store.watch(['a']);
    store.apply(['a'], one(24.1), now);
    store.apply(['a'], one(null, qualityCode('timeout'), now + 1), now);
    frame();
    expect(store.get('a').value).toBeNull();
    expect(standing(store.get('a'))).toBe('bad');
  });

  it('calls a good value stale once it is older than its point allows', () => {
    const { store, frame } = frames();
    store.setStaleAfter('a', 30_000);
    store.watch(['a']);
    store.apply(['a'], one(1), now);
    store.tick(now + 30_000);
    frame();
    expect(store.get('a').stale).toBe(false);
    store.tick(now + 30_001);
    frame();
    expect(standing(store.get('a'))).toBe('stale');
  });

  it('leaves the age of a value to the server where it does not know what the point allows', () => {
    const { store, frame } = frames();
    store.watch(['a']);
    store.apply(['a'], one(1), now);
    store.tick(now + 4 * 3_600_000);
    frame();
    expect(standing(store.get('a'))).toBe('good');
    store.apply(['a'], one(1, qualityCode('stale')), now);
    frame();
    expect(standing(store.get('a'))).toBe('stale');
  });

  it('takes a fresh value out of staleness', () => {
    const { store, frame } = frames();
    store.setStaleAfter('a', 30_000);
    store.watch(['a']);
    store.apply(['a'], one(1), now);
    store.tick(now + 60_000);
    store.apply(['a'], one(2, 0, now + 60_000), now + 60_000);
    frame();
    expect(standing(store.get('a'))).toBe('good');
  });

  it('keeps beside a sum without a value what it last was as a whole', () => {
    const { store, frame } = frames();
    store.watch(['a']);
    const whole = { row: [0], value: [686], at: [now - 40_000] };
    store.apply(['a'], { ...one(null, qualityCode('no-value')), whole }, now);
    frame();
    expect(store.get('a')).toMatchObject({ value: null, lastWhole: { value: 686, at: now - 40_000 } });
    store.apply(['a'], one(690), now);
    frame();
    expect(store.get('a').lastWhole).toBeUndefined();
  });
});
