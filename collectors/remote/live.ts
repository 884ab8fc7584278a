import type { Clock } from '../../core/clock.ts';
import type { NamedReading } from '../../core/reading.ts';
import type { Backlog } from '../spool/backlog.ts';
import type { BatchName } from '../spool/spool.ts';
import type { Messenger } from './messenger.ts';
import type { Sequence } from './sequence.ts';
import { settle } from './settle.ts';

/** Fresh readings on their way. */
export interface LiveLane {
  /** Sends at once; what does not arrive is in the backlog when it resolves. */
  send(readings: readonly NamedReading[]): Promise<void>;
  /** Not answered yet. */
  underWay(): number;
  /** Of those, what is in the backlog already. */
  spooled(): ReadonlySet<number>;
  /** Puts on disk what has waited long for its answer: a second is all that kill -9 may cost. */
  secure(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>;
}

const secureAfterMs = 500;

interface Entry {
  readonly name: BatchName;
  readonly readings: readonly NamedReading[];
  readonly since: number;
  spooled: number | undefined;
}

export function createLiveLane(options: {
  readonly clock: Clock;
  readonly messenger: Messenger;
  readonly backlog: Backlog;
  readonly sequence: Sequence;
}): LiveLane {
  const { clock, messenger, backlog, sequence } = options;
  const entries = new Map<Entry, Promise<void>>();

  async function deliver(entry: Entry): Promise<void> {
    const { name, readings } = entry;
    const outcome = await messenger.send({ name, readings, live: true });
    entries.delete(entry);
    if (outcome.kind === 'done' && entry.spooled === undefined) sequence.settle(name);
    else {
      const id = entry.spooled ?? backlog.keep(readings, name);
      settle(outcome, { id, name, size: readings.length }, { backlog, sequence });
    }
  }

  return {
    send(readings) {
      const entry: Entry = { name: sequence.next(), readings, since: clock.now(), spooled: undefined };
      const delivered = deliver(entry);
      // `deliver` runs up to its first wait before it returns: the entry is never deleted before it is there.
      entries.set(entry, delivered);
      return delivered;
    },
    underWay: () => entries.size,
    spooled: () => new Set([...entries.keys()].flatMap(({ spooled }) => spooled ?? [])),
    secure() {
      for (const entry of entries.keys())
        if (entry.spooled === undefined && clock.now() - entry.since >= secureAfterMs)
          entry.spooled = backlog.keep(entry.readings, entry.name);
    },
    idle: () => Promise.all(entries.values()),
  };
}
