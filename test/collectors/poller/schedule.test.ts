import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../../collectors/poller/watch.ts';
import {
  deadlineMs,
  firstDue,
  isLate,
  nextDue,
  slotAfter,
  stableHash,
} from '../../../collectors/poller/poller.ts';

const anyInterval = fc.integer({ min: 500, max: 120_000 });
const anyHash = fc.integer({ min: 0, max: 0xffffffff });
const anyTime = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

describe('the first round', () => {
  test('is over within 2 s, spread over all of it', () => {
    const dues = Array.from({ length: 900 }, (_, n) => firstDue(0, 10_000, stableHash(`dc/pdu-${n}`)));
    const perTenth = Array.from(
      { length: 10 },
      (_, n) => dues.filter((due) => Math.floor(due / 200) === n).length,
    );
    expect(Math.max(...dues)).toBeLessThan(2_000);
    expect(Math.min(...perTenth)).toBeGreaterThan(50);
    expect(Math.max(...perTenth)).toBeLessThan(140);
  });

  test('is within the interval when that is shorter', () => {
    fc.assert(
      fc.property(anyHash, (hash) => {
        expect(firstDue(5, 1_000, hash)).toBeLessThan(1_005);
      }),
    );
  });
});

describe('nextDue', () => {
  test('keeps the device to its own place in the interval', () => {
    fc.assert(
      fc.property(anyTime, anyInterval, anyHash, (now, interval, hash) => {
        const { due } = nextDue(now, now, interval, hash);
        expect((due - (hash % interval)) % interval).toBe(0);
        expect(due - now).toBeGreaterThanOrEqual(interval / 2);
        expect(due - now).toBeLessThanOrEqual(interval * 1.5);
      }),
    );
  });

  test('advances by the interval from slot to slot, however late within it the poll ended', () => {
    const slot = slotAfter(1_000_000, 10_000, 77);
    expect(nextDue(slot, slot + 9_999, 10_000, 77)).toEqual({ due: slot + 10_000, skipped: 0 });
  });

  test('skips and counts the slots that a long poll covered', () => {
    const slot = slotAfter(1_000_000, 10_000, 77);
    expect(nextDue(slot, slot + 34_000, 10_000, 77)).toEqual({ due: slot + 40_000, skipped: 3 });
  });
});

test('a poll is late when it begins after half of its interval', () => {
  expect([isLate(0, 5_000, 10_000), isLate(0, 5_001, 10_000)]).toEqual([false, true]);
});

test('a poll may take its interval, at least 1 s and at most 5 s', () => {
  expect([500, 2_000, 60_000].map(deadlineMs)).toEqual([1_000, 2_000, 5_000]);
});

describe('backoffMs', () => {
  test('keeps the interval until the device is lost, then doubles up to 30 s', () => {
    expect([1, 2, 3, 4, 5, 9, 1_000].map((failures) => backoffMs(2_000, failures, 0.5))).toEqual([
      2_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  test('never asks a slow device more often than its interval says, and jitters by a fifth', () => {
    expect(backoffMs(60_000, 7, 0.5)).toBe(60_000);
    expect([0, 1].map((random) => backoffMs(60_000, 7, random))).toEqual([48_000, 72_000]);
  });
});

test('the hash is the same at every start', () => {
  expect(stableHash('dc/ups-a1')).toBe(stableHash('dc/ups-a1'));
  expect(stableHash('a')).toBe(0xe40c292c);
});
