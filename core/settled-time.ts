import type { Clock } from './clock.ts';

/** Wall time that follows no jump of the wall clock before the clock has kept its new time for a while. */
export interface SettledTime {
  /** Epoch ms. While the wall clock is off by more than `toleratedMs`: the time before the jump, and what has passed since. */
  now(): number;
  /** By how much the wall clock has left the settled time, ms; undefined: they agree. */
  jump(): number | undefined;
  /** Whether the settled time went over this moment at once, when it followed a jump ahead: nobody could have acted at it. */
  wasSkipped(at: number): boolean;
}

interface SettledTimeOptions {
  /** A smaller step is followed at once. */
  readonly toleratedMs?: number;
  /** A new time that the clock keeps for this long is the right one. */
  readonly settlesAfterMs?: number;
  /** The wall clock has jumped by so many ms; `followed` once its new time counts. */
  readonly onJump?: (jump: { readonly byMs: number; readonly followed: boolean }) => void;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Somebody who keeps setting the clock must not make this grow. */
const mostSkipped = 16;

/** What is judged by the time of day (a window that has ended, somebody who has stayed too long) asks this at least every few seconds. */
export function createSettledTime(
  clock: Pick<Clock, 'now' | 'monotonic'>,
  { toleratedMs = 60_000, settlesAfterMs = 15 * 60_000, onJump }: SettledTimeOptions = {},
): SettledTime {
  let offset = clock.now() - clock.monotonic();
  /** The offset that the clock has now, and since when on the monotonic clock. */
  let candidate: { readonly offset: number; readonly since: number } | undefined;
  let skipped: readonly Span[] = [];

  function follow(next: number, monotonic: number): void {
    const [before, after] = [monotonic + offset, monotonic + next];
    skipped =
      after > before
        ? [...skipped, { from: before, to: after }].slice(-mostSkipped)
        : skipped.flatMap(({ from, to }) => (from >= after ? [] : { from, to: Math.min(to, after) }));
    offset = next;
    candidate = undefined;
  }

  function look(): number {
    const monotonic = clock.monotonic();
    const current = clock.now() - monotonic;
    const byMs = current - offset;
    if (Math.abs(byMs) <= toleratedMs) {
      offset = current;
      candidate = undefined;
    } else if (candidate === undefined || Math.abs(current - candidate.offset) > toleratedMs) {
      candidate = { offset: current, since: monotonic };
      onJump?.({ byMs, followed: false });
    } else if (monotonic - candidate.since >= settlesAfterMs) {
      follow(current, monotonic);
      onJump?.({ byMs, followed: true });
    }
    return monotonic + offset;
  }

  return {
    now: look,
    jump() {
      const now = look();
      return candidate === undefined ? undefined : clock.now() - now;
    },
    wasSkipped: (at) => skipped.some(({ from, to }) => at > from && at <= to),
  };
}
