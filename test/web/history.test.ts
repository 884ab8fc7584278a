import { joined } from '../../web/history/joined.ts';
import { describe, expect, it } from 'vitest';
import type { BucketItem } from '../../server/contracts/points.ts';
import { toSeries } from '../../web/history/series.ts';

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const raw = (seconds: number, value: number | null): { at: string; value: number | null; quality: 'good' | 'bad'; reason: null } => ({
  at: at(seconds), value, quality: value === null ? 'bad' : 'good', reason: null,
}); // prettier-ignore

describe('series', () => {
  it('has a gap where a reading was bad', () => {
    const series = toSeries({
      point: 'p',
      unit: '°C',
      resolution: 'raw',
      widthMs: null,
      next: null,
      items: [raw(0, 1), raw(10, null), raw(20, 3)],
    });
    expect(series.value).toEqual([1, null, 3]);
  });
  it('has a gap where readings are missing altogether', () => {
    const items = [0, 10, 20, 30, 300, 310].map((seconds) => raw(seconds, 1));
    const series = toSeries({ point: 'p', unit: '°C', resolution: 'raw', widthMs: null, next: null, items });
    expect(series.value).toEqual([1, 1, 1, 1, null, 1, 1]);
  });
  it('spans the minimum and maximum of buckets, with a gap for a missing one', () => {
    const bucket = (minute: number): BucketItem => ({
      at: at(minute * 60),
      min: 1,
      max: 3,
      mean: 2,
      last: 2,
      count: 6,
      good: 6,
      coveredMs: 60_000,
      states: null,
    });
    const series = toSeries({
      point: 'p',
      unit: '°C',
      resolution: '1m',
      widthMs: 60_000,
      next: null,
      items: [bucket(0), bucket(1), bucket(4)],
    });
    expect(series.envelope).toBe(true);
    expect(series.min).toEqual([1, 1, null, 1]);
    expect(series.max).toEqual([3, 3, null, 3]);
  });
  it('is empty when there is nothing', () => {
    expect(
      toSeries({ point: 'p', unit: '°C', resolution: 'raw', widthMs: null, next: null, items: [] }).x,
    ).toEqual([]);
  });
});

it('a gap reaches to the next value of its own series, whatever times the others have in between', () => {
  const none = { quality: [], envelope: false };
  const one = { ...none, x: [10, 20, 40], value: [1, null, 2], min: [1, null, 2], max: [1, null, 2] };
  const other = { ...none, x: [25, 30], value: [5, 6], min: [5, 6], max: [5, 6] };
  const [x, value] = joined([one, other]);
  expect(x).toEqual([10, 20, 25, 30, 40]);
  expect(value).toEqual([1, null, null, null, 2]);
});
