import type { Device, Model, Point } from '../../config/model.ts';
import { describeQuality, isUsable, qualityCode, type Reason } from '../../core/reading.ts';
import type { CurrentValues } from '../pipeline/current.ts';

/** What an answer would have needed and does not have. */
export interface Missing {
  /** `point`: no value can be believed; `rating`: the configuration does not give it. */
  readonly what: 'point' | 'rating';
  /** Id of the point, or key of the device with the name of the rating. */
  readonly id: string;
  /** Of a point: why; null: nothing was ever read, or it is no point of the configuration. */
  readonly reason: Reason | null;
}

/** The present values, as far as they can be believed. */
export interface Readings {
  /** Undefined while the value is bad: stale, out of range, never read. */
  value(point: Point | undefined): number | undefined;
  /** Name of the state. */
  state(point: Point | undefined): string | undefined;
  missing(point: Point): Missing;
}

export function readingsOf(current: CurrentValues): Readings {
  const quality = (index: number): number => current.quality[index] ?? qualityCode('never-read');
  const value = (point: Point | undefined): number | undefined => {
    if (point === undefined || !isUsable(quality(point.index))) return undefined;
    const number = current.value[point.index];
    return number === undefined || Number.isNaN(number) ? undefined : number;
  };
  return {
    value,
    state: (point) => {
      const code = value(point);
      return code === undefined ? undefined : point?.states?.get(code);
    },
    missing: (point) => ({
      what: 'point',
      id: point.id,
      reason: describeQuality(quality(point.index)).reason,
    }),
  };
}

export function pointOf(device: Device | undefined, quantity: string, part?: string): Point | undefined {
  return device?.points.find((point) => point.quantity === quantity && point.part === part);
}

/** Also of derived points, which no device lists. */
export function derivedPoint(model: Model, id: string): Point | undefined {
  return model.pointById.get(id);
}
