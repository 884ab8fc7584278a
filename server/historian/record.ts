import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import type { Reading } from '../../core/reading.ts';
import type { Teardown } from '../../core/teardown.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { HistorianWriter } from './batching.ts';
import { createRecorder, recordingRules } from './deadband.ts';
import type { Historian, StoredReading } from './historian.ts';

/** Hands the store what is worth keeping of what the pipeline keeps. `isEvidence`: points that are kept reading by reading. */
export function recordReadings(
  options: {
    readonly model: Model;
    readonly pipeline: Pick<Pipeline, 'subscribe'>;
    readonly writer: Pick<HistorianWriter, 'push'>;
    readonly isEvidence: (point: number) => boolean;
    readonly clock: Clock;
  },
  teardown: Teardown,
): void {
  const { model, pipeline, writer, isEvidence, clock } = options;
  const usualRule = recordingRules(model);
  // Few points have a rule, and every reading asks.
  const recorder = createRecorder((point) => {
    const rule = usualRule(point);
    return rule === undefined || isEvidence(point) ? undefined : rule;
  });
  const store = (readings: readonly Reading[]): void => {
    if (readings.length > 0) writer.push(readings.map((reading) => named(model, reading)));
  };
  teardown.add('recorder', () => store(recorder.rest()));
  pipeline.subscribe('historian', {
    keep: (readings) => store(recorder.keep(readings, clock.monotonic())),
    tick: () => store(recorder.silent(clock.monotonic())),
  });
}

/** A store that is away at the start must not keep the field unwatched: the values come with the first polls. */
export async function lastValues(historian: Historian, log: Logger): ReturnType<Historian['last']> {
  try {
    return await historian.last();
  } catch (error) {
    log.error({ err: error }, 'the last values of before the start cannot be read; going on without them');
    return new Map();
  }
}

function named(model: Model, { point: index, at, value, quality }: Reading): StoredReading {
  const point = model.points[index];
  if (point === undefined) throw new RangeError(`no point ${index} in the model`);
  return { point: point.id, at, value, quality };
}
