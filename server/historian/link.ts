import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';

/** Whether the store takes readings, and when to try again. Logs when that changes, not every attempt. */
export interface StoreLink {
  up(): boolean;
  /** While it is down: time for the next attempt. */
  due(): boolean;
  /** Until then; 0 when it is due or the store is up. */
  waitMs(): number;
  succeeded(): void;
  failed(error: unknown): void;
  /** Since when it has been down (epoch ms), and why. */
  failure(): { readonly since: number; readonly reason: string } | undefined;
}

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

export function createStoreLink(options: {
  readonly clock: Clock;
  readonly log: Logger;
  /** Where readings wait meanwhile, for the log: "in memory". */
  readonly where: string;
  readonly longestRetryMs?: number;
}): StoreLink {
  const { clock, log, where } = options;
  const longest = options.longestRetryMs ?? longestRetryMs;
  let failures = 0;
  let nextAt = -Infinity;
  let failure: { readonly since: number; readonly reason: string } | undefined;

  return {
    up: () => failure === undefined,
    due: () => clock.monotonic() >= nextAt,
    waitMs: () => (failure === undefined ? 0 : Math.max(0, nextAt - clock.monotonic())),
    succeeded() {
      if (failure !== undefined) log.info('historian: writing again');
      failure = undefined;
      failures = 0;
    },
    failed(error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (failure === undefined) log.error({ reason }, `historian: not writing, readings wait ${where}`);
      failure = { since: failure?.since ?? clock.now(), reason };
      failures += 1;
      nextAt = clock.monotonic() + Math.min(firstRetryMs * 2 ** (failures - 1), longest);
    },
    failure: () => failure,
  };
}
