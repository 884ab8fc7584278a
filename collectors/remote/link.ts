import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Outcome } from './client.ts';
import type { BatchName } from '../../core/buffer.ts';

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

/** How far this machine's clock is from the server's, calculated from the times of requests and answers, as NTP does. */
export interface SkewMeter {
  add(times: {
    readonly sentAt: number;
    readonly receivedAt: number;
    readonly answeredAt: number;
    readonly heardAt: number;
  }): void;
  /** Our clock minus the server's, and the round trip of the sample it was taken from, ms; undefined before the first. */
  figures(): { readonly skewMs: number; readonly roundTripMs: number } | undefined;
}

const samples = 8;

/** The quickest of the latest answers counts: a delay in one direction would be taken for skew. */
export function createSkewMeter(): SkewMeter {
  let latest: { readonly skewMs: number; readonly roundTripMs: number }[] = [];
  return {
    add({ sentAt, receivedAt, answeredAt, heardAt }) {
      const roundTripMs = Math.max(0, heardAt - sentAt - (answeredAt - receivedAt));
      const skewMs = (sentAt - receivedAt + (heardAt - answeredAt)) / 2;
      latest = [...latest, { skewMs, roundTripMs }].slice(-samples);
    },
    figures: () => latest.toSorted((a, b) => a.roundTripMs - b.roundTripMs)[0],
  };
}

/**
 * Names for the batches of one run of the process. A run's id is random and never used again, so a copied or restored spool cannot
 * give the same name to two batches, and no counter has to be saved.
 */
export interface Sequence {
  next(): BatchName;
  /** The batch was answered or given up: it will not be sent again. */
  settle(name: BatchName): void;
  /** No batch of the same run with a lower number will be sent again. 1 for another run, of which nothing is known. */
  settledOf(name: BatchName): number;
}

export function createSequence(run: string): Sequence {
  let last = 0;
  const open = new Set<number>();
  return {
    next() {
      last += 1;
      open.add(last);
      return { run, sequence: last };
    },
    settle(name) {
      if (name.run === run) open.delete(name.sequence);
    },
    settledOf: (name) => (name.run === run ? Math.min(...open, last + 1) : 1),
  };
}
