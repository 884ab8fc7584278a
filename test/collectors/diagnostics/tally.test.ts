import { expect, test } from 'vitest';
import type { DeviceDiagnostics } from '../../../collectors/collectors.ts';
import { createSiteTally } from '../../../collectors/diagnostics/tally.ts';
import { fieldModel } from '../../support/field.ts';
import { modbusMeter } from '../poller/meters.ts';

const [device] = fieldModel([modbusMeter('a')]).devices;

function health(polls: number, skipped: number): DeviceDiagnostics[] {
  if (device === undefined) throw new Error('no device');
  return [
    {
      device, polls, skipped, state: 'ok', lastAnswerAt: undefined, latencyMs: undefined, timeouts: 0,
      decodeErrors: 0, late: 0, stretch: 1, clockOffsetMs: undefined, malformed: 0, wrongSource: 0, lastError: undefined,
    },
  ]; // prettier-ignore
}

test('rates are those of the last minute when the collector has run for longer', () => {
  const tally = createSiteTally(0);
  tally.took(6_000);
  expect(tally.figures(10_000, health(100, 0))).toMatchObject({ polls: 10, readings: 600, skipped: 0 });
  for (let at = 20_000; at <= 120_000; at += 10_000) tally.figures(at, health(100, 0));
  expect(tally.figures(130_000, health(160, 20))).toMatchObject({ polls: 1, readings: 0, skipped: 25 });
});

test('nothing is said of skipped polls and lateness when nothing was polled', () => {
  const figures = createSiteTally(0).figures(10_000, health(0, 0));
  expect(figures).toEqual({ polls: 0, readings: 0, lost: 0 });
});

test('nothing is divided by no time when it is asked at the moment it began', () => {
  expect(createSiteTally(5_000).figures(5_000, health(3, 0))).toEqual({ lost: 0 });
});
