import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { repeat } from '../../core/repeat.ts';
import { reasonOf } from './failure.ts';

const everyMs = 60_000;
const patienceMs = 10_000;

export interface Heartbeat {
  /** Since the outside address last took one, or since the start; 0 where there is none to take it. */
  ageMs(): number;
  /** Why the last one was not taken, or not sent; undefined when all is well or there is no address. */
  problem(): string | undefined;
  close(): Promise<void>;
}

/**
 * Tells an outside address every minute that this server pages people: a watcher there that misses a few of them raises its own alarm. It is
 * held back while the trial alarm does not get through, because a server that cannot page is as good as a dead one.
 */
export function startHeartbeat(options: {
  readonly url: string | undefined;
  /** Why nobody would be paged now. */
  readonly unwell: () => string | undefined;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}): Heartbeat {
  const { url, unwell, clock, log } = options;
  let takenAt = clock.monotonic();
  let problem: string | undefined;

  async function beat(to: string, closing: AbortSignal): Promise<void> {
    const why = unwell();
    if (why !== undefined) {
      problem = `held back: ${why}`;
      return;
    }
    const before = problem;
    try {
      const signal = AbortSignal.any([closing, AbortSignal.timeout(patienceMs)]);
      const response = await fetch(to, { signal });
      await response.body?.cancel().catch(() => undefined);
      problem = response.ok ? undefined : `HTTP ${response.status}`;
    } catch (error) {
      problem = reasonOf(error);
    }
    if (problem === undefined) takenAt = clock.monotonic();
    if (before === undefined && problem !== undefined)
      log.warn({ why: problem }, 'the outside address does not take heartbeats');
    if (before !== undefined && problem === undefined) log.info('the outside address takes heartbeats again');
  }

  const beating =
    url === undefined
      ? undefined
      : repeat(clock, { everyMs, firstAfterMs: 0 }, (closing) => beat(url, closing));

  return {
    ageMs: () => (url === undefined ? 0 : clock.monotonic() - takenAt),
    problem: () => problem,
    close: async () => beating?.close(),
  };
}
