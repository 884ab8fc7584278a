import type { Clock } from './clock.ts';

/** Work that is begun every so often, by a tick, and never twice at once. */
export interface Looks {
  /** Call once a second. */
  tick(): void;
  /** Begins the work when what is under way has ended; resolves when it has ended too. */
  now(): Promise<void>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Aborts once it is closed. */
  readonly signal: AbortSignal;
  /** Resolves once what is under way has ended. */
  close(): Promise<void>;
}

/** @param look must not reject */
export function createLooks(
  clock: Pick<Clock, 'monotonic'>,
  { everyMs, firstAfterMs = 0 }: { readonly everyMs: number; readonly firstAfterMs?: number },
  look: () => Promise<void>,
): Looks {
  const closing = new AbortController();
  let lookAt = clock.monotonic() + firstAfterMs;
  let running: Promise<void> | undefined;

  function begin(): Promise<void> {
    const begun = look().finally(() => (running = undefined));
    running = begun;
    return begun;
  }

  return {
    tick() {
      const now = clock.monotonic();
      if (running !== undefined || now < lookAt || closing.signal.aborted) return;
      lookAt = now + everyMs;
      void begin();
    },
    async now() {
      await running;
      await begin();
    },
    settled: async () => running,
    signal: closing.signal,
    async close() {
      closing.abort(new Error('the server stops'));
      await running;
    },
  };
}
