import { clockOffsetAttribute, timeFlagAttribute, type FieldEvent } from '../../../core/field-event.ts';
import { accessAttributes } from '../../../core/access-event.ts';

/**
 * How far the clocks of controllers are from ours, from the events that arrive. A message is never early, so of recent events the least
 * delayed one is nearest to the truth. What a controller kept and sends late says nothing about its clock: an event counts as live when it
 * is at most a minute old, or as old as another that arrived a minute or more before it, which a replay at its own pace is not.
 */
export interface SourceClocks {
  /** With the offset as now known, where it is. Call with the times as the source told them, before they are admitted. */
  stamp(
    events: readonly FieldEvent[],
    arrivedAt: { readonly at: number; readonly monotonic: number },
  ): FieldEvent[];
}

/** The clock of the source of these events, minus ours, ms; undefined: not known. */
export function clockOffsetOf(events: readonly FieldEvent[]): number | undefined {
  const offset = events.at(-1)?.attributes[clockOffsetAttribute];
  return typeof offset === 'number' ? offset : undefined;
}

interface Sample {
  /** Source time minus time of arrival, ms. */
  readonly offset: number;
  readonly monotonic: number;
  readonly live: boolean;
}

const plausiblyLiveMs = 60_000;
const agreesWithinMs = 10_000;
const apartMs = 60_000;
const recent = 20;
/** Drifting 1 s a day, a clock is known for that long to a second. */
const longestMs = 86_400_000;
const mostSources = 2_000;

export function createSourceClocks(): SourceClocks {
  const bySource = new Map<string, { samples: Sample[]; lastId: string }>();

  function measure(
    event: FieldEvent,
    now: { readonly at: number; readonly monotonic: number },
  ): number | undefined {
    const controller = event.attributes[accessAttributes.controller];
    const key = JSON.stringify([event.source, controller ?? null]);
    const known = bySource.get(key) ?? { samples: [], lastId: '' };
    const isTimed = event.attributes[timeFlagAttribute] === undefined && event.at !== now.at;
    // A bridge that repeats its last event does not tell the time with it.
    if (isTimed && known.lastId !== event.id) {
      if (!bySource.has(key) && bySource.size >= mostSources) return undefined;
      const offset = event.at - now.at;
      known.samples = sampled(known.samples, offset, now.monotonic);
      known.lastId = event.id;
      bySource.set(key, known);
    }
    return offsetOf(known.samples);
  }

  return {
    stamp: (events, now) =>
      events.map((event) => {
        const offset = measure(event, now);
        if (offset === undefined) return event;
        return { ...event, attributes: { ...event.attributes, [clockOffsetAttribute]: offset } };
      }),
  };
}

/** The recent samples with this one. A clock that was set, seen twice, is another clock: what was before no longer counts. */
export function sampled(before: readonly Sample[], offset: number, monotonic: number): Sample[] {
  const young = before.filter((each) => monotonic - each.monotonic <= longestMs);
  const agreeing = young.some(
    (each) => monotonic - each.monotonic >= apartMs && Math.abs(each.offset - offset) <= agreesWithinMs,
  );
  const live = Math.abs(offset) <= plausiblyLiveMs || agreeing;
  const kept = agreeing ? young.filter((each) => Math.abs(each.offset - offset) <= plausiblyLiveMs) : young;
  return [...kept, { offset, monotonic, live }].slice(-recent);
}

/** Undefined while no live event has come. */
export function offsetOf(samples: readonly Sample[]): number | undefined {
  const live = samples.filter((each) => each.live).map((each) => each.offset);
  return live.length === 0 ? undefined : Math.max(...live);
}
