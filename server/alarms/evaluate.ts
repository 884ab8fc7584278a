import { good, isUsable, type Reading } from '../../core/reading.ts';
import type { BoundAlarm, Test } from '../../config/alarms/bind.ts';
import { meets, type ValueOf } from './others.ts';
import type { AlarmFacts, Pending } from './facts.ts';
import type { AlarmEvent } from './transition.ts';

/** A reading older than the point's staleness and this was delayed in a spool: it is stored but not judged. */
const lateAfterMs = 60_000;

export interface Moment {
  readonly facts: AlarmFacts;
  /** Server time, epoch ms. */
  readonly now: number;
  /** The server's monotonic clock, ms. */
  readonly monotonic: number;
  /** Of other points that the alarm is judged by. */
  readonly valueOf: ValueOf;
  /** A chattering or fleeting alarm returns only after this long without its condition; 0 for others. */
  readonly holdMs: number;
}

/**
 * Whether a reading says anything about the present: usable, a number, and not too late. The same for all alarms of a
 * point.
 */
export function isJudgeable({ at, value, quality }: Reading, staleAfterMs: number, now: number): boolean {
  return (
    (quality === good || isUsable(quality)) &&
    Number.isFinite(value) &&
    now - at <= staleAfterMs + lateAfterMs
  );
}

/**
 * What one reading means for one alarm; undefined when nothing changes (the usual case, without any allocation). Pure.
 *
 * - A bad value, NaN or infinity, and a late reading hold everything, including a running delay: the condition was true
 *   before the gap and nothing contradicted it, so the next usable value may complete the delay.
 * - An uncertain value may raise but never clear: half a sum above a limit proves a breach, half a sum below it proves
 *   nothing.
 * - Another point that is needed and has no usable value holds everything too.
 * - Delays run from the moment the condition changed, in source time; a source clock ahead of ours counts as now, and
 *   one that steps back starts the source's delay again (the monotonic one goes on, see `mature`).
 */
export function evaluate(alarm: BoundAlarm, reading: Reading, moment: Moment): AlarmEvent | undefined {
  return isJudgeable(reading, alarm.point.staleAfterMs, moment.now)
    ? evaluateJudgeable(alarm, reading, moment)
    : undefined;
}

/** `evaluate` for a reading that is known to be judgeable. */
export function evaluateJudgeable(
  alarm: BoundAlarm,
  reading: Reading,
  moment: Moment,
): AlarmEvent | undefined {
  const { facts, now, monotonic } = moment;
  const value = measured(alarm.test, reading.value, moment.valueOf);
  if (value === undefined) return undefined;
  const beyond = holds(alarm, value, moment);
  if (beyond === undefined || (!beyond && reading.quality !== good)) return undefined;
  if (beyond === facts.inAlarm) {
    if (facts.pending !== null) return { kind: 'settle' };
    return beyond ? worsened(alarm.test, facts, value) : undefined;
  }
  const at = Math.min(reading.at, now);
  const pending = facts.pending ?? { since: at, seenAt: monotonic };
  if (at < pending.since) return { kind: 'pend', pending: { since: at, seenAt: pending.seenAt } };
  if (at - pending.since >= delayMs(alarm, moment)) return flip(alarm, facts, { pending, value });
  return facts.pending === null ? { kind: 'pend', pending } : undefined;
}

/**
 * A delay that ran out between two readings. `value` is the point's newest, undefined when that is not good or is
 * stale: time alone proves nothing about a value that nobody has read. Pure.
 */
export function mature(
  alarm: BoundAlarm,
  read: number | undefined,
  moment: Omit<Moment, 'now'>,
): AlarmEvent | undefined {
  const { facts, monotonic, valueOf } = moment;
  const { pending } = facts;
  if (pending === null || read === undefined) return undefined;
  if (monotonic - pending.seenAt < delayMs(alarm, moment)) return undefined;
  const value = measured(alarm.test, read, valueOf);
  if (value === undefined || holds(alarm, value, moment) !== !facts.inAlarm) return undefined;
  return flip(alarm, facts, { pending, value });
}

/** The return of an alarm whose condition a good, fresh value says is over, before its off-delay is. Pure. */
export function over(
  alarm: BoundAlarm,
  read: number | undefined,
  moment: Pick<Moment, 'facts' | 'valueOf'>,
): AlarmEvent | undefined {
  if (!moment.facts.inAlarm) return undefined;
  return mature(alarm, read, { ...moment, monotonic: Infinity, holdMs: 0 });
}

/**
 * A point that has been silent, or without a usable value, for as long as its rule allows: time alone proves that. `unusableMs`: since its
 * last usable value ceased to be fresh. Pure.
 */
export function silence(
  alarm: BoundAlarm,
  unusableMs: number,
  { facts, now, monotonic }: Pick<Moment, 'facts' | 'now' | 'monotonic'>,
): AlarmEvent | undefined {
  const { test, rule } = alarm;
  if (test.kind !== 'stale' || unusableMs <= 0) return undefined;
  if (facts.inAlarm) return facts.pending === null ? undefined : { kind: 'settle' };
  if (unusableMs < test.afterMs + rule.onDelay) return undefined;
  const pending = { since: now - unusableMs, seenAt: monotonic - unusableMs };
  return flip(alarm, facts, { pending, value: Number.NaN });
}

function delayMs({ rule }: BoundAlarm, { facts, holdMs }: Pick<Moment, 'facts' | 'holdMs'>): number {
  return facts.inAlarm ? Math.max(rule.offDelay, holdMs) : rule.onDelay;
}

/** What is compared: the value, or how far it is from another one; undefined while that has none. */
export function measured(test: Test, value: number, valueOf: ValueOf): number | undefined {
  if (test.kind !== 'deviates') return value;
  const other = valueOf(test.from);
  return other === undefined ? undefined : Math.abs(value - other);
}

/** Undefined while it depends on another point that has no usable value. */
function holds(
  { test, and }: BoundAlarm,
  value: number,
  { facts, valueOf }: Pick<Moment, 'facts' | 'valueOf'>,
): boolean | undefined {
  const beyond = isBeyond(test, value, facts.inAlarm);
  return beyond && and !== undefined ? meets(and, valueOf) : beyond;
}

function flip(
  { rule }: BoundAlarm,
  { inAlarm }: AlarmFacts,
  { pending, value }: { readonly pending: Pending; readonly value: number },
): AlarmEvent {
  return inAlarm
    ? { kind: 'return', until: pending.since }
    : { kind: 'raise', since: pending.since, value, latch: rule.latched };
}

/** The limit itself is allowed; once in alarm the value must come back by the deadband. */
export function isBeyond(test: Test, value: number, inAlarm: boolean): boolean {
  switch (test.kind) {
    case 'above':
      return value > test.limit - (inAlarm ? test.deadband : 0);
    case 'below':
      return value < test.limit + (inAlarm ? test.deadband : 0);
    case 'states':
      return test.codes.has(value);
    case 'deviates':
      return value > test.limit - (inAlarm ? test.deadband : 0);
    case 'stale':
      return false;
  }
}

function worsened(test: Test, { occurrence }: AlarmFacts, value: number): AlarmEvent | undefined {
  if (occurrence === null || !('limit' in test)) return undefined;
  const worse = test.kind === 'below' ? value < occurrence.worst : value > occurrence.worst;
  return worse ? { kind: 'worsen', value } : undefined;
}
