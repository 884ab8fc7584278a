import type { Clock } from '../../core/clock.ts';
import type { Backlog } from '../spool/backlog.ts';
import type { Link } from './link.ts';
import type { LiveLane } from './live.ts';
import type { Messenger } from './messenger.ts';
import type { Sequence } from './sequence.ts';
import { settle } from './settle.ts';

const restMs = 500;
const yieldMs = 20;
/** More live messages under way than this: the server is busy, and they go first. */
const livePatience = 1;

/** Delivers the backlog in the order of time, one batch at a time, for half of the time at most. Ends with the signal. */
export async function deliverLate(
  options: {
    readonly clock: Clock;
    readonly link: Link;
    readonly live: LiveLane;
    readonly messenger: Messenger;
    readonly backlog: Backlog;
    readonly sequence: Sequence;
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, link, live, messenger, backlog, sequence } = options;
  const rest = (ms: number): Promise<void> => clock.until(clock.now() + ms, signal);
  while (!signal.aborted) {
    if (!link.up || live.underWay() > livePatience) {
      await rest(yieldMs);
      continue;
    }
    const batch = backlog.next(live.spooled());
    if (batch === undefined) {
      await rest(restMs);
      continue;
    }
    const { id, readings } = batch;
    const name = batch.name ?? sequence.next();
    if (batch.name === undefined) backlog.name(id, name);
    const begun = clock.now();
    const outcome = await messenger.send({ name, readings, live: false });
    settle(outcome, { id, name, size: readings.length }, options);
    await rest(Math.max(yieldMs, clock.now() - begun));
  }
}
