import type { BatchName, Buffer } from '../../core/buffer.ts';
import type { Clock } from '../../core/clock.ts';
import type { NamedReading } from '../../core/reading.ts';
import type { Messenger } from './messenger.ts';
import type { Sequence } from './sequence.ts';
import { settle } from './settle.ts';

/** Fresh readings that are being sent. */
export interface LiveLane {
  /** Sends at once; what does not arrive is in the buffer when it resolves. */
  send(readings: readonly NamedReading[]): Promise<void>;
  /** Messages without an answer so far. */
  underWay(): number;
  /** Puts on disk what has waited long for its answer: kill -9 may cost a second, not more. */
  secure(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>;
}

const secureAfterMs = 500;

interface Entry {
  readonly name: BatchName;
  readonly readings: readonly NamedReading[];
  readonly since: number;
  /** Its id in the buffer, once it is there. */
  buffered: number | undefined;
}

export function createLiveLane(options: {
  readonly clock: Clock;
  readonly messenger: Messenger;
  readonly buffer: Buffer;
  readonly sequence: Sequence;
}): LiveLane {
  const { clock, messenger, buffer, sequence } = options;
  const entries = new Map<Entry, Promise<void>>();

  const keep = ({ readings, name }: Entry): number => buffer.put(readings, { name, taken: true });

  async function deliver(entry: Entry): Promise<void> {
    const { name, readings } = entry;
    const outcome = await messenger.send({ name, readings, live: true });
    entries.delete(entry);
    if (outcome.kind === 'done' && entry.buffered === undefined) sequence.settle(name);
    else {
      const id = entry.buffered ?? keep(entry);
      settle(outcome, { id, name, size: readings.length }, { buffer, sequence });
    }
  }

  return {
    send(readings) {
      const entry: Entry = { name: sequence.next(), readings, since: clock.monotonic(), buffered: undefined };
      const delivered = deliver(entry);
      // `deliver` runs up to its first await before it returns: the entry is never deleted before it is added.
      entries.set(entry, delivered);
      return delivered;
    },
    underWay: () => entries.size,
    secure() {
      for (const entry of entries.keys())
        if (entry.buffered === undefined && clock.monotonic() - entry.since >= secureAfterMs)
          entry.buffered = keep(entry);
    },
    idle: () => Promise.all(entries.values()),
  };
}
