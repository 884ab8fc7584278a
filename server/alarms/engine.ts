import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import {
  good,
  isUsable,
  qualityCode,
  type QualityCode,
  type Reading,
  type ReadingSink,
} from '../../core/reading.ts';
import type { BoundAlarm, BoundAlarms } from '../../config/alarms/bind.ts';
import { createChatterWatch } from './chatter.ts';
import { evaluateJudgeable, isJudgeable, mature, over, silence } from './evaluate.ts';
import { isHidden, isStanding, quiet, type AlarmFacts } from './facts.ts';
import { createSuppressor, type IsDeclared } from './suppression.ts';
import { isShowing, transition, type AlarmCommand, type AlarmEvent, type Transition } from './transition.ts';

/** Who commands, and why. `scope`: whether the command was given to the alarm or to its whole incident. */
interface Order {
  readonly actor: string;
  readonly reason: string | null;
  readonly scope: 'alarm' | 'incident';
}

/** One transition of one alarm; delays that begin or settle are not reported. */
export interface AlarmChange extends Transition {
  readonly key: string;
  /** Undefined for an alarm whose rule or point is no longer in the configuration. */
  readonly alarm: BoundAlarm | undefined;
  readonly before: AlarmFacts;
  /** Server time, epoch ms. */
  readonly at: number;
  /** When the condition began or ended by the clock of its source; null for commands and the end of a shelf. */
  readonly sourceAt: number | null;
  /** The point's newest reading when it happened. */
  readonly value: number;
  readonly quality: QualityCode;
  /** Null when the value or time alone did it. */
  readonly order: Order | null;
}

export interface StandingAlarm {
  readonly alarm: BoundAlarm;
  readonly facts: AlarmFacts;
}

/** A rule whose evaluation throws on a point: a fault of ours, not of the field. */
interface FailingRule {
  /** `rule@point`. */
  readonly key: string;
  readonly reason: string;
  /** Since it began to fail. */
  readonly times: number;
}

export interface AlarmEngine {
  /** Readings as the pipeline admitted them, each newer than what was known of its point; everything is synchronous. */
  accept: ReadingSink;
  /** Once a second: delays that ran out between two readings, and shelves whose time is over. */
  tick(): void;
  /** Alarms that stand, hidden ones too, in the order of the rules. */
  active(): readonly StandingAlarm[];
  /** Every alarm that is not plainly normal: standing, unacknowledged or hidden. */
  notable(): readonly StandingAlarm[];
  /** Rules that cannot judge their point at present; their alarms hold. */
  failing(): readonly FailingRule[];
  /** Undefined for an unknown key. */
  find(key: string): StandingAlarm | undefined;
  /** Carries a command out on each of the alarms it applies to and returns how many those were; unknown keys are skipped. */
  command(keys: Iterable<string>, command: AlarmCommand, order: Order): number;
  /** Ends alarms that a restart found standing or hidden although their rule or point is gone. Call once, at the start. */
  retireUnknown(): void;
}

/**
 * Judges the stream. State lives in arrays over the dense indices of points and alarms; a reading that changes nothing
 * costs an array look-up and a comparison.
 */
export function createAlarmEngine(options: {
  readonly bound: BoundAlarms;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly log: Pick<Logger, 'error' | 'info'>;
  /** The facts when the process ended, by key; delays that were running begin again. */
  readonly restored: ReadonlyMap<string, AlarmFacts>;
  /** What people declared of the plant, for suppression by design; absent: nothing. */
  readonly isDeclared?: IsDeclared;
  /** How long after its acknowledgement a standing alarm is annunciated again; undefined: never. */
  readonly reAlarmAfterMs?: (alarm: BoundAlarm) => number | undefined;
  /** All that one batch of readings, one tick or one command caused, in order. */
  readonly onChanges: (changes: readonly AlarmChange[]) => void;
}): AlarmEngine {
  const { bound, clock, log, restored, onChanges, isDeclared = () => false, reAlarmAfterMs } = options;
  const facts: AlarmFacts[] = bound.alarms.map((alarm) => restored.get(alarm.key) ?? quiet);
  const pending = new Set<number>();
  /** Indices of alarms that are not plainly normal. */
  const notable = new Set<number>();
  /** When a shelf ends at the latest, on the monotonic clock, by index. */
  const shelfEnds = new Map<number, number>();
  /** When a standing alarm was acknowledged, on the monotonic clock, by index. */
  const acknowledgedAt = new Map<number, number>();
  const chatter = createChatterWatch();
  const points = bound.points.length;
  const lastValue = new Float64Array(points).fill(Number.NaN);
  const lastQuality = new Uint8Array(points).fill(qualityCode('never-read'));
  /** Until when, on the monotonic clock, the newest value may be relied on. */
  const freshUntil = new Float64Array(points).fill(clock.monotonic());
  /** Rules that throw on their point, by key. */
  const failing = new Map<string, FailingRule>();
  let changes: AlarmChange[] = [];
  /** Filled for each alarm that is judged: a new object each time would cost a fifth of the time. */
  const moment = { facts: quiet, now: 0, monotonic: 0, holdMs: 0, valueOf };
  const suppressor = createSuppressor({ valueOf, isDeclared });
  const suppressible = bound.alarms.filter(({ suppressions }) => suppressions.length > 0);
  const silent = bound.alarms.filter(({ rule }) => 'stale' in rule.when);

  const start = clock.now();
  for (const alarm of bound.alarms) {
    const now = factsAt(alarm.index);
    track(alarm.index, quiet, now, start);
    if (now.suppressedBy !== null) suppressor.restore(alarm, clock.monotonic());
  }

  function factsAt(index: number): AlarmFacts {
    return facts[index] ?? quiet;
  }

  function track(index: number, before: AlarmFacts, after: AlarmFacts, now: number): void {
    if (after.pending === null) pending.delete(index);
    else pending.add(index);
    if (isNotable(after)) notable.add(index);
    else notable.delete(index);
    if (!isStanding(after) || !after.acknowledged) acknowledgedAt.delete(index);
    else if (!acknowledgedAt.has(index)) acknowledgedAt.set(index, clock.monotonic());
    if (after.shelf === before.shelf) return;
    if (after.shelf === null) shelfEnds.delete(index);
    else {
      const { since, until } = after.shelf;
      const leftMs = Math.min(until - now, until - since);
      shelfEnds.set(index, clock.monotonic() + Math.max(0, leftMs));
    }
  }

  function apply(alarm: BoundAlarm, event: AlarmEvent, now: number, order: Order | null = null): boolean {
    const { index, key, point } = alarm;
    if (isShowing(factsAt(index), event)) settleBeforeShowing(alarm, now);
    const before = factsAt(index);
    const result = transition(before, event);
    if (result.facts === before) return false;
    facts[index] = result.facts;
    track(index, before, result.facts, now);
    if (event.kind === 'pend' || event.kind === 'settle') return false;
    if (event.kind === 'raise') chatter.raised(index, clock.monotonic());
    if (event.kind === 'return')
      chatter.returned(index, event.until - (before.occurrence?.since ?? event.until));
    const value = lastValue[point.index] ?? Number.NaN;
    const quality = lastQuality[point.index] ?? good;
    changes.push({
      ...result,
      key,
      alarm,
      before,
      at: now,
      sourceAt: sourceTime(event),
      value,
      quality,
      order,
    });
    if (event.kind === 'raise' && chatter.holdMs(index, clock.monotonic()) > 0)
      apply(alarm, { kind: 'chatter' }, now);
    if (event.kind === 'return') apply(alarm, { kind: 'chatter-end' }, now);
    return true;
  }

  /** What is over and stands only for its off-delay is over when it is shown again: people would be told of what no longer is. */
  function settleBeforeShowing(alarm: BoundAlarm, now: number): void {
    const event = over(alarm, valueOf(alarm.point.index), { facts: factsAt(alarm.index), valueOf });
    if (event !== undefined) apply(alarm, event, now);
  }

  function report(): void {
    if (changes.length === 0) return;
    const reported = changes;
    changes = [];
    onChanges(reported);
  }

  function remember({ point, at, value, quality }: Reading, now: number, monotonic: number): void {
    lastValue[point] = value;
    lastQuality[point] = quality;
    // A bad value ends nothing and proves nothing: silence is counted from the last usable one.
    if (!isUsable(quality)) return;
    const staleAfterMs = bound.points[point]?.staleAfterMs ?? 0;
    freshUntil[point] = monotonic + staleAfterMs - (at < now ? now - at : 0);
  }

  /** What other alarms depend on is known before they are judged: nothing is annunciated that the same batch suppresses. */
  function prepare(readings: readonly Reading[], now: number, monotonic: number): void {
    let suppressed: Set<BoundAlarm> | undefined;
    for (const reading of readings) {
      const dependent = bound.suppressedBy[reading.point];
      if (dependent === undefined && bound.judgedWith[reading.point] === undefined) continue;
      remember(reading, now, monotonic);
      for (const alarm of dependent ?? []) (suppressed ??= new Set()).add(alarm);
    }
    for (const alarm of suppressed ?? []) suppress(alarm, now, monotonic);
  }

  function suppress(alarm: BoundAlarm, now: number, monotonic: number): void {
    const reason = suppressor.reasonFor(alarm, monotonic);
    if (reason === factsAt(alarm.index).suppressedBy) return;
    apply(alarm, reason === null ? { kind: 'design-unsuppress' } : { kind: 'design-suppress', reason }, now);
  }

  /** Alarms that compare their own point with this one, by the newest value of theirs. */
  function judgeAgain({ point, at }: Reading, now: number, monotonic: number): void {
    for (const alarm of bound.judgedWith[point] ?? []) {
      const { index } = alarm.point;
      const value = valueOf(index);
      if (value !== undefined) judge({ point: index, at, value, quality: good }, [alarm], now, monotonic);
    }
  }

  function judge(reading: Reading, alarms: readonly BoundAlarm[], now: number, monotonic: number): void {
    if (!isJudgeable(reading, alarms[0]?.point.staleAfterMs ?? 0, now)) return;
    moment.now = now;
    moment.monotonic = monotonic;
    for (let place = 0; place < alarms.length; place += 1) {
      const alarm = alarms[place];
      if (alarm === undefined) continue;
      moment.facts = factsAt(alarm.index);
      moment.holdMs = holdMsOf(alarm.index, monotonic);
      try {
        const event = evaluateJudgeable(alarm, reading, moment);
        if (event !== undefined) apply(alarm, event, now);
        if (failing.size > 0) recovered(alarm);
      } catch (error) {
        failed(alarm, error);
      }
    }
  }

  /** A rule that cannot judge keeps its alarm as it was and costs no other rule its reading. */
  function failed(alarm: BoundAlarm, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const known = failing.get(alarm.key);
    failing.set(alarm.key, { key: alarm.key, reason, times: (known?.times ?? 0) + 1 });
    if (known === undefined) log.error({ err: error, alarm: alarm.key }, 'a rule cannot judge this point');
  }

  function recovered({ key }: BoundAlarm): void {
    if (failing.delete(key)) log.info({ alarm: key }, 'the rule judges this point again');
  }

  /** Undefined unless it is good and fresh. */
  function valueOf(index: number): number | undefined {
    const isFresh = lastQuality[index] === good && clock.monotonic() <= (freshUntil[index] ?? 0);
    return isFresh ? lastValue[index] : undefined;
  }

  function holdMsOf(index: number, monotonic: number): number {
    return factsAt(index).chattering ? chatter.holdMs(index, monotonic) : 0;
  }

  function standingAt(index: number): StandingAlarm[] {
    const alarm = bound.alarms[index];
    return alarm === undefined ? [] : [{ alarm, facts: factsAt(index) }];
  }

  return {
    accept(readings) {
      const now = clock.now();
      const monotonic = clock.monotonic();
      prepare(readings, now, monotonic);
      for (const reading of readings) {
        const alarms = bound.byPoint[reading.point];
        if (alarms !== undefined) {
          remember(reading, now, monotonic);
          judge(reading, alarms, now, monotonic);
        }
        if (bound.judgedWith[reading.point] !== undefined) judgeAgain(reading, now, monotonic);
      }
      report();
    },
    tick() {
      const now = clock.now();
      const monotonic = clock.monotonic();
      for (const alarm of suppressible) suppress(alarm, now, monotonic);
      for (const index of pending) {
        const alarm = bound.alarms[index];
        if (alarm === undefined) continue;
        try {
          const event = mature(alarm, valueOf(alarm.point.index), {
            facts: factsAt(index),
            monotonic,
            holdMs: holdMsOf(index, monotonic),
            valueOf,
          });
          if (event !== undefined) apply(alarm, event, now);
        } catch (error) {
          failed(alarm, error);
        }
      }
      for (const alarm of silent) {
        const unusableMs = monotonic - (freshUntil[alarm.point.index] ?? monotonic);
        const event = silence(alarm, unusableMs, { facts: factsAt(alarm.index), now, monotonic });
        if (event !== undefined) apply(alarm, event, now);
      }
      for (const [index, since] of acknowledgedAt) {
        const alarm = bound.alarms[index];
        const afterMs = alarm === undefined || isHidden(factsAt(index)) ? undefined : reAlarmAfterMs?.(alarm);
        if (alarm !== undefined && afterMs !== undefined && monotonic - since >= afterMs)
          apply(alarm, { kind: 're-alarm' }, now);
      }
      for (const [index, end] of shelfEnds) {
        const alarm = bound.alarms[index];
        const until = factsAt(index).shelf?.until ?? 0;
        if (alarm !== undefined && (now >= until || monotonic >= end))
          apply(alarm, { kind: 'shelf-end' }, now);
      }
      report();
    },
    active: () =>
      [...notable]
        .sort((a, b) => a - b)
        .flatMap(standingAt)
        .filter((standing) => isStanding(standing.facts)),
    failing: () => [...failing.values()],
    notable: () => [...notable].sort((a, b) => a - b).flatMap(standingAt),
    find(key) {
      const alarm = bound.byKey.get(key);
      return alarm === undefined ? undefined : { alarm, facts: factsAt(alarm.index) };
    },
    command(keys, command, order) {
      const now = clock.now();
      let applied = 0;
      for (const key of keys) {
        const alarm = bound.byKey.get(key);
        if (alarm !== undefined && apply(alarm, command, now, order)) applied += 1;
      }
      report();
      return applied;
    },
    retireUnknown() {
      const at = clock.now();
      for (const [key, before] of restored) {
        if (bound.byKey.has(key)) continue;
        const result = transition(before, { kind: 'retire', until: at });
        if (result.facts === before) continue;
        const quality = qualityCode('never-read');
        changes.push({
          ...result,
          key,
          alarm: undefined,
          before,
          at,
          sourceAt: at,
          value: Number.NaN,
          quality,
          order: null,
        });
      }
      report();
    },
  };
}

function isNotable(facts: AlarmFacts): boolean {
  return (
    facts.inAlarm ||
    facts.latched ||
    !facts.acknowledged ||
    facts.shelf !== null ||
    facts.suppressed ||
    facts.suppressedBy !== null ||
    facts.outOfService
  );
}

function sourceTime(event: AlarmEvent): number | null {
  switch (event.kind) {
    case 'raise':
      return event.since;
    case 'return':
      return event.until;
    default:
      return null;
  }
}
