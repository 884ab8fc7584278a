import { describe, expect, it } from 'vitest';
import { latencyWindow } from '../../../core/latency.ts';
import { changeDetector, watchList } from '../../../server/live/watch-list.ts';
import { emptyCurrentValues } from '../../../server/pipeline/current.ts';
import { qualityCode } from '../../../core/reading.ts';
import { pointOf, shippedModel } from '../support/server.ts';

describe('watch list', () => {
  it('holds each place once however often its point changes, so a slow client costs no memory', () => {
    const list = watchList(Int32Array.from([3, 1, 3]), 5);
    for (let round = 0; round < 1_000; round += 1) {
      list.mark(3, false);
      list.mark(4, true);
    }
    const current = emptyCurrentValues(5);
    current.value[3] = 7;
    expect(list.isUrgent()).toBe(false);
    expect(list.take(current)).toMatchObject({ position: [2, 0], value: [7, 7] });
    expect(list.isEmpty()).toBe(true);
  });

  it('is urgent until it was taken', () => {
    const list = watchList(Int32Array.from([0]), 1);
    list.mark(0, true);
    list.mark(0, false);
    expect(list.isUrgent()).toBe(true);
    list.take(emptyCurrentValues(1));
    expect([list.isUrgent(), list.isEmpty()]).toEqual([false, true]);
  });

  it('adds to a sum without a value what it last was as a whole', () => {
    const current = emptyCurrentValues(2);
    current.value[0] = 5;
    current.wholeValue.set([5, 686]);
    current.wholeAt.set([900, 800]);
    const list = watchList(Int32Array.from([0, 1]), 2);
    expect(list.all(current).whole).toEqual({ row: [1], value: [686], at: [800] });
    current.value[1] = 690;
    expect(list.all(current).whole).toBeUndefined();
  });
});

describe('urgency', () => {
  const model = shippedModel();
  const isUrgent = changeDetector(model);
  const state = pointOf(model, 'dc/door-mantrap/door-1/door-state').index;

  it('is for a state that changed, not for one that was confirmed', () => {
    const reading = { point: state, at: 1, value: 0, quality: 0 };
    expect([isUrgent(reading), isUrgent({ ...reading, at: 2 }), isUrgent({ ...reading, value: 1 })]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is for a state that turned bad, once', () => {
    const bad = { point: state, at: 3, value: Number.NaN, quality: qualityCode('timeout') };
    expect([isUrgent(bad), isUrgent({ ...bad, at: 4 })]).toEqual([true, false]);
  });

  it('is not for a slow measurement', () => {
    expect(
      isUrgent({ point: pointOf(model, 'dc/env-a01/temperature').index, at: 1, value: 20, quality: 0 }),
    ).toBe(false);
  });
});

describe('latency of the last minute', () => {
  it('is 1 % off at most, and exact where it is short', () => {
    for (let ms = 0; ms <= 600_000; ms = Math.ceil(ms * 1.07) + 1) {
      const latency = latencyWindow();
      latency.add(1_000, ms);
      const { p50 = -1 } = latency.figures(1_000) ?? {};
      expect(Math.abs(p50 - ms)).toBeLessThanOrEqual(ms < 128 ? 0 : ms / 100);
    }
    const latency = latencyWindow();
    for (const ms of [-5, 0.4, 7_000_000]) latency.add(1_000, ms);
    expect(latency.figures(1_000)).toEqual({ p50: 0, p99: 600_000 });
  });

  it('gives median and 99th percentile within a tenth', () => {
    const latency = latencyWindow();
    for (let ms = 1; ms <= 1_000; ms += 1) latency.add(5_000, ms);
    const { p50, p99 } = latency.figures(5_500) ?? { p50: 0, p99: 0 };
    expect(Math.abs(p50 - 500)).toBeLessThan(50);
    expect(Math.abs(p99 - 990)).toBeLessThan(99);
  });

  it('forgets what is older than a minute, and is null without values', () => {
    const latency = latencyWindow();
    expect(latency.figures(0)).toBeNull();
    latency.add(1_000, 400);
    expect(latency.figures(60_000)).not.toBeNull();
    expect(latency.figures(61_000)).toBeNull();
    latency.add(61_000, 0);
    expect(latency.figures(61_000)).toEqual({ p50: 0, p99: 0 });
  });

  it('takes a source whose clock runs ahead for no latency', () => {
    const latency = latencyWindow();
    latency.add(1_000, -5_000);
    expect(latency.figures(1_000)).toEqual({ p50: 0, p99: 0 });
  });
});
