import type { Clock } from './clock.ts';

/** Timers of a process that keeps up fire within this. */
const usualMs = 20;

/**
 * Calls `over` once a device had `ms` to answer, unless the returned function cancels it. For as long as this process stood still,
 * which a timer that fires late shows, it may have answered unheard: as much, and `ms` at most, is waited once more.
 */
export function onSilence(
  clock: Pick<Clock, 'monotonic' | 'after'>,
  ms: number,
  over: () => void,
): () => void {
  const due = clock.monotonic() + ms;
  let cancel = clock.after(ms, () => {
    const lateMs = clock.monotonic() - due;
    if (lateMs <= usualMs) over();
    else cancel = clock.after(Math.min(lateMs, ms), over);
  });
  return () => cancel();
}
