import { createClock, type Clock } from '../../core/clock.ts';

export interface FakeClock extends Clock {
  /** Moves both times on, waking every waiter at its own moment and letting what it started settle before the next. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forwards or back; no time passes and nobody wakes. */
  step(ms: number): void;
}

/** A clock that stands still until it is told to move, so an hour passes in milliseconds. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 23)): FakeClock {
  // Small and odd: code that mistakes one time for the other, or 0 for "long ago", fails.
  let monotonic = 137;
  let wallOffset = startMs - monotonic;
  const waiters = new Set<{ readonly due: number; readonly wake: () => void }>();
  // One turn of the event loop lets every settled promise run its course; real sockets need real time.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  const clock = createClock({
    now: () => monotonic + wallOffset,
    monotonic: () => monotonic,
    after(delayMs, wake) {
      const waiter = {
        due: monotonic + delayMs,
        wake: () => {
          waiters.delete(waiter);
          wake();
        },
      };
      waiters.add(waiter);
      return () => void waiters.delete(waiter);
    },
  });

  return {
    ...clock,
    // What is due already needs no move of time.
    sleep: (delayMs, signal) => (delayMs <= 0 ? Promise.resolve() : clock.sleep(delayMs, signal)),
    step(ms) {
      wallOffset += ms;
    },
    async advance(ms) {
      const target = monotonic + ms;
      await settle();
      for (;;) {
        const next = Math.min(...[...waiters].map(({ due }) => due));
        if (next > target) break;
        monotonic = Math.max(monotonic, next);
        for (const waiter of waiters) if (waiter.due <= monotonic) waiter.wake();
        await settle();
      }
      monotonic = target;
      await settle();
    },
  };
}
