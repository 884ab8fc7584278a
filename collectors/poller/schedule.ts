/** When a device is asked: arithmetic on monotonic ms only, without a clock. */

/** 32-bit FNV-1a: the same number for the same text on every machine and at every start. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The whole estate is asked once within this time of the start; then each device keeps its own place in the interval. */
const firstRoundMs = 2_000;

/** First poll: soon, but spread, so that a start does not ask every device in the same instant. */
export function firstDue(startMs: number, intervalMs: number, hash: number): number {
  return startMs + (hash % Math.min(intervalMs, firstRoundMs));
}

/** The first slot of the device's grid (phase = hash mod interval) after `time`. */
export function slotAfter(time: number, intervalMs: number, hash: number): number {
  const phase = hash % intervalMs;
  return (Math.floor((time - phase) / intervalMs) + 1) * intervalMs + phase;
}

export interface Next {
  readonly due: number;
  /** Slots that passed while the last poll was still running. */
  readonly skipped: number;
}

/** Next slot after a poll that was due at `due` and ended `now`. Slots already past are skipped, never made up for. */
export function nextDue(due: number, now: number, intervalMs: number, hash: number): Next {
  // Half an interval of distance: from the first round onto the grid no device is asked twice at once.
  const planned = slotAfter(due + intervalMs / 2, intervalMs, hash);
  if (planned > now) return { due: planned, skipped: 0 };
  const next = slotAfter(now, intervalMs, hash);
  return { due: next, skipped: Math.round((next - planned) / intervalMs) };
}

/** Begun later than half an interval after it was due. */
export function isLate(due: number, now: number, intervalMs: number): boolean {
  return now - due > intervalMs / 2;
}

/** How long one poll may take. */
export function deadlineMs(intervalMs: number): number {
  return Math.max(1_000, Math.min(intervalMs, 5_000));
}
