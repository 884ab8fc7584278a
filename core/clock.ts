/**
 * Time as a parameter: production reads the machine's, a test moves its own. Two times, because the wall clock may be set, forwards or
 * back, at any moment: it only stamps what happened. Whatever waits, ages or measures uses monotonic time, which never goes back.
 * There is deliberately no way to wait for a wall-clock time.
 */
export interface Clock {
  /** Wall time, epoch ms: for stamps. May jump either way. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. Not comparable between processes. */
  monotonic(): number;
  /** Calls `wake` once `delayMs` have passed, never synchronously and never early, unless the returned function cancels it. */
  after(delayMs: number, wake: () => void): () => void;
  /** Resolves once `delayMs` have passed, or immediately when the signal aborts. Never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** A clock from the three things it cannot derive. */
export function createClock({ now, monotonic, after }: Omit<Clock, 'sleep'>): Clock {
  return {
    now,
    monotonic,
    after,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const finish = (): void => {
          cancel();
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        const cancel = after(delayMs, finish);
        signal?.addEventListener('abort', finish, { once: true });
      }),
  };
}

/** setTimeout takes a signed 32-bit number; a longer delay would fire at once. */
const longestTimeoutMs = 2 ** 31 - 1;

export const systemClock: Clock = createClock({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, wake) {
    const due = performance.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (restMs: number): void => {
      timer = setTimeout(turn, Math.min(Math.max(0, Math.ceil(restMs)), longestTimeoutMs));
    };
    // Timers count whole milliseconds of the event loop and may fire up to one early.
    const turn = (): void => {
      const restMs = due - performance.now();
      if (restMs > 0) arm(restMs);
      else wake();
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
});

/** One moment in both times, for what is stamped and also ages. */
export interface Instant {
  /** Wall time, epoch ms. */
  readonly at: number;
  readonly monotonic: number;
}

export function instantOf(clock: Pick<Clock, 'now' | 'monotonic'>): Instant {
  return { at: clock.now(), monotonic: clock.monotonic() };
}

/** When something stamped `at` happened, in monotonic time; what claims to come from the future happened now. */
export function monotonicOf(at: number, now: Instant): number {
  return now.monotonic - Math.max(0, now.at - at);
}
