/** Time as a parameter: production reads the machine's, a test moves its own. Epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Resolves when `now() >= at`, or at once when the signal aborts. Never rejects. */
  until(at: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  until: (at, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, at - Date.now()));
      signal?.addEventListener('abort', finish, { once: true });
    }),
};
