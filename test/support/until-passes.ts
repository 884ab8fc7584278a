import { vi } from 'vitest';
import type { FakeClock } from './fake-clock.ts';

/** Waits until a check passes, and returns what it returned. The second that vitest allows by itself is too short on a loaded machine. */
export const untilPasses = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 });

/**
 * The same where time must pass as well. To move the clock once is not enough: what has not yet begun to wait for it, because the
 * database or the disk is slow just now, would never notice.
 */
export const untilPassesInTime = <T>(
  clock: Pick<FakeClock, 'advance'>,
  stepMs: number,
  check: () => T | Promise<T>,
): Promise<T> =>
  untilPasses(async () => {
    await clock.advance(stepMs);
    return check();
  });
