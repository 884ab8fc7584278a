import type { Clock } from './clock.ts';

/** Work that is done every so often, one after the other; `work` is given a signal that aborts when it is to end. */
export function repeat(
  clock: Pick<Clock, 'sleep'>,
  { everyMs, firstAfterMs = everyMs }: { readonly everyMs: number; readonly firstAfterMs?: number },
  work: (signal: AbortSignal) => void | Promise<void>,
): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = (async () => {
    if (firstAfterMs > 0) await clock.sleep(firstAfterMs, closing.signal);
    while (!closing.signal.aborted) {
      await work(closing.signal);
      await clock.sleep(everyMs, closing.signal);
    }
  })();
  return {
    /** Resolves once what is under way has ended. */
    async close() {
      closing.abort();
      await running;
    },
  };
}
