import type { OtherCondition } from '../../config/alarms/others.ts';

/** The newest value of a point by its index; undefined unless it is good and fresh. */
export type ValueOf = (point: number) => number | undefined;

/** Whether one of the points meets the condition; undefined when none is known to and one of them has no usable value. */
export function meets(condition: OtherCondition, valueOf: ValueOf): boolean | undefined {
  let unknown = false;
  for (const point of condition.points) {
    const value = valueOf(point);
    if (value === undefined) unknown = true;
    else if (condition.meets(value, point)) return true;
  }
  return unknown ? undefined : false;
}
