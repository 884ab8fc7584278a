import type { Buffer } from '../../core/buffer.ts';
import type { Clock } from '../../core/clock.ts';
import type { Link } from './link.ts';
import type { LiveLane } from './live.ts';
import type { Messenger } from './messenger.ts';
import type { Sequence } from './sequence.ts';
import { settle } from './settle.ts';

const idleMs = 500;
const yieldMs = 20;
/** With more live messages under way the server is busy, and they go first. */
const maxLiveUnderWay = 1;

/**
 * Delivers what waits in the buffer, oldest first, one batch at a time and for half of the time at most: live readings keep
 * their share of the server. Ends with the signal.
 */
export async function deliverLate(
  options: {
    readonly clock: Clock;
    readonly link: Link;
    readonly live: LiveLane;
    readonly messenger: Messenger;
    readonly buffer: Buffer;
    readonly sequence: Sequence;
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, link, live, messenger, buffer, sequence } = options;
  const rest = (ms: number): Promise<void> => clock.sleep(ms, signal);
  while (!signal.aborted) {
    if (!link.up || live.underWay() > maxLiveUnderWay) {
      await rest(yieldMs);
      continue;
    }
    const batch = buffer.next();
    if (batch === undefined) {
      await rest(idleMs);
      continue;
    }
    const { id, readings } = batch;
    const name = batch.name ?? sequence.next();
    if (batch.name === undefined) buffer.name(id, name);
    const begun = clock.monotonic();
    const outcome = await messenger.send({ name, readings, live: false });
    settle(outcome, { id, name, size: readings.length }, options);
    await rest(Math.max(yieldMs, clock.monotonic() - begun));
  }
}
