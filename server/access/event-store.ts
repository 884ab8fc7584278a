import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { EventQueue, EventQueueState } from '../../core/event-queue.ts';
import { admitEvent, type EventSink, type FieldEvent } from '../../core/field-event.ts';
import type { FieldEventRepository } from './field-events.ts';

/** Stores field events once each, then passes on those that are new. */
export interface EventStore {
  /** From this process's own collectors: kept in the queue until the database has them. */
  readonly sink: EventSink;
  /** From elsewhere; the sender keeps them until this resolves. Rejects while the database takes nothing. */
  store(events: readonly FieldEvent[]): Promise<{ readonly added: number; readonly repeated: number }>;
  state(): EventQueueState & {
    readonly stored: number;
    readonly repeated: number;
    /** The database takes nothing at the moment. */
    readonly failing: boolean;
  };
  /** Resolves when what is being stored is stored; the rest stays in the queue. */
  close(): Promise<void>;
}

export interface EventStoreOptions {
  readonly repository: Pick<FieldEventRepository, 'add'>;
  readonly queue: EventQueue;
  readonly clock: Clock;
  readonly log: Logger;
  /** New and durable, in the order of their arrival. An exception is the consumer's, not ours. */
  readonly onStored: EventSink;
}

const eventsAtOnce = 500;
const firstRetryMs = 500;
const longestRetryMs = 10_000;

export function createEventStore(options: EventStoreOptions): EventStore {
  const { repository, queue, clock, log, onStored } = options;
  const closing = new AbortController();
  let stored = 0;
  let repeated = 0;
  let draining: Promise<void> | undefined;
  let isDrainWanted = false;
  let failing = false;

  async function store(events: readonly FieldEvent[]) {
    const now = clock.now();
    const admitted = events.map((event) => admitEvent(event, now));
    const added = await repository.add(admitted, now);
    stored += added.length;
    repeated += events.length - added.length;
    if (added.length > 0) onStored(added);
    return { added: added.length, repeated: events.length - added.length };
  }

  /** Until the queue is empty; one at a time. */
  async function drain(): Promise<void> {
    let waitMs = firstRetryMs;
    const pause = (): Promise<void> => clock.sleep(waitMs, closing.signal);
    while (!closing.signal.aborted) {
      const events = queue.oldest(eventsAtOnce);
      if (events.length === 0) return;
      try {
        await store(events);
        // One that cannot be removed would be stored again, without effect, as fast as the database goes.
        if (!queue.remove(events.map(({ id }) => id))) await pause();
        if (failing) log.info({}, 'field events are stored again');
        failing = false;
        waitMs = firstRetryMs;
      } catch (error) {
        if (!failing)
          log.error({ err: error }, 'field events cannot be stored; they are kept and tried again');
        failing = true;
        await pause();
        waitMs = Math.min(waitMs * 2, longestRetryMs);
      }
    }
  }

  function drainSoon(): void {
    if (draining !== undefined) {
      isDrainWanted = true;
      return;
    }
    isDrainWanted = false;
    draining = drain().finally(() => {
      draining = undefined;
      // What was put after the last look into the queue.
      if (isDrainWanted && !closing.signal.aborted) drainSoon();
    });
  }

  drainSoon();
  return {
    sink(events) {
      queue.put(events);
      drainSoon();
    },
    store,
    state: () => ({ ...queue.state(), stored, repeated, failing }),
    async close() {
      closing.abort();
      await draining;
      queue.close();
    },
  };
}
