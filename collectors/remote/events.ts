import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { EventQueue } from '../../core/event-queue.ts';
import type { IngestClient, Outcome } from './client.ts';
import type { Link } from './link.ts';
import { maxBatchEvents } from './wire.ts';

const idleMs = 500;
/** While the server takes messages but no events: it is older than this collector, or refuses what it should take. */
const refusedMs = 30_000;

/**
 * Delivers field events beside the readings, oldest first, one message at a time. An event leaves the queue when the server has answered
 * for it; one that is sent twice is stored once, since its id identifies it. Resolves when the signal aborts.
 */
export async function deliverEvents(
  parts: {
    readonly clock: Clock;
    readonly client: IngestClient;
    readonly link: Pick<Link, 'up' | 'record'>;
    readonly queue: EventQueue;
    readonly log: Logger;
  },
  { ending, cutting }: { readonly ending: AbortSignal; readonly cutting: AbortSignal },
): Promise<void> {
  const { clock, client, link, queue, log } = parts;
  let size = maxBatchEvents;
  let problem: string | undefined;

  function trouble(why: string | undefined): void {
    if (why !== undefined && why !== problem)
      log.error({ why }, 'the server does not take field events; they are kept and sent again');
    problem = why;
  }

  /** How long to wait before the next message. */
  function learn(outcome: Outcome): number {
    if (outcome.kind === 'too-large' && size > 1) {
      size = Math.ceil(size / 2);
      return 0;
    }
    if (outcome.kind === 'done' && outcome.answer.events) {
      const { stored, refused } = outcome.answer.events;
      for (const { id, reason } of refused) queue.setAside([id], reason);
      const removed = queue.remove(stored);
      trouble(undefined);
      return removed ? 0 : idleMs;
    }
    if (outcome.kind === 'done') trouble('it answers as one that knows no events: update it');
    else if (outcome.kind === 'refused' || outcome.kind === 'too-large') trouble(outcome.why);
    else return idleMs;
    return refusedMs;
  }

  while (!ending.aborted) {
    const events = link.up ? queue.oldest(size) : [];
    if (events.length === 0) {
      await clock.sleep(idleMs, ending);
      continue;
    }
    const outcome = await client.post({ sentAt: clock.now(), events: [...events] }, cutting);
    link.record(outcome);
    const waitMs = learn(outcome);
    if (waitMs > 0) await clock.sleep(waitMs, ending);
  }
}
