import { good, isUsable, type Reading } from '../../core/reading.ts';
import type { BoundAlarm, Test } from '../../config/alarms/bind.ts';
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
  { facts, now, monotonic }: Moment,
): AlarmEvent | undefined {
  const { value, quality } = reading;
  const beyond = isBeyond(alarm.test, value, facts.inAlarm);
  if (!beyond && quality !== good) return undefined;
  if (beyond === facts.inAlarm) {
    if (facts.pending !== null) return { kind: 'settle' };
    return beyond ? worsened(alarm.test, facts, value) : undefined;
  }
  const at = Math.min(reading.at, now);
  const pending = facts.pending ?? { since: at, seenAt: monotonic };
  if (at < pending.since) return { kind: 'pend', pending: { since: at, seenAt: pending.seenAt } };
  if (at - pending.since >= delayMs(alarm, facts)) return flip(alarm, facts, { pending, value });
  return facts.pending === null ? { kind: 'pend', pending } : undefined;
}

/**
 * A delay that ran out between two readings. `value` is the point's newest, undefined when that is not good or is
 * stale: time alone proves nothing about a value that nobody has read. Pure.
 */
export function mature(
  alarm: BoundAlarm,
  value: number | undefined,
  { facts, monotonic }: Pick<Moment, 'facts' | 'monotonic'>,
): AlarmEvent | undefined {
  const { pending } = facts;
  if (pending === null || value === undefined) return undefined;
  return monotonic - pending.seenAt >= delayMs(alarm, facts)
    ? flip(alarm, facts, { pending, value })
    : undefined;
}

function delayMs({ rule }: BoundAlarm, { inAlarm }: AlarmFacts): number {
  return inAlarm ? rule.offDelay : rule.onDelay;
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
function isBeyond(test: Test, value: number, inAlarm: boolean): boolean {
  switch (test.kind) {
    case 'above':
      return value > test.limit - (inAlarm ? test.deadband : 0);
    case 'below':
      return value < test.limit + (inAlarm ? test.deadband : 0);
    case 'states':
      return test.codes.has(value);
  }
}

function worsened(test: Test, { occurrence }: AlarmFacts, value: number): AlarmEvent | undefined {
  if (occurrence === null || test.kind === 'states') return undefined;
  const worse = test.kind === 'above' ? value > occurrence.worst : value < occurrence.worst;
  return worse ? { kind: 'worsen', value } : undefined;
}
