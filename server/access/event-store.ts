import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { EventQueue, EventQueueState } from '../../core/event-queue.ts';
import { admitEvent, type EventSink, type FieldEvent } from '../../core/field-event.ts';
import type { FieldEventRepository } from './field-events.ts';
import type { Controllers, Judged } from './controllers/controllers.ts';
import type { ControllerRepository } from './controllers/repository.ts';

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
  /** Once a second: reports the numbers of controllers that have not arrived. */
  tick(): void;
  /** Resolves when what is being stored is stored; the rest stays in the queue. */
  close(): Promise<void>;
}

export interface EventStoreOptions {
  readonly repository: Pick<FieldEventRepository, 'add'>;
  readonly queue: EventQueue;
  /** Finds gaps in the numbering of controllers; absent: nobody looks. */
  readonly controllers?: {
    readonly known: Controllers;
    readonly repository: Pick<ControllerRepository, 'save'>;
  };
  readonly clock: Clock;
  readonly log: Logger;
  /** New and durable, in the order of their arrival. An exception is the consumer's, not ours. */
  readonly onStored: EventSink;
}

const eventsAtOnce = 500;
const firstRetryMs = 500;
const longestRetryMs = 10_000;

export function createEventStore(options: EventStoreOptions): EventStore {
  const { repository, queue, controllers, clock, log, onStored } = options;
  const closing = new AbortController();
  let stored = 0;
  let repeated = 0;
  let draining: Promise<void> | undefined;
  let isDrainWanted = false;
  let reporting = false;
  /** One after the other: what a controller's numbers mean depends on what came before. */
  let last: Promise<unknown> = Promise.resolve();
  let failing = false;

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  /** With what it means for the controllers, in one transaction. */
  async function write(
    events: readonly FieldEvent[],
    judge: (added: readonly FieldEvent[], now: number) => Judged | undefined,
  ): Promise<number> {
    const now = clock.now();
    const admitted = events.map((event) => admitEvent(event, now));
    const outcome: { judged?: Judged | undefined; isNew: number } = { isNew: 0 };
    const added = await repository.add(admitted, now, (fresh) => {
      const judged = judge(fresh, now);
      outcome.isNew = fresh.length;
      outcome.judged = judged;
      return {
        found: judged?.found ?? [],
        write: async (trx) => controllers?.repository.save(judged?.changed ?? [], trx),
      };
    });
    outcome.judged?.commit();
    stored += outcome.isNew;
    if (added.length > 0) onStored(added);
    return outcome.isNew;
  }

  async function store(events: readonly FieldEvent[]) {
    const added = await inTurn(() => write(events, (fresh, now) => controllers?.known.judge(fresh, now)));
    repeated += events.length - added;
    return { added, repeated: events.length - added };
  }

  /** Tried again at the next tick when the database takes nothing. */
  async function reportMissing({ known }: NonNullable<typeof controllers>): Promise<void> {
    reporting = true;
    try {
      await inTurn(async () => {
        if (known.overdue(clock.now(), clock.monotonic()).changed.length === 0) return;
        await write([], (_none, now) => known.overdue(now, clock.monotonic()));
      });
    } catch (error) {
      log.warn({ err: error }, 'missing events of a controller cannot be reported; tried again');
    } finally {
      reporting = false;
    }
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
    tick() {
      if (controllers !== undefined && !reporting) void reportMissing(controllers);
    },
    state: () => ({ ...queue.state(), stored, repeated, failing }),
    async close() {
      closing.abort();
      await draining;
      await last;
      queue.close();
    },
  };
}
