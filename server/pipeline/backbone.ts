import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { FieldEvent } from '../../core/field-event.ts';
import type { Reading } from '../../core/reading.ts';

/** What somebody who watches the pipeline wants to know; everything is synchronous and in order. */
export interface Consumer {
  /** Every reading worth keeping with its admitted time, late ones too, but not those that their bringer stores. */
  keep?(readings: readonly Reading[]): void;
  /** What is new now: measured, derived and gone stale. Late readings never come here. */
  readings?(readings: readonly Reading[]): void;
  events?(events: readonly FieldEvent[]): void;
  /** Once a second, after the pipeline's own; wall time. */
  tick?(now: number): void;
}

/** How a consumer does, for health and metrics. */
export interface ConsumerState {
  readonly name: string;
  /** Exceptions since the start. */
  readonly failures: number;
  /** The last exception's message while it is recent. */
  readonly problem: string | undefined;
}

export interface Backbone {
  subscribe(name: string, consumer: Consumer): () => void;
  /** Passes on to every consumer that wants it. */
  publish(pass: (consumer: Consumer) => void): void;
  /** Runs a step of the pipeline itself under the same protection. */
  guard(name: string, step: () => void): void;
  consumers(): readonly ConsumerState[];
}

/** So long after its last exception a consumer counts as well again. */
const recoveredAfterMs = 60_000;

interface Entry {
  readonly name: string;
  readonly consumer: Consumer;
  failures: number;
  problem: string | undefined;
  failedAt: number;
}

/** An exception in one consumer is counted and logged, once until it has been well for a minute, and reaches nobody else. */
export function createBackbone({
  clock,
  log,
}: {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Logger;
}): Backbone {
  let entries: Entry[] = [];
  const own = new Map<string, Entry>();

  const isFailing = ({ failedAt }: Entry): boolean => clock.monotonic() - failedAt <= recoveredAfterMs;

  function run(entry: Entry, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!isFailing(entry))
        log.error({ err: error, consumer: entry.name }, `${entry.name} failed; the others go on`);
      entry.failures += 1;
      entry.problem = error instanceof Error ? error.message : String(error);
      entry.failedAt = clock.monotonic();
    }
  }

  const newEntry = (name: string, consumer: Consumer): Entry => ({
    name,
    consumer,
    failures: 0,
    problem: undefined,
    failedAt: -Infinity,
  });

  return {
    subscribe(name, consumer) {
      const entry = newEntry(name, consumer);
      entries = [...entries, entry];
      return () => {
        entries = entries.filter((each) => each !== entry);
      };
    },
    publish(pass) {
      for (const entry of entries) run(entry, () => pass(entry.consumer));
    },
    guard(name, step) {
      const entry = own.get(name) ?? newEntry(name, {});
      own.set(name, entry);
      run(entry, step);
    },
    consumers: () =>
      [...own.values(), ...entries].map((entry) => ({
        name: entry.name,
        failures: entry.failures,
        problem: isFailing(entry) ? entry.problem : undefined,
      })),
  };
}
