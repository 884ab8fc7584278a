import type { Clock } from '../../core/clock.ts';
import { good, qualityCode, type Reading, type ReadingSink } from '../../core/reading.ts';
import type { BoundAlarm, BoundAlarms } from './bind.ts';
import { evaluate, mature } from './evaluate.ts';
import { isStanding, quiet, type AlarmFacts } from './facts.ts';
import { transition, type AlarmEvent, type Transition } from './transition.ts';

/** What the incidents learn; never of delays that begin or settle. */
export interface AlarmChange {
  readonly alarm: BoundAlarm;
  readonly facts: AlarmFacts;
  readonly why: Transition['why'];
  /** Server time, epoch ms. */
  readonly at: number;
}

export interface StandingAlarm {
  readonly alarm: BoundAlarm;
  readonly facts: AlarmFacts;
}

export interface AlarmEngine {
  /** Readings in the order they came; everything is synchronous. */
  accept: ReadingSink;
  /** Once a second: delays that ran out between two readings. */
  tick(): void;
  /** All that stands, in the order of the rules. */
  active(): readonly StandingAlarm[];
  /** Keys are `rule@point`; unknown ones and alarms with nothing to acknowledge or reset are passed over. */
  acknowledge(keys: Iterable<string>): void;
  /** Lets go of latched alarms whose value is back; the others stay. */
  reset(keys: Iterable<string>): void;
}

/**
 * Judges the stream. State lives in arrays over the dense indices of points and alarms; a reading that changes nothing
 * costs an array look-up and a comparison.
 */
export function createAlarmEngine(options: {
  readonly bound: BoundAlarms;
  readonly clock: Clock;
  /** What stood when the process ended, by key; delays that were running begin anew. */
  readonly restored: ReadonlyMap<string, AlarmFacts>;
  readonly onChange: (change: AlarmChange) => void;
}): AlarmEngine {
  const { bound, clock, onChange } = options;
  const facts: AlarmFacts[] = bound.alarms.map((alarm) => options.restored.get(alarm.key) ?? quiet);
  const pending = new Set<number>();
  const points = bound.byPoint.length;
  const lastAt = new Float64Array(points);
  const lastValue = new Float64Array(points).fill(Number.NaN);
  const lastQuality = new Uint8Array(points).fill(qualityCode('never-read'));

  function happen(alarm: BoundAlarm, event: AlarmEvent, now: number): void {
    const before = factsOf(alarm);
    const { facts: after, why } = transition(before, event);
    if (after === before) return;
    facts[alarm.index] = after;
    if (after.pending === null) pending.delete(alarm.index);
    else pending.add(alarm.index);
    if (why !== 'pend' && why !== 'settle') onChange({ alarm, facts: after, why, at: now });
  }

  function factsOf(alarm: BoundAlarm): AlarmFacts {
    return facts[alarm.index] ?? quiet;
  }

  function judge(reading: Reading, alarms: readonly BoundAlarm[], now: number): void {
    const { point } = reading;
    // Newer than it, we have judged already; the same instant again is a correction.
    if (reading.at < (lastAt[point] ?? 0)) return;
    lastAt[point] = Math.min(reading.at, now);
    lastValue[point] = reading.value;
    lastQuality[point] = reading.quality;
    for (const alarm of alarms) {
      const event = evaluate(alarm, reading, { facts: factsOf(alarm), now });
      if (event !== undefined) happen(alarm, event, now);
    }
  }

  function freshValue({ index, staleAfterMs }: BoundAlarm['point'], now: number): number | undefined {
    const isFresh = lastQuality[index] === good && now - (lastAt[index] ?? 0) <= staleAfterMs;
    return isFresh ? lastValue[index] : undefined;
  }

  function command(keys: Iterable<string>, event: AlarmEvent): void {
    const now = clock.now();
    for (const key of keys) {
      const alarm = bound.byKey.get(key);
      if (alarm !== undefined) happen(alarm, event, now);
    }
  }

  return {
    accept(readings) {
      const now = clock.now();
      for (const reading of readings) {
        const alarms = bound.byPoint[reading.point];
        if (alarms !== undefined) judge(reading, alarms, now);
      }
    },
    tick() {
      const now = clock.now();
      for (const index of pending) {
        const alarm = bound.alarms[index];
        if (alarm === undefined) continue;
        const event = mature(alarm, freshValue(alarm.point, now), { facts: factsOf(alarm), now });
        if (event !== undefined) happen(alarm, event, now);
      }
    },
    active: () =>
      bound.alarms
        .map((alarm) => ({ alarm, facts: factsOf(alarm) }))
        .filter((standing) => isStanding(standing.facts)),
    acknowledge: (keys) => command(keys, { kind: 'acknowledge' }),
    reset: (keys) => command(keys, { kind: 'reset' }),
  };
}
