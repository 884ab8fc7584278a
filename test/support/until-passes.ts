import { vi } from 'vitest';

/** Waits until a check passes, and returns what it returned. The second that vitest allows by itself is too short on a loaded machine. */
export const untilPasses = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 });
