import type { Model, Point } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import {
  good,
  isUsable,
  qualityCode,
  type QualityCode,
  type Reading,
  type ReadingSink,
} from '../../core/reading.ts';
import { emptyCurrentValues, type CurrentValues } from './current.ts';
import { createDerivation } from './derivation.ts';

export interface PipelineOutputs {
  /** Every reading worth keeping, late ones too. */
  readonly store: ReadingSink;
  /** What is new now, in order: measured, derived and gone stale. Late readings never come here. */
  readonly stream: ReadingSink;
}

interface Restored {
  readonly at: number;
  readonly value: number;
  readonly quality?: QualityCode;
}

export interface Pipeline {
  readonly current: CurrentValues;
  accept: ReadingSink;
  /** As `accept`, for readings that whoever brings them has stored, or will. */
  show: ReadingSink;
  /** Once a second: derives what changed and marks what has become stale. */
  tick(): void;
  /** Before the first reading: the values of before the restart, all stale until they are read again. */
  restore(last: ReadonlyMap<string, Restored>): void;
  /** Counters for `/metrics`. */
  stats(): { readonly accepted: number; readonly late: number };
}

/** Takes readings in, keeps the newest of every point, derives points, and passes on. Everything is synchronous. */
export function createPipeline(options: {
  readonly model: Model;
  readonly clock: Clock;
  readonly outputs: PipelineOutputs;
}): Pipeline {
  const { model, clock, outputs } = options;
  const current = emptyCurrentValues(model.points.length);
  const derivation = createDerivation(model, current);
  const measured = model.points.filter((point) => point.source.from !== 'formula');
  const stale = qualityCode('stale');
  let accepted = 0;
  let late = 0;

  function settle(reading: Reading): void {
    current.at[reading.point] = reading.at;
    current.quality[reading.point] = reading.quality;
    // A bad reading keeps no number: nobody may mistake the last one for the present one.
    current.value[reading.point] = reading.value;
    derivation.touch(reading.point);
  }

  /** Settles what is newer than what is known, and returns it. */
  function take(readings: readonly Reading[]): Reading[] {
    const now = clock.now();
    const fresh: Reading[] = [];
    for (const reading of readings) {
      // A device whose clock runs ahead would otherwise block its own next readings.
      const settled = reading.at > now ? { ...reading, at: now } : reading;
      if (settled.at < (current.at[settled.point] ?? 0)) late += 1;
      else {
        settle(settled);
        fresh.push(settled);
      }
    }
    accepted += readings.length;
    return fresh;
  }

  function show(fresh: readonly Reading[]): void {
    if (fresh.length > 0) outputs.stream(fresh);
  }

  return {
    current,
    accept(readings) {
      const fresh = take(readings);
      outputs.store(readings);
      show(fresh);
    },
    show: (readings) => show(take(readings)),
    tick() {
      const now = clock.now();
      const changed: Reading[] = [];
      for (const point of measured) {
        const at = current.at[point.index] ?? 0;
        if (now - at <= point.staleAfterMs || !isUsable(current.quality[point.index] ?? stale)) continue;
        current.quality[point.index] = stale;
        derivation.touch(point.index);
        changed.push({
          point: point.index,
          at,
          value: current.value[point.index] ?? Number.NaN,
          quality: stale,
        });
      }
      const derived = derivation.run(now);
      if (derived.length > 0) outputs.store(derived);
      if (changed.length + derived.length > 0) outputs.stream([...changed, ...derived]);
    },
    restore(last) {
      for (const [id, sample] of last) {
        const point: Point | undefined = model.pointById.get(id);
        if (point === undefined) continue;
        if (point.source.from === 'formula') {
          if (sample.quality !== good) continue;
          current.wholeValue[point.index] = sample.value;
          current.wholeAt[point.index] = sample.at;
          continue;
        }
        settle({ point: point.index, at: sample.at, value: sample.value, quality: stale });
      }
    },
    stats: () => ({ accepted, late }),
  };
}
