import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { AlarmRow, EventRow, IncidentRecord } from './record.ts';

/** What one transaction writes. Rows of incidents and alarms replace those of the same id; events are added once. */
export interface Batch {
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  readonly alarms: ReadonlyMap<string, AlarmRow>;
  readonly events: readonly EventRow[];
}

export interface Outbox {
  incident(record: IncidentRecord): void;
  alarm(row: AlarmRow): void;
  event(row: EventRow): void;
  /** Begins to write soon, without waiting: all that one batch of readings caused makes one transaction. */
  kick(): void;
  /** Resolves once all that was put is durable; rejects when the attempt fails (it goes on being tried). */
  flush(): Promise<void>;
  problem(): string | undefined;
  /** Tries once more to write what waits. */
  close(): Promise<void>;
}

const retryAfterMs = 2_000;
/** Waiting timeline entries, at most; a store that stays away must not fill the memory. Rows come at the pace of the delays. */
const maxEvents = 50_000;

/**
 * Writes in order, one transaction at a time; what arrives meanwhile makes the next one. A failed batch is kept,
 * merged with what came after, and tried again. `announce` follows the first attempt, successful or not: people hear
 * of an incident after it is durable, but a broken disk does not hide a fire.
 */
export function createOutbox(options: {
  readonly write: (batch: Batch) => Promise<void>;
  readonly announce: (record: IncidentRecord) => void;
  readonly clock: Clock;
  readonly log: Logger;
}): Outbox {
  const { write, announce, clock, log } = options;
  const closing = new AbortController();
  let incidents = new Map<string, IncidentRecord>();
  let alarms = new Map<string, AlarmRow>();
  let events: EventRow[] = [];
  let unannounced = new Map<string, IncidentRecord>();
  let dropped = 0;
  let failure: string | undefined;
  let attempt: Promise<void> | undefined;
  let retrying: Promise<void> | undefined;

  const isEmpty = (): boolean => incidents.size === 0 && alarms.size === 0 && events.length === 0;

  function take(): Batch {
    const batch = { incidents, alarms, events };
    incidents = new Map();
    alarms = new Map();
    events = [];
    return batch;
  }

  function putBack(batch: Batch): void {
    incidents = new Map([...batch.incidents, ...incidents]);
    alarms = new Map([...batch.alarms, ...alarms]);
    events = [...batch.events, ...events];
  }

  async function writeOnce(): Promise<void> {
    const batch = take();
    try {
      await write(batch);
      if (failure !== undefined) log.info('incidents are written again');
      failure = undefined;
    } catch (error) {
      putBack(batch);
      if (failure === undefined) log.error({ err: error }, 'incidents cannot be written, trying again');
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      const records = unannounced;
      unannounced = new Map();
      for (const record of records.values()) announce(record);
    }
  }

  /** The attempt under way, or a new one; never two at once. */
  function attemptNow(): Promise<void> {
    attempt ??= Promise.resolve()
      .then(writeOnce)
      .finally(() => {
        attempt = undefined;
      });
    return attempt;
  }

  async function drain(): Promise<void> {
    while (!isEmpty()) {
      try {
        await attemptNow();
      } catch {
        if (closing.signal.aborted) return;
        await clock.until(clock.now() + retryAfterMs, closing.signal);
      }
    }
  }

  function kick(): void {
    retrying ??= drain().finally(() => {
      retrying = undefined;
    });
  }

  async function flush(): Promise<void> {
    kick();
    // An attempt under way may have taken its batch before we came; the one after it has ours.
    if (attempt !== undefined) await attempt;
    if (attempt !== undefined || !isEmpty()) await attemptNow();
  }

  return {
    incident(record) {
      incidents.set(record.incident.id, record);
      unannounced.set(record.incident.id, record);
    },
    alarm: (row) => {
      alarms.set(row.id, row);
    },
    event(row) {
      if (events.length < maxEvents) events.push(row);
      else dropped += 1;
    },
    kick,
    flush,
    problem() {
      const lost = dropped === 0 ? undefined : `${dropped} timeline entries dropped`;
      const waiting = failure === undefined ? undefined : `cannot write: ${failure}`;
      return waiting === undefined && lost === undefined
        ? undefined
        : [waiting, lost].filter((part) => part !== undefined).join('; ');
    },
    async close() {
      closing.abort();
      await retrying;
      if (!isEmpty()) await attemptNow();
    },
  };
}
