import type { Logger } from 'pino';
import { systemClock, type Clock } from '../../../core/clock.ts';
import { bucketsOf, firstSamples } from '../figures.ts';
import type { Historian, StoredReading } from '../historian.ts';
import { isStorable, normalise } from '../normalise.ts';
import { openReader } from './reader.ts';
import type { Batch } from './protocol.ts';
import { startWriter } from './writer.ts';

const dayMs = 86_400_000;
/** Earliest date there is, epoch ms; what comes before is for ever. */
const beginningOfTime = -8.64e15;
const maintainEveryMs = 60_000;
/** After the store's grace for late answers. */
const maintainPhaseMs = 20_000;

/**
 * Readings in one SQLite file. A thread of its own writes: an append becomes one blob, finished minutes are merged once a minute to
 * blobs by 256 series (docs/decisions/002). Reads happen here in slices: a chunk inflates in 0.05 ms, so a second
 * thread would cost more than it frees. Raw readings are kept for `retentionMs` (default 7 days); `last()` knows dead
 * points for ever. Rejects when the file cannot be opened.
 */
export async function openEmbeddedHistorian(options: {
  readonly path: string;
  readonly log: Logger;
  readonly retentionMs?: number;
  readonly clock?: Clock;
}): Promise<Historian> {
  const { path, log, retentionMs = 7 * dayMs, clock = systemClock } = options;
  const writer = await startWriter({ path, clock, log });
  const reader = openReader(path);
  const closing = new AbortController();
  let mergeProblem: string | undefined;

  async function maintain(): Promise<void> {
    while (!closing.signal.aborted) {
      const due = (Math.floor((clock.now() - maintainPhaseMs) / maintainEveryMs) + 1) * maintainEveryMs;
      await clock.sleep(due + maintainPhaseMs - clock.now(), closing.signal);
      if (closing.signal.aborted) return;
      try {
        await writer.send({
          kind: 'maintain',
          now: clock.now(),
          keepFrom: Math.max(clock.now() - retentionMs, beginningOfTime),
        });
        mergeProblem = undefined;
      } catch (error) {
        if (mergeProblem === undefined) log.error({ error }, 'historian: merging finished minutes failed');
        mergeProblem = `merging failed: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }
  const maintenance = maintain();

  return {
    append: (batch, { throughPowerCut } = { throughPowerCut: false }) =>
      writer
        .send({ kind: 'append', batch: toColumns(batch.filter(isStorable)), throughPowerCut })
        .then(() => undefined),
    raw: (point, range, limit) => firstSamples(reader.scan(point, range), limit),
    buckets: (point, range, resolution) => bucketsOf(reader.scan(point, range), resolution),
    last: (at = Infinity) => reader.last(at),
    problem: () => writer.problem() ?? mergeProblem,
    async close() {
      closing.abort();
      reader.close();
      await writer.close();
      await maintenance;
    },
  };
}

function toColumns(batch: readonly StoredReading[]): Batch {
  const samples = batch.map(normalise);
  return {
    points: batch.map(({ point }) => point),
    at: Float64Array.from(samples, ({ at }) => at),
    value: Float64Array.from(samples, ({ value }) => value),
    quality: Uint8Array.from(samples, ({ quality }) => quality),
  };
}
