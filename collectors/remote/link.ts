import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Outcome } from './client.ts';

/** Whether the server takes readings, and when to try again. Logs when that changes. */
export interface Link {
  readonly up: boolean;
  /** While down: time for the next attempt. */
  due(): boolean;
  record(outcome: Outcome): void;
}

const firstRetryMs = 1_000;
const longestRetryMs = 10_000;
/** When a token or an address has to be corrected first. */
const mendingMs = 30_000;

/** @param random 0 ≤ random() < 1: collectors that lost the server at the same moment must not all come back at the same moment. */
export function createLink(options: {
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}): Link {
  const { clock, log, random } = options;
  let up = false;
  let failures = 0;
  let why: string | undefined;
  let nextAt = -Infinity;

  function fail(outcome: Extract<Outcome, { kind: 'retry' | 'forbidden' | 'wrong-place' }>): void {
    failures += 1;
    const doubled = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
    const wait = outcome.kind === 'retry' ? Math.max(doubled, outcome.afterMs ?? 0) : mendingMs;
    nextAt = clock.monotonic() + wait * (0.8 + 0.4 * random());
    if (up || why !== outcome.why)
      log.warn({ why: outcome.why }, 'the server does not take readings; they are kept');
    why = outcome.why;
    up = false;
  }

  return {
    get up() {
      return up;
    },
    due: () => clock.monotonic() >= nextAt,
    record(outcome) {
      if (outcome.kind === 'retry' || outcome.kind === 'forbidden' || outcome.kind === 'wrong-place') {
        fail(outcome);
        return;
      }
      if (!up) log.info('the server takes readings');
      up = true;
      failures = 0;
      why = undefined;
    },
  };
}
