import { createClock, type Clock } from '../../core/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on, waking every waiter at its own moment and letting what it started settle before the next. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands still until it is told to move, so an hour passes in milliseconds. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 23)): FakeClock {
  let now = startMs;
  const waiters = new Set<{ readonly at: number; readonly wake: () => void }>();
  // One turn of the event loop lets every settled promise run its course; real sockets need real time.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  const clock = createClock({
    now: () => now,
    at(time, wake) {
      const waiter = {
        at: time,
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
    until: (time, signal) => (time <= now ? Promise.resolve() : clock.until(time, signal)),
    async advance(ms) {
      const target = now + ms;
      await settle();
      for (;;) {
        const next = Math.min(...[...waiters].map(({ at }) => at));
        if (next > target) break;
        now = Math.max(now, next);
        for (const waiter of waiters) if (waiter.at <= now) waiter.wake();
        await settle();
      }
      now = target;
      await settle();
    },
  };
}
