import type { Logger } from 'pino';
import type { Clock } from '../../../core/clock.ts';
import type { Refused } from './client.ts';

/** Batches with and without a refused reading alternate, several times a second: only a long while without one is an end. */
const quietMs = 600_000;
/** Reasons differ in the names of points; more kinds than this say nothing new. */
const mostReasons = 20;

/** Logs each reason for which the server refuses readings once, and that it takes all again after ten minutes without a refusal. */
interface RefusalLog {
  note(refused: Refused): void;
  /** Since the start. */
  inAll(): number;
}

export function createRefusalLog({
  log,
  clock,
}: {
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}): RefusalLog {
  const logged = new Set<string>();
  let inAll = 0;
  let lastAt: number | undefined;
  return {
    inAll: () => inAll,
    note({ count, reason }) {
      inAll += count;
      if (count > 0 && reason !== undefined) {
        lastAt = clock.monotonic();
        // Without the numbers and names in it.
        const kind = reason.replace(/[\d']+/g, '').slice(0, 100);
        if (logged.has(kind) || logged.size >= mostReasons) return;
        logged.add(kind);
        log.warn({ refused: count, inAll, reason }, 'InfluxDB refused readings');
      } else if (lastAt !== undefined && clock.monotonic() - lastAt >= quietMs) {
        lastAt = undefined;
        logged.clear();
        log.info({ inAll }, 'InfluxDB takes all readings again');
      }
    },
  };
}
