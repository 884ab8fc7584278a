/** Whether a device is there. Pure: results in, state and edges out. */
export interface Presence {
  readonly state: 'unknown' | 'ok' | 'lost';
  /** Consecutive polls without an answer. */
  readonly failures: number;
}

export type Edge = 'lost' | 'recovered' | 'found';

export const unknownPresence: Presence = { state: 'unknown', failures: 0 };

/** One datagram may be lost and one gateway slow: three polls in a row are not chance. */
const failuresToLost = 3;
const capMs = 30_000;

export function afterAnswer({ state }: Presence): { presence: Presence; edge: Edge | undefined } {
  const edge = state === 'ok' ? undefined : state === 'lost' ? 'recovered' : 'found';
  return { presence: { state: 'ok', failures: 0 }, edge };
}

export function afterFailure({ state, failures }: Presence): { presence: Presence; edge: Edge | undefined } {
  const lost = failures + 1 >= failuresToLost;
  const presence: Presence = { state: lost ? 'lost' : state, failures: failures + 1 };
  return { presence, edge: lost && state !== 'lost' ? 'lost' : undefined };
}

/**
 * How long to wait after a failure, ms. Until it is lost a device keeps its interval, so that a loss is known soon; then
 * the wait doubles up to 30 s (or the interval, if longer) with ±20 % jitter: devices that fell together do not rise together.
 * @param random 0 ≤ random < 1
 */
export function backoffMs(intervalMs: number, failures: number, random: number): number {
  if (failures < failuresToLost) return intervalMs;
  const doubled = intervalMs * 2 ** Math.min(failures - failuresToLost + 1, 16);
  return Math.round(Math.min(doubled, Math.max(capMs, intervalMs)) * (0.8 + 0.4 * random));
}
