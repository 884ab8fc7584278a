import { expect, test } from 'vitest';
import { FieldError, type Driver, type RawValue } from '../../../collectors/drivers/driver.ts';
import { createDevicePoller, nextPatience, stretchOf } from '../../../collectors/poller/poller.ts';
import { createPipeline } from '../../../server/pipeline/pipeline.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { fieldModel, silentLog } from '../../support/field.ts';
import { modbusMeter } from './meters.ts';

/** A meter whose every value takes so long, in seconds; what is cut off gives what it has. */
function bench(secondsAValue: () => number, failure?: () => FieldError | undefined) {
  const clock = createFakeClock();
  const model = fieldModel([modbusMeter('slow')]);
  const [device] = model.devices;
  if (device === undefined) throw new Error('no device');
  const pipeline = createPipeline({ model, clock, log: silentLog });
  const driver: Driver = {
    open: () => ({
      plan: (points) => ({
        async read(signal) {
          const error = failure?.();
          if (error !== undefined) throw error;
          const values: RawValue[] = [];
          for (const point of points) {
            const reached = await new Promise<boolean>((resolve) => {
              clock.after(secondsAValue() * 1_000, () => resolve(true));
              signal.addEventListener('abort', () => resolve(false), { once: true });
              if (signal.aborted) resolve(false);
            });
            values.push(reached ? { point, raw: 7 } : { point, raw: null, reason: 'timeout' });
          }
          return values;
        },
      }),
      close: () => undefined,
    }),
  };
  const poller = createDevicePoller(device, driver, {
    clock,
    sink: (readings) => pipeline.accept(readings),
    log: silentLog,
    random: () => 0.5,
  });
  const abort = new AbortController();
  const ended = poller.run(abort.signal);
  const usable = (): boolean => {
    pipeline.tick();
    return device.points.every(({ index }) => pipeline.current.quality[index] === 0);
  };
  return {
    poller,
    usable,
    advance: (seconds: number) => clock.advance(seconds * 1_000),
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

test('a device that cannot be read in its interval is read in several, and its values stay fresh', async () => {
  let seconds = 5;
  const field = bench(() => seconds);
  await field.advance(300);
  expect(field.poller.diagnostics()).toMatchObject({
    state: 'ok',
    lastError: expect.stringMatching(/^a poll took .* "interval: slow"/),
  });
  expect(field.poller.diagnostics().stretch).toBeGreaterThan(1);
  for (let n = 0; n < 20; n += 1) {
    await field.advance(3);
    expect(field.usable()).toBe(true);
  }
  const { skipped } = field.poller.diagnostics();
  await field.advance(120);
  // The longer interval is kept: hardly a slot is passed over any more, of forty.
  expect(field.poller.diagnostics().skipped).toBeLessThan(skipped + 10);
  seconds = 0.01;
  await field.advance(300);
  expect(field.poller.diagnostics().stretch).toBe(1);
  await field.stop();
});

test('a device that others leave no time for is waited for longer', async () => {
  let turns = 0;
  const field = bench(
    () => 0.01,
    () => (++turns <= 2 ? new FieldError('busy', 'no turn') : undefined),
  );
  await field.advance(60);
  expect(field.poller.diagnostics()).toMatchObject({ state: 'ok', timeouts: 2 });
  await field.stop();
});

test('patience doubles where a device is cut off, up to a minute, and shrinks where it is quick', () => {
  const round = (patienceMs: number) => ({ patienceMs, intervalMs: 2_000 });
  expect(nextPatience(round(2_000), { tookMs: 2_000, isCut: true })).toBe(4_000);
  expect(nextPatience(round(50_000), { tookMs: 50_000, isCut: true })).toBe(60_000);
  // A value that timed out by itself, long before the deadline.
  expect(nextPatience(round(4_000), { tookMs: 1_500, isCut: true })).toBe(4_000);
  expect(nextPatience(round(16_000), { tookMs: 9_000, isCut: false })).toBe(16_000);
  expect(nextPatience(round(16_000), { tookMs: 900, isCut: false })).toBe(8_000);
  expect(nextPatience(round(2_000), { tookMs: 1, isCut: false })).toBe(2_000);
});

test('one slow poll among quick ones is no stretch', () => {
  expect([[1, 5, 1], [5, 5], [3, 2, 4], []].map(stretchOf)).toEqual([1, 1, 2, 1]);
});
