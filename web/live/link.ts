import type { Beat } from '../../server/contracts/live.ts';

/** What the page knows of its connection; pure, so that the three seconds are tested in none. */
export interface LinkState {
  readonly phase: 'connecting' | 'live' | 'lost';
  /** Client clock at the last beat, or at the start; ms. */
  readonly heardAt: number;
  /** Server clock at the last beat: the time of the last data. */
  readonly lastServerTime: number | null;
  /** What to add to the client's clock to get the server's, ms. */
  readonly offsetMs: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number } | null;
  /** Half of the last round trip, ms. */
  readonly networkMs: number;
}

/** Beats come every second; two missed ones are silence. Below 3 s, so that the picture has changed by then. */
export const lostAfterMs = 2_700;

export function startLink(now: number): LinkState {
  return {
    phase: 'connecting', heardAt: now, lastServerTime: null, offsetMs: 0, latencyMs: null, networkMs: 0,
  }; // prettier-ignore
}

export function onBeat(state: LinkState, beat: Beat, now: number): LinkState {
  return {
    ...state,
    phase: 'live',
    heardAt: now,
    lastServerTime: beat.serverTime,
    offsetMs: nextOffset(state, beat.serverTime - now),
    latencyMs: beat.latency,
  };
}

export function onTime(state: LinkState, now: number): LinkState {
  const lost = now - state.heardAt > lostAfterMs;
  return lost && state.phase !== 'lost' ? { ...state, phase: 'lost' } : state;
}

export function onRoundTrip(state: LinkState, roundTripMs: number): LinkState {
  return { ...state, networkMs: roundTripMs / 2 };
}

/** Delay only makes the difference smaller, so the largest is the truest; a jump means that a clock was set. */
function nextOffset(state: LinkState, seen: number): number {
  if (state.lastServerTime === null || Math.abs(seen - state.offsetMs) > 1_000) return seen;
  return Math.max(seen, state.offsetMs - 1);
}
