import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { AlarmRecord, JournalRow, OccurrenceRow, StateRow } from '../alarms/journal.ts';
import type { AlarmBatch } from '../alarms/repository.ts';
import type { NotificationRow, PagePlanRow } from '../notify/record.ts';
import {
  eventRow,
  occurrenceId,
  type EventRow,
  type IncidentRecord,
  type LinkRow,
  type TimelineEvent,
} from './record.ts';

/** What one transaction writes: alarms, incidents, links and timeline together. */
export interface Batch extends AlarmBatch {
  readonly incidents: ReadonlyMap<string, IncidentRecord>;
  readonly links: ReadonlyMap<string, LinkRow>;
  readonly events: readonly EventRow[];
  readonly notifications: ReadonlyMap<string, NotificationRow>;
  readonly plans: ReadonlyMap<string, PagePlanRow>;
}

export interface IncidentWriter {
  alarm(record: AlarmRecord): void;
  /** `matters`: not durable until it is written; false for a worst value, which is written and announced when it suits. */
  incident(record: IncidentRecord, matters: boolean): void;
  link(row: LinkRow): void;
  event(incident: string, event: TimelineEvent): void;
  /** What is sent to whom goes into the transaction of the change that causes it. */
  notification(row: NotificationRow): void;
  plan(row: PagePlanRow): void;
  /** Starts to write without waiting: all that one batch of readings caused makes one transaction. */
  flushSoon(): void;
  /** Resolves once all that was put is durable; rejects when the attempt fails (it is retried). */
  flush(): Promise<void>;
  /** What is not written yet, newest rows. */
  pending(): Batch;
  isDurable(incident: string): boolean;
  /** By `rule@point`. */
  isAlarmDurable(alarm: string): boolean;
  isNotificationDurable(id: string): boolean;
  /** An attempt has taken too long to wait for. */
  hangs(): boolean;
  /** Too much is waiting to accept further commands. */
  isFull(): boolean;
  problem(): string | undefined;
  /** Tries once more to write what waits. */
  close(): Promise<void>;
}

const retryAfterMs = 2_000;
/** After this, incidents are announced without waiting: the store hangs, and people must know. */
const patienceMs = 2_000;
/** Journal entries, and timeline entries, that wait at most: a store that stays away must not fill the memory. */
const maxWaiting = 100_000;

interface MutableBatch {
  readonly states: Map<string, StateRow>;
  readonly occurrences: Map<string, OccurrenceRow>;
  journal: JournalRow[];
  readonly incidents: Map<string, IncidentRecord>;
  readonly links: Map<string, LinkRow>;
  events: EventRow[];
  readonly notifications: Map<string, NotificationRow>;
  readonly plans: Map<string, PagePlanRow>;
  /** Incidents whose change is more than a worst value. */
  readonly matters: Set<string>;
}

/**
 * Writes in order, one transaction at a time; what arrives meanwhile makes the next one. An incident is announced when
 * the transaction that holds it is durable. When the store fails or hangs it is announced as not yet durable, so that a
 * broken disk does not hide a fire, and again once it is written; the batch is kept, merged with what came after, and
 * tried again.
 */
export function createWriter(options: {
  readonly write: (batch: Batch, details: { readonly again: boolean }) => Promise<void>;
  readonly announce: (record: IncidentRecord, durable: boolean) => void;
  /** After every attempt to write: what was decided may be sent. */
  readonly attempted: () => void;
  readonly lastEvent: number;
  readonly clock: Pick<Clock, 'after' | 'sleep'>;
  readonly log: Logger;
}): IncidentWriter {
  const { write, announce, attempted, clock, log } = options;
  const closing = new AbortController();
  let waiting = emptyBatch();
  let inFlight: MutableBatch | undefined;
  /** Incidents in `waiting` that were not announced yet, not even as not durable. */
  let unannounced = new Set<string>();
  let sequence = options.lastEvent;
  let dropped = 0;
  let failure: string | undefined;
  let hangs = false;
  let attempt: Promise<void> | undefined;
  let draining: Promise<void> | undefined;
  let isAnnouncing = false;

  async function writeOnce(): Promise<void> {
    const batch = waiting;
    const toAnnounce = unannounced;
    waiting = emptyBatch();
    unannounced = new Set();
    inFlight = batch;
    const stopWaiting = clock.after(patienceMs, () => {
      hangs = true;
      announceAll(batch, toAnnounce);
      announceWaiting();
      attempted();
    });
    try {
      await write(batch, { again: failure !== undefined });
      if (failure !== undefined) log.info('alarms and incidents are written again');
      failure = undefined;
      inFlight = undefined;
      for (const id of batch.incidents.keys()) announceFrom(batch, id, true);
    } catch (error) {
      waiting = merge(batch, waiting);
      inFlight = undefined;
      if (failure === undefined)
        log.error({ err: error }, 'alarms and incidents cannot be written, trying again');
      failure = error instanceof Error ? error.message : String(error);
      announceAll(batch, toAnnounce);
      announceWaiting();
      throw error;
    } finally {
      hangs = false;
      stopWaiting();
      attempted();
    }
  }

  /** Announces incidents that are not durable yet, once. */
  function announceAll(batch: MutableBatch, ids: Set<string>): void {
    const list = [...ids];
    ids.clear();
    for (const id of list) announceFrom(batch, id, false);
  }

  function announceWaiting(): void {
    announceAll(waiting, unannounced);
  }

  function announceFrom(batch: MutableBatch, id: string, durable: boolean): void {
    const record = batch.incidents.get(id);
    if (record === undefined) return;
    try {
      announce(record, durable);
    } catch (error) {
      // A failing listener must not prevent the write.
      log.error({ err: error, incident: id }, 'an incident could not be announced');
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
    while (!isEmpty(waiting)) {
      try {
        await attemptNow();
      } catch {
        if (closing.signal.aborted) return;
        await clock.sleep(retryAfterMs, closing.signal);
      }
    }
  }

  function flushSoon(): void {
    draining ??= drain().finally(() => {
      draining = undefined;
    });
    if ((!hangs && failure === undefined) || unannounced.size === 0 || isAnnouncing) return;
    isAnnouncing = true;
    queueMicrotask(() => {
      isAnnouncing = false;
      announceWaiting();
    });
  }

  /** Keeps the newest: a gap in the sequence shows what is missing. */
  function cap<Row>(rows: Row[]): Row[] {
    if (rows.length <= maxWaiting) return rows;
    dropped += rows.length - maxWaiting;
    return rows.slice(-maxWaiting);
  }

  return {
    alarm({ state, occurrence, journal }) {
      if (state !== undefined) waiting.states.set(state.alarm, state);
      if (occurrence !== undefined)
        waiting.occurrences.set(occurrenceId(occurrence.alarm, occurrence.number), occurrence);
      if (journal === undefined) return;
      waiting.journal.push(journal);
      waiting.journal = cap(waiting.journal);
    },
    incident(record, matters) {
      const { id } = record.incident;
      waiting.incidents.set(id, record);
      if (!matters) return;
      waiting.matters.add(id);
      unannounced.add(id);
    },
    link: (row) => void waiting.links.set(linkId(row), row),
    notification: (row) => void waiting.notifications.set(row.id, row),
    plan: (row) => void waiting.plans.set(row.incident, row),
    event(incident, event) {
      sequence += 1;
      waiting.events.push(eventRow(sequence, incident, event));
      waiting.events = cap(waiting.events);
      waiting.matters.add(incident);
    },
    flushSoon,
    async flush() {
      flushSoon();
      // An attempt under way may have taken its batch before we came; the one after it has ours.
      if (attempt !== undefined) await attempt;
      if (attempt !== undefined || !isEmpty(waiting)) await attemptNow();
    },
    pending: () => (inFlight === undefined ? waiting : merge(inFlight, waiting)),
    isDurable: (incident) => !waiting.matters.has(incident) && inFlight?.matters.has(incident) !== true,
    isAlarmDurable: (alarm) => !waiting.states.has(alarm) && inFlight?.states.has(alarm) !== true,
    isNotificationDurable: (id) => !waiting.notifications.has(id) && inFlight?.notifications.has(id) !== true,
    hangs: () => hangs,
    isFull: () => waiting.events.length >= maxWaiting,
    problem() {
      const lost = dropped === 0 ? undefined : `${dropped} entries of journal and timeline dropped`;
      const cannot = failure === undefined ? undefined : `cannot write: ${failure}`;
      const late = hangs && failure === undefined ? 'the store does not answer' : undefined;
      const parts = [cannot, late, lost].filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : parts.join('; ');
    },
    async close() {
      closing.abort();
      await draining;
      if (!isEmpty(waiting)) await attemptNow();
    },
  };
}

function emptyBatch(): MutableBatch {
  return {
    states: new Map(),
    occurrences: new Map(),
    journal: [],
    incidents: new Map(),
    links: new Map(),
    events: [],
    notifications: new Map(),
    plans: new Map(),
    matters: new Set(),
  };
}

function isEmpty(batch: MutableBatch): boolean {
  const { states, occurrences, journal, incidents, links, events, notifications, plans } = batch;
  return (
    states.size + occurrences.size + incidents.size + links.size === 0 &&
    notifications.size + plans.size === 0 &&
    journal.length === 0 &&
    events.length === 0
  );
}

/** Later rows replace earlier ones of the same key; lists follow each other. */
function merge(earlier: MutableBatch, later: MutableBatch): MutableBatch {
  return {
    states: new Map([...earlier.states, ...later.states]),
    occurrences: new Map([...earlier.occurrences, ...later.occurrences]),
    journal: [...earlier.journal, ...later.journal],
    incidents: new Map([...earlier.incidents, ...later.incidents]),
    links: new Map([...earlier.links, ...later.links]),
    events: [...earlier.events, ...later.events],
    notifications: new Map([...earlier.notifications, ...later.notifications]),
    plans: new Map([...earlier.plans, ...later.plans]),
    matters: new Set([...earlier.matters, ...later.matters]),
  };
}

function linkId({ incident, alarm, occurrence }: LinkRow): string {
  return `${incident} ${occurrenceId(alarm, occurrence)}`;
}
