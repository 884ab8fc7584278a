import type { Logger } from 'pino';
import type { Channel, PersonEntry } from '../../config/schema/people.ts';
import type { Clock } from '../../core/clock.ts';
import { GiveUp, NoAddress, TryLater, type ChannelDriver, type Message } from './channel.ts';
import type { Sendable } from './record.ts';

export interface Sender {
  /** Looks for what is due now; call after something was decided. */
  kick(): void;
  /** Channels whose latest message failed; empty when all is well. */
  failing(): ReadonlyMap<Channel, Failing>;
  close(): Promise<void>;
}

export interface Failing {
  readonly why: string;
  /** On the monotonic clock. */
  readonly since: number;
}

/** Attempts are this far apart, doubled each time. */
const firstRetryMs = 5_000;
const longestRetryMs = 300_000;
/** What could not be handed over by then helps nobody any more. */
const giveUpAfterMs = 86_400_000;
/** One message a minute a person and channel; what comes meanwhile is folded into the next one, unless it is more urgent or a new danger to life. */
const betweenMs = 60_000;
const sendTimeoutMs = 30_000;

/** What waits to be sent, wherever it was decided. */
export interface Outbox<Row extends Sendable> {
  /** In the order in which it was decided. */
  waiting(): readonly Row[];
  find(id: string): Row | undefined;
  /** Replaces a row after an attempt. */
  update(row: Row, at: number): void;
}

interface Batch<Row> {
  readonly person: PersonEntry;
  readonly channel: Channel;
  readonly rows: readonly Row[];
}

/**
 * Hands waiting notifications to their channels, each person and channel for itself: a poisoned row, a hanging server or a dead address
 * holds up nobody else. Before a message is handed over, its rows are written with its key; once the channel accepted it they are marked as
 * sent. A process killed between the two sends the same message again, with the same key: never the same page in another message.
 */
export function createSender<Row extends Sendable>(options: {
  readonly outbox: Outbox<Row>;
  readonly persons: { get(person: string): PersonEntry | undefined };
  readonly channels: ReadonlyMap<Channel, ChannelDriver>;
  /** One message for several notifications; undefined when none of them says anything any more. */
  readonly compose: (person: PersonEntry, rows: readonly Row[]) => Message | undefined;
  /** Resolves once what was put is in the store, or the store is late. */
  readonly written: () => Promise<void>;
  /** Nothing is sent that is not written yet, unless the store fails. */
  readonly isReady: (row: Row) => boolean;
  /** The smaller the more urgent. */
  readonly urgencyOf: (row: Row) => number;
  /** Not held back although a message went to the same person a moment ago: the first page of a fire, however many rooms are struck, and what is pressing. */
  readonly waitsForNothing: (row: Row) => boolean;
  /** A channel took a message that nothing held back and that was not tried before. */
  readonly handedOver: (rows: readonly Row[]) => void;
  /** Starts to write what attempts led to. */
  readonly save: () => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}): Sender {
  const {
    outbox,
    persons,
    channels,
    compose,
    written,
    isReady,
    urgencyOf,
    waitsForNothing,
    handedOver,
    save,
    clock,
    random,
    log,
  } = options;
  const closing = new AbortController();
  /** On the monotonic clock: when a row may be tried again. */
  const due = new Map<string, number>();
  const busy = new Map<string, Promise<void>>();
  /** By person and channel: when the last message went out, and how urgent it was. */
  const last = new Map<string, { readonly at: number; readonly urgency: number }>();
  const failing = new Map<Channel, Failing>();
  /** Refused together with others: each is sent by itself, so that one that cannot be sent stops none. */
  const alone = new Set<string>();
  /** Waited to be folded into one message with others. */
  const held = new Set<string>();
  /** On the monotonic clock: when a row was first seen. */
  const seenAt = new Map<string, number>();
  let stop: (() => void) | undefined;

  function look(): void {
    if (closing.signal.aborted) return;
    const batches = new Map<string, Row[]>();
    for (const row of outbox.waiting()) {
      if (!isReady(row)) continue;
      const key = `${row.person} ${row.channel}`;
      const batch = batches.get(key);
      if (batch === undefined) batches.set(key, [row]);
      else batch.push(row);
      if (!seenAt.has(row.id)) seenAt.set(row.id, clock.monotonic());
    }
    for (const [key, rows] of batches) if (!busy.has(key)) start(key, rows);
    schedule();
  }

  function start(key: string, rows: readonly Row[]): void {
    const now = clock.monotonic();
    const waiting = rows.filter(({ id }) => (due.get(id) ?? 0) <= now);
    const single = waiting.find(({ id }) => alone.has(id));
    // What may have arrived comes first, and as it was.
    const begun = waiting.find(({ message }) => message !== null);
    const ready =
      begun !== undefined
        ? waiting.filter(({ message }) => message === begun.message)
        : single === undefined
          ? waiting
          : [single];
    const [first] = ready;
    if (first === undefined) return;
    const urgency = Math.min(...ready.map(urgencyOf));
    const before = last.get(key);
    if (
      before !== undefined &&
      now - before.at < betweenMs &&
      urgency >= before.urgency &&
      !ready.some(waitsForNothing) &&
      single === undefined &&
      begun === undefined
    ) {
      for (const { id } of ready) held.add(id);
      return;
    }
    const person = persons.get(first.person);
    if (person === undefined) {
      for (const row of ready) end(row, 'failed', 'the person is no longer in people.yaml');
      save();
      return;
    }
    const work = send({ person, channel: first.channel, rows: ready }, () => {
      last.set(key, { at: clock.monotonic(), urgency });
    }).finally(() => {
      busy.delete(key);
      kick();
    });
    busy.set(key, work);
  }

  async function send({ person, channel, rows: taken }: Batch<Row>, sent: () => void): Promise<void> {
    const driver = channels.get(channel);
    if (driver === undefined) {
      for (const row of taken) end(row, 'failed', `${channel} is not set up`);
      failed(channel, 'not set up');
      save();
      return;
    }
    const first = compose(person, taken);
    if (first === undefined) {
      for (const row of taken) end(row, 'cancelled', 'nothing to tell any more');
      save();
      return;
    }
    for (const row of taken) if (row.message !== first.key) update(row, { message: first.key, thread: first.thread });
    save();
    await written();
    // An acknowledgement may have cancelled some of them meanwhile.
    const rows = taken.flatMap(({ id }) => outbox.find(id) ?? []).filter(({ state }) => state === 'waiting');
    const message = rows.length === 0 ? undefined : compose(person, rows);
    if (message === undefined || closing.signal.aborted) return;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(sendTimeoutMs)]);
    try {
      const answer = await driver.send(person, message, signal);
      failing.delete(channel);
      const prompt = rows.filter((row) => row.attempts === 0 && !held.has(row.id));
      for (const row of rows) end(row, 'sent', answer);
      if (prompt.length > 0) handedOver(prompt);
      sent();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!(error instanceof NoAddress)) failed(channel, why);
      log.warn({ channel, person: person.person, why }, 'a message could not be handed over');
      if (error instanceof GiveUp && rows.length > 1)
        for (const row of rows) {
          alone.add(row.id);
          update(row, { message: null, thread: null });
        }
      else refused(rows, error, { why, isFirstTry: taken.every((row) => row.message === null) });
    }
    save();
  } // prettier-ignore

  function failed(channel: Channel, why: string): void {
    failing.set(channel, { why, since: failing.get(channel)?.since ?? clock.monotonic() });
  }

  /** Given up, or tried again together. */
  function refused(
    rows: readonly Row[],
    error: unknown,
    { why, isFirstTry }: { readonly why: string; readonly isFirstTry: boolean },
  ): void {
    const attempts = Math.max(...rows.map((row) => row.attempts));
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** attempts) * (0.75 + random() / 2);
    for (const row of rows) {
      const ageMs = clock.monotonic() - (seenAt.get(row.id) ?? clock.monotonic());
      if (error instanceof GiveUp || ageMs > giveUpAfterMs) {
        end(row, 'failed', why);
        continue;
      }
      // An unknown error says nothing about what arrived.
      const mayHaveArrived = !(error instanceof TryLater) || error.mayHaveArrived;
      due.set(row.id, clock.monotonic() + waitMs);
      update(row, {
        attempts: row.attempts + 1,
        next_at: Math.round(clock.now() + waitMs),
        answer: why.slice(0, 500),
        // Free to be folded with what comes: no attempt can have arrived.
        ...(isFirstTry && !mayHaveArrived ? { message: null, thread: null } : {}),
      });
    }
  }

  function end(row: Row, state: 'sent' | 'failed' | 'cancelled', answer: string): void {
    due.delete(row.id);
    alone.delete(row.id);
    held.delete(row.id);
    seenAt.delete(row.id);
    update(row, {
      state,
      attempts: row.attempts + (state === 'cancelled' ? 0 : 1),
      sent_at: state === 'sent' ? clock.now() : row.sent_at,
      answer: answer.slice(0, 500),
    });
  }

  /** On the row as it is now: an acknowledgement may have cancelled it meanwhile. */
  function update({ id }: Row, change: Partial<Sendable>): void {
    const row = outbox.find(id);
    if (row === undefined || (row.state !== 'waiting' && change.state !== 'sent')) return;
    outbox.update({ ...row, ...change, version: row.version + 1 }, clock.now());
  }

  let isKicked = false;
  function kick(): void {
    if (isKicked || closing.signal.aborted) return;
    isKicked = true;
    queueMicrotask(() => {
      isKicked = false;
      look();
    });
  }

  /** What waits for its time or for the store is looked at again soon. */
  function schedule(): void {
    stop?.();
    stop = outbox.waiting().length === 0 ? undefined : clock.after(lookEveryMs, look);
  }

  return {
    kick,
    failing: () => failing,
    async close() {
      closing.abort();
      stop?.();
      await Promise.all(busy.values());
      for (const channel of channels.values()) channel.close();
    },
  };
}

const lookEveryMs = 250;
