import type { BatchName, Buffer } from '../../core/buffer.ts';
import { type Clock, type Instant, monotonicOf } from '../../core/clock.ts';
import type { NamedReading, Reading } from '../../core/reading.ts';
import type { Messenger } from './messenger.ts';
import type { Sequence } from './link.ts';
import { settle } from './settle.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import type { WireDeviceDiagnostics } from './wire.ts';
import type { Model } from '../../config/model.ts';

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

/** Which devices' diagnostics the server does not have yet. */
export interface DiagnosticsChanges {
  /** Rows that changed since they were last sent. */
  pending(health: readonly DeviceDiagnostics[]): WireDeviceDiagnostics[];
  markSent(rows: readonly WireDeviceDiagnostics[]): void;
  /** A server that has just started needs all rows again. */
  forget(): void;
}

/** Rows in one message; the others follow in the next. */
const maxRows = 2_000;

export function createDiagnosticsChanges(): DiagnosticsChanges {
  const known = new Map<string, string>();
  return {
    pending: (health) =>
      health
        .map(wireDiagnostics)
        .filter((row) => known.get(row.device) !== JSON.stringify(row))
        .slice(0, maxRows),
    markSent(rows) {
      for (const row of rows) known.set(row.device, JSON.stringify(row));
    },
    forget: () => known.clear(),
  };
}

function wireDiagnostics({
  device,
  lastAnswerAt,
  latencyMs,
  clockOffsetMs,
  lastError,
  ...rest
}: DeviceDiagnostics): WireDeviceDiagnostics {
  return {
    ...rest,
    device: device.key,
    lastAnswerAt: lastAnswerAt ?? null,
    latencyMs: latencyMs ?? null,
    clockOffsetMs: clockOffsetMs ?? null,
    lastError: lastError?.slice(0, 2_000) ?? null,
  };
}

/** The newest reading of every point: for a server that has just started, or has not been reached for a while. */
export interface SiteSnapshot {
  add(readings: readonly Reading[], now: Instant): void;
  /** Those that are not stale by the limit of their point. */
  fresh(monotonic: number): NamedReading[];
}

export function createSnapshot(model: Pick<Model, 'points'>): SiteSnapshot {
  const newest: ({ readonly reading: Reading; readonly since: number } | undefined)[] = Array.from(
    { length: model.points.length },
    () => undefined,
  );
  return {
    add(readings, now) {
      for (const reading of readings) {
        const since = monotonicOf(reading.at, now);
        const known = newest[reading.point];
        // By either time: after the wall clock is set back, what it stamped before must not hold off what comes now.
        if (known === undefined || reading.at >= known.reading.at || since >= known.since)
          newest[reading.point] = { reading, since };
      }
    },
    fresh: (monotonic) =>
      newest.flatMap((entry, index) => {
        const point = model.points[index];
        if (entry === undefined || point === undefined || monotonic - entry.since > point.staleAfterMs)
          return [];
        return [{ ...entry.reading, point: point.id }];
      }),
  };
}
