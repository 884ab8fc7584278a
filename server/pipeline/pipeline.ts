import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import { stretchQuantity } from '../../config/schema/diagnostics.ts';
import { instantOf, monotonicOf, type Clock, type Instant } from '../../core/clock.ts';
import { admitEvent, type FieldEvent } from '../../core/field-event.ts';
import {
  good,
  isUsable,
  qualityCode,
  type QualityCode,
  type Reading,
  type ReadingSink,
} from '../../core/reading.ts';
import { type Ahead, admit, isLate } from './admit.ts';
import { type CurrentValues, emptyCurrentValues } from './current.ts';
import { createBackbone, type Consumer, type ConsumerState } from './backbone.ts';
import { createDerivation } from './derivation.ts';

interface Restored {
  readonly at: number;
  readonly value: number;
  readonly quality?: QualityCode;
}

/** A source whose clock is ahead of ours. */
interface SourceAhead {
  /** `site/device`. */
  readonly source: string;
  /** Readings and events since the start. */
  readonly count: number;
  /** By how much the last one was ahead, ms. */
  readonly byMs: number;
  /** In the last minutes. */
  readonly isRecent: boolean;
}

export interface Pipeline {
  readonly current: CurrentValues;
  /** Adds somebody who is given what comes from now on; returns how to end that. See `Consumer`. */
  subscribe(name: string, consumer: Consumer): () => void;
  accept: ReadingSink;
  /** As `accept`, for readings that the caller stores. */
  show: ReadingSink;
  acceptEvents(events: readonly FieldEvent[]): void;
  /** Once a second: derives what changed and marks what has become stale. */
  tick(): void;
  /** Between two ticks: derives what changed of things with few inputs. A rack's power is then on a wall as soon as its feeds are. */
  deriveSmall(): void;
  /** Before the first reading: the values of before the restart, all stale until they are read again. */
  restore(last: ReadonlyMap<string, Restored>): void;
  /** Counters for `/metrics`. */
  stats(): { readonly accepted: number; readonly late: number };
  /** Sources whose clocks are or were ahead. */
  ahead(): readonly SourceAhead[];
  consumers(): readonly ConsumerState[];
}

const recentMs = 600_000;
/** The sums of a rack, a device's dew point. What has more is computed once a second: a room's sum is touched by every reading. */
const fewInputs = 4;
const stale = qualityCode('stale');

/**
 * Admits readings, keeps the newest of every point, derives points, and passes on. Everything is synchronous, and no
 * exception of a consumer reaches the caller.
 */
export function createPipeline(options: {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
}): Pipeline {
  const { model, clock } = options;
  const current = emptyCurrentValues(model.points.length);
  const derivation = createDerivation(model, current);
  const backbone = createBackbone(options);
  const measured = measuredPoints(model);
  const aheadBySource = new Map<string, { count: number; byMs: number; last: number }>();
  /** Makes monotonic time look like the wall time of the start: `since` is never negative and 0 means never. */
  const offset = clock.now() - clock.monotonic();
  let accepted = 0;
  let late = 0;
  /** The latest wall time at which anything was stamped. */
  let latestAt = -Infinity;

  function now(): Instant {
    const { at, monotonic } = instantOf(clock);
    latestAt = Math.max(latestAt, at);
    return { at, monotonic: monotonic + offset };
  }

  function settle(reading: Reading, since: number): void {
    const { point, at, value, quality } = reading;
    current.at[point] = at;
    current.since[point] = since;
    current.quality[point] = quality;
    // A bad reading keeps no number: nobody may mistake the last one for the present one.
    current.value[point] = value;
    derivation.touch(point);
  }

  function sourceOf(index: number): string {
    const point = model.points[index];
    return point === undefined ? 'unknown' : `${point.site}/${point.device ?? point.owner.id}`;
  }

  function countAhead<Item>(ahead: readonly Ahead<Item>[], source: (item: Item) => string): void {
    for (const { item, byMs } of ahead) {
      const key = source(item);
      const count = (aheadBySource.get(key)?.count ?? 0) + 1;
      aheadBySource.set(key, { count, byMs, last: clock.monotonic() });
    }
  }

  function admitReadings(readings: readonly Reading[], at: number): readonly Reading[] {
    const { items, ahead } = admit(readings, at);
    countAhead(ahead, ({ point }) => sourceOf(point));
    return items;
  }

  /** Settles what is newer than what is known, and returns it. */
  function settleNews(readings: readonly Reading[], moment: Instant): Reading[] {
    const news: Reading[] = [];
    for (const reading of readings) {
      const { point, at } = reading;
      const since = monotonicOf(at, moment);
      if (isLate({ at, since }, { at: current.at[point] ?? 0, since: current.since[point] ?? 0 })) late += 1;
      else {
        settle(reading, since);
        news.push(reading);
      }
    }
    accepted += readings.length;
    return news;
  }

  function keep(readings: readonly Reading[]): void {
    if (readings.length > 0) backbone.publish((consumer) => consumer.keep?.(readings));
  }

  function stream(readings: readonly Reading[]): void {
    if (readings.length > 0) backbone.publish((consumer) => consumer.readings?.(readings));
  }

  /** Marks what was not read for too long or whose device is lost, and returns it. Walks over every point each second: arrays only. */
  function findStale({ monotonic }: Instant): Reading[] {
    const changed: Reading[] = [];
    const { point: points, staleAfterMs, link, stretch } = measured;
    const { value, since: readAt, quality } = current;
    for (let slot = 0; slot < points.length; slot += 1) {
      const point = points[slot] ?? 0;
      if (!isUsable(quality[point] ?? stale)) continue;
      const since = readAt[point] ?? 0;
      const linkPoint = link[slot] ?? -1;
      // Nothing newer will come from a device that was lost after the point was last read.
      const isCutOff = linkPoint >= 0 && value[linkPoint] === 0 && since <= (readAt[linkPoint] ?? 0);
      const ageMs = monotonic - since;
      const limitMs = staleAfterMs[slot] ?? 0;
      if (!isCutOff && (ageMs <= limitMs || ageMs <= limitMs * stretchOf(stretch[slot] ?? -1))) continue;
      quality[point] = stale;
      derivation.touch(point);
      changed.push({
        point,
        at: current.at[point] ?? 0,
        value: value[point] ?? Number.NaN,
        quality: stale,
      });
    }
    return changed;
  }

  /** A device that cannot be read in its interval is read in several, and its values are fresh for as long. */
  function stretchOf(point: number): number {
    const factor = current.value[point];
    return factor !== undefined && factor > 1 ? factor : 1;
  }

  /** After our wall clock was set back, what was stamped before it would lie in the future: it moves to when it was by the new time. */
  function followWallClock({ at, monotonic }: Instant): void {
    if (at >= latestAt) return;
    latestAt = at;
    for (let index = 0; index < current.at.length; index += 1) {
      if ((current.at[index] ?? 0) <= at) continue;
      current.at[index] = Math.min(at, at - (monotonic - (current.since[index] ?? monotonic)));
    }
    for (let index = 0; index < current.wholeAt.length; index += 1)
      if ((current.wholeAt[index] ?? 0) > at) current.wholeAt[index] = at;
  }

  return {
    current,
    subscribe: (name, consumer) => backbone.subscribe(name, consumer),
    accept(readings) {
      const moment = now();
      const admitted = admitReadings(readings, moment.at);
      const news = settleNews(admitted, moment);
      keep(admitted);
      stream(news);
    },
    show(readings) {
      const moment = now();
      stream(settleNews(admitReadings(readings, moment.at), moment));
    },
    acceptEvents(events) {
      const at = clock.now();
      countAhead(admit(events, at).ahead, ({ source }) => source);
      const admitted = events.map((event) => admitEvent(event, at));
      if (admitted.length > 0) backbone.publish((consumer) => consumer.events?.(admitted));
    },
    tick() {
      const moment = now();
      backbone.guard('derivation', () => {
        followWallClock(moment);
        const changed = findStale(moment);
        const derived = derivation.run(moment);
        keep(derived);
        stream([...changed, ...derived]);
      });
      backbone.publish((consumer) => consumer.tick?.(moment.at));
    },
    deriveSmall() {
      const moment = now();
      backbone.guard('derivation', () => {
        followWallClock(moment);
        const derived = derivation.run(moment, fewInputs);
        keep(derived);
        stream(derived);
      });
    },
    restore(last) {
      const moment = now();
      for (const [id, sample] of last) {
        const point = model.pointById.get(id);
        if (point === undefined) continue;
        const isFuture = sample.at > moment.at;
        const at = isFuture ? moment.at : sample.at;
        if (point.source.from === 'formula') {
          if (sample.quality !== good) continue;
          current.wholeValue[point.index] = sample.value;
          current.wholeAt[point.index] = at;
          continue;
        }
        // What was stored by a clock that was ahead must not hold off the first reading of now, whatever its time.
        const since = isFuture ? 0 : monotonicOf(at, moment);
        settle({ point: point.index, at, value: sample.value, quality: stale }, since);
      }
    },
    stats: () => ({ accepted, late }),
    ahead: () =>
      [...aheadBySource].map(([source, { count, byMs, last }]) => ({
        source,
        count,
        byMs,
        isRecent: clock.monotonic() - last <= recentMs,
      })),
    consumers: () => backbone.consumers(),
  };
}

/** What is measured, in columns of one length. */
interface MeasuredPoints {
  readonly point: Int32Array;
  readonly staleAfterMs: Float64Array;
  /** The point of its device's link, and of how far its polling is stretched; -1 for what no device answers. */
  readonly link: Int32Array;
  readonly stretch: Int32Array;
}

function measuredPoints(model: Model): MeasuredPoints {
  const devicePoints = new Map<number, { readonly link: number; readonly stretch: number }>();
  for (const device of model.devices) {
    const stretched = device.diagnostics.find(({ quantity }) => quantity === stretchQuantity);
    const points = { link: device.link.index, stretch: stretched?.index ?? -1 };
    for (const { index, source } of device.points)
      if (source.from === 'device') devicePoints.set(index, points);
  }
  const measured = model.points.filter(({ source }) => source.from !== 'formula');
  return {
    point: Int32Array.from(measured, ({ index }) => index),
    staleAfterMs: Float64Array.from(measured, ({ staleAfterMs }) => staleAfterMs),
    link: Int32Array.from(measured, ({ index }) => devicePoints.get(index)?.link ?? -1),
    stretch: Int32Array.from(measured, ({ index }) => devicePoints.get(index)?.stretch ?? -1),
  };
}
