import type { Model, Point } from '../../config/model.ts';
import { isRecordedBy } from '../../config/recording.ts';
import type { Reading } from '../../core/reading.ts';
import { factsOfPoint } from './facts.ts';

/** How a point is stored. */
export interface RecordingRule {
  /** In the point's unit: so much may what is read back differ from what was read. */
  readonly within: number;
  readonly everyMs: number;
  /** As in `PointFacts`: two stored readings are never further apart where the readings themselves were not. */
  readonly holdMs: number;
}

/**
 * Leaves out readings that nobody would miss: what is read back, by hold or as figures of buckets, is never more than `within` from what was
 * read, for the same time and in the same states. Stored always: the first reading of a run and the last, a change of value or quality
 * and the reading before it (so that no line is drawn where none was), and one `everyMs`.
 */
export interface Recorder {
  /** What is to be stored now, in order. `now` is monotonic. */
  keep(readings: readonly Reading[], now: number): readonly Reading[];
  /** Once a second: the last readings of points that have fallen silent. */
  silent(now: number): Reading[];
  /** The last readings of all, at the end. */
  rest(): Reading[];
}

interface State {
  stored: Reading;
  /** Read since then and not stored. */
  waiting: Reading | undefined;
  waitingSince: number;
}

export function createRecorder(ruleOf: (point: number) => RecordingRule | undefined): Recorder {
  const states = new Map<number, State>();

  function take(reading: Reading, rule: RecordingRule, now: number): Reading[] {
    const state = states.get(reading.point);
    if (state === undefined) {
      states.set(reading.point, { stored: reading, waiting: undefined, waitingSince: 0 });
      return [reading];
    }
    const { stored, waiting } = state;
    const newest = waiting ?? stored;
    const isLate = reading.at <= newest.at;
    // Half: of two readings that are each that close to a third, either may be the lowest of its minute.
    const isNews =
      reading.quality !== stored.quality || differs(reading.value, stored.value, rule.within / 2);
    const isAfterGap = reading.at - newest.at > rule.holdMs;
    const sinceMs = reading.at - stored.at;
    if (!isLate && !isNews && !isAfterGap && sinceMs < rule.everyMs) {
      state.waiting = reading;
      state.waitingSince = now;
      return [];
    }
    state.waiting = undefined;
    if (!isLate) state.stored = reading;
    else if (waiting !== undefined) state.stored = waiting;
    // Without the one that waits the last stored one would not hold until this one.
    const isBridge = isLate || isNews || isAfterGap || sinceMs > rule.holdMs;
    return waiting !== undefined && isBridge ? [waiting, reading] : [reading];
  }

  function* settled(isDue: (state: State, rule: RecordingRule | undefined) => boolean): Generator<Reading> {
    for (const [point, state] of states) {
      const { waiting } = state;
      if (waiting === undefined || !isDue(state, ruleOf(point))) continue;
      state.stored = waiting;
      state.waiting = undefined;
      yield waiting;
    }
  }

  return {
    keep(readings, now) {
      if (readings.every(({ point }) => ruleOf(point) === undefined)) return readings;
      return readings.flatMap((reading) => {
        const rule = ruleOf(reading.point);
        return rule === undefined ? reading : take(reading, rule, now);
      });
    },
    silent: (now) => [...settled(({ waitingSince }, rule) => now - waitingSince > (rule?.holdMs ?? 0))],
    rest: () => [...settled(() => true)],
  };
}

/** The rule of each point, by index. */
export function recordingRules({ points, recording = [] }: Pick<Model, 'points' | 'recording'>): (point: number) => RecordingRule | undefined {
  const rules = points.map((point): RecordingRule | undefined => {
    const entry = recording.find((each) => isRecordedBy(each, point));
    if (entry === undefined) return undefined;
    const { holdMs } = factsOfPoint(point);
    // Codes of states have no distance.
    return { within: isState(point) ? 0 : entry.within, everyMs: Math.min(entry.every, holdMs), holdMs };
  });
  return (point) => rules[point];
} // prettier-ignore

function isState({ unit }: Point): boolean {
  return unit === 'state';
}

/** 21.6 − 21.5 is a little more than 0.1 in binary, and no change of more than 0.1. */
const roundingShare = 1e-9;

function differs(a: number, b: number, change: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) !== Number.isNaN(b);
  return Math.abs(a - b) > change + roundingShare * Math.max(Math.abs(a), Math.abs(b), change);
}
