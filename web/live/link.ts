import type { Beat } from '../../server/contracts/live.ts';

/** What the page knows of its connection; pure, so that tests need not wait for it. */
export interface LinkState {
  readonly phase: 'connecting' | 'live' | 'lost';
  /** Client clock when anything was last received (heartbeat or values), or at the start; ms. */
  readonly heardAt: number;
  /** Whether a heartbeat with the server's clock has arrived yet. */
  readonly clockKnown: boolean;
  /** Server clock at the last message: the time of the last data. */
  readonly lastServerTime: number | null;
  /** What to add to the client's clock to get the server's, ms. */
  readonly offsetMs: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number } | null;
  /** Half of the last round trip, ms. */
  readonly networkMs: number;
}

/** Beats come every second; two missed ones are silence. Half a second below 3 s, so that the picture has changed by then also on a busy screen. */
const lostAfterMs = 2_500;

export function startLink(now: number): LinkState {
  return {
    phase: 'connecting', heardAt: now, clockKnown: false, lastServerTime: null, offsetMs: 0, latencyMs: null, networkMs: 0,
  }; // prettier-ignore
}

export function onBeat(state: LinkState, beat: Beat, now: number): LinkState {
  return {
    ...state,
    phase: 'live',
    heardAt: now,
    clockKnown: true,
    lastServerTime: beat.serverTime,
    offsetMs: nextOffset(state, beat.serverTime - now),
    latencyMs: beat.latency,
  };
}

/** Values came: a sign of life as good as a beat, which a server under load may leave out. */
export function onValues(state: LinkState, now: number): LinkState {
  return { ...state, phase: 'live', heardAt: now, lastServerTime: now + state.offsetMs };
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
  if (!state.clockKnown || Math.abs(seen - state.offsetMs) > 1_000) return seen;
  return Math.max(seen, state.offsetMs - 1);
}
