import { wibDay } from '../../core/wib.ts';
import { isHidden } from './annunciation.ts';

const staleMs = 86_400_000;

/** An occurrence that stood for more than 24 hours; epoch ms. */
export interface LongOccurrence {
  readonly alarm: string;
  readonly since: number;
  /** Null while it stands. */
  readonly until: number | null;
}

/** An alarm was hidden, or no longer. */
export interface HidingChange {
  readonly alarm: string;
  readonly server_at: number;
  readonly to_state: string;
}

export interface Standing {
  /** Most alarms that stood for more than 24 hours on one day (WIB). */
  readonly worst: number;
  readonly atEnd: number;
  /** Alarm → days on which it did. */
  readonly days: ReadonlyMap<string, number>;
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

/**
 * Alarms that were before the operators for more than 24 hours. What is shelved, suppressed or out of service is not while it is; the
 * changes come in the order of their times. Pure.
 */
export function standingAlarms(
  occurrences: readonly LongOccurrence[],
  changes: readonly HidingChange[],
  { from, to }: Interval,
): Standing {
  const hidden = hiddenIntervals(changes, to);
  const byDay = new Map<number, Set<string>>();
  const days = new Map<string, Set<number>>();
  let atEnd = 0;
  for (const { alarm, since, until } of occurrences) {
    const stale = { from: Math.max(from, since + staleMs), to: Math.min(to, until ?? to) };
    const visible = without(stale, hidden.get(alarm) ?? []);
    if (visible.some((interval) => interval.to === to && (until === null || until >= to))) atEnd += 1;
    for (const day of visible.flatMap(daysOf)) {
      setOf(byDay, day).add(alarm);
      setOf(days, alarm).add(day);
    }
  }
  return {
    worst: Math.max(0, ...[...byDay.values()].map((alarms) => alarms.size)),
    atEnd,
    days: new Map([...days].map(([alarm, set]) => [alarm, set.size])),
  };
}

function hiddenIntervals(changes: readonly HidingChange[], to: number): Map<string, Interval[]> {
  const since = new Map<string, number>();
  const intervals = new Map<string, Interval[]>();
  const add = (alarm: string, interval: Interval): void => {
    const list = intervals.get(alarm);
    if (list === undefined) intervals.set(alarm, [interval]);
    else list.push(interval);
  };
  for (const { alarm, server_at: at, to_state: state } of changes) {
    const begun = since.get(alarm);
    if (isHidden(state)) since.set(alarm, begun ?? at);
    else if (begun !== undefined) {
      add(alarm, { from: begun, to: at });
      since.delete(alarm);
    }
  }
  for (const [alarm, begun] of since) add(alarm, { from: begun, to });
  return intervals;
}

function without(whole: Interval, parts: readonly Interval[]): Interval[] {
  let rest = [whole];
  for (const part of parts)
    rest = rest
      .flatMap(({ from, to }) => [
        { from, to: Math.min(to, part.from) },
        { from: Math.max(from, part.to), to },
      ])
      .filter(({ from, to }) => from < to);
  return rest.filter(({ from, to }) => from < to);
}

/** Days (WIB) that an interval touches, counted from the epoch. */
function daysOf({ from, to }: Interval): number[] {
  const first = wibDay(from);
  return Array.from({ length: wibDay(to - 1) - first + 1 }, (_, place) => first + place);
}

function setOf<Key, Item>(map: Map<Key, Set<Item>>, key: Key): Set<Item> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Set<Item>();
  map.set(key, made);
  return made;
}
