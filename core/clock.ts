/** Time as a parameter: production reads the machine's, a test moves its own. Epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `wake` when `now() >= time`, unless the function it returns has taken that back. Never calls at once. */
  at(time: number, wake: () => void): () => void;
  /** Resolves when `now() >= time`, or at once when the signal aborts. Never rejects. */
  until(time: number, signal?: AbortSignal): Promise<void>;
  monotonic(): number;
  after(delayMs: number, wake: () => void): () => void;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** A clock of what it must know by itself. */
export function createClock({ now, at }: Pick<Clock, 'now' | 'at'>): Clock {
  const clock: Clock = {
    now,
    at,
    monotonic: now,
    after: (delayMs, wake) => at(now() + delayMs, wake),
    sleep: (delayMs, signal) => clock.until(now() + delayMs, signal),
    until: (time, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const finish = (): void => {
          takeBack();
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        const takeBack = at(time, finish);
        signal?.addEventListener('abort', finish, { once: true });
      }),
  };
  return clock;
}

export const systemClock: Clock = createClock({
  now: () => Date.now(),
  at(time, wake) {
    const timer = setTimeout(wake, Math.max(0, time - Date.now()));
    return () => clearTimeout(timer);
  },
});
