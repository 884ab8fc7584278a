import type { Point } from '../../../config/model.ts';
import { describeQuality, qualityCode } from '../../../core/reading.ts';
import type { PointView } from '../../contracts/points.ts';
import type { Sample } from '../../historian/historian.ts';
import type { CurrentValues } from '../../pipeline/current.ts';
import { iso } from '../../../core/time.ts';

/** A point with what it was; `sample.at` 0: it was never read. */
export function pointView(point: Point, sample: Sample, lastWhole?: LastWhole): PointView {
  const value = Number.isNaN(sample.value) ? null : sample.value;
  return {
    id: point.id,
    site: point.site,
    room: point.room ?? null,
    rack: point.rack ?? null,
    device: point.device ?? null,
    part: point.part ?? null,
    quantity: point.quantity,
    unit: point.unit,
    value,
    state: value === null ? null : (point.states?.get(value) ?? null),
    ...describeQuality(sample.quality),
    at: sample.at === 0 ? null : iso(sample.at),
    ...(value !== null || lastWhole === undefined
      ? {}
      : { lastWhole: { value: lastWhole.value, at: iso(lastWhole.at) } }),
  };
}

export interface LastWhole {
  readonly value: number;
  readonly at: number;
}

/** A point as it is now. */
export function currentView(point: Point, current: CurrentValues): PointView {
  return pointView(point, currentSample(current, point), lastWholeOf(current, point));
}

export function lastWholeOf(current: CurrentValues, point: Point): LastWhole | undefined {
  const value = current.wholeValue[point.index];
  const at = current.wholeAt[point.index];
  return value === undefined || at === undefined || at === 0 ? undefined : { value, at };
}

const neverRead: Sample = { at: 0, value: Number.NaN, quality: qualityCode('never-read') };

export function currentSample(current: CurrentValues, point: Point): Sample {
  const at = current.at[point.index];
  const value = current.value[point.index];
  const quality = current.quality[point.index];
  return at === undefined || value === undefined || quality === undefined
    ? neverRead
    : { at, value, quality };
}
