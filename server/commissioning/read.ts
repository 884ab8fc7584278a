import type { Device } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { probe } from '../../collectors/probe/probe.ts';
import { sourceOf } from '../../collectors/probe/row.ts';
import { describeQuality, qualityCode } from '../../core/reading.ts';
import type { ReadValue } from '../contracts/commissioning.ts';

/** For one device, all of it. */
const deadlineMs = 20_000;
const listenMs = 15_000;

/** Reads a device once over a session of its own, beside the poller's. Rejects with FieldError. */
export async function readDeviceOnce(device: Device, clock: Clock): Promise<ReadValue[]> {
  const { rows } = await probe({ device }, { clock, deadlineMs, listenMs });
  return rows.map(({ part, quantity, unit, value, state, word, reason, source, raw }) => ({
    point: `${device.key}/${part === null ? '' : `${part}/`}${quantity}`,
    part,
    quantity,
    unit,
    value,
    state: word === null || state === null ? state : `${state} (${word})`,
    reason,
    source,
    raw: raw === null ? null : String(raw),
  }));
}

/** The newest values of all points, as the pipeline keeps them. */
export interface CurrentValues {
  readonly value: ArrayLike<number | null>;
  readonly quality: ArrayLike<number>;
}

/** What the collector at a device's site read last: without the raw values, which stay there. */
export function lastValues({ points }: Device, { value, quality }: CurrentValues): ReadValue[] {
  return points.map((point) => {
    const { index, id, part, quantity, unit, states } = point;
    const { reason } = describeQuality(quality[index] ?? qualityCode('never-read'));
    const number = value[index] ?? null;
    const usable = number === null || Number.isNaN(number) ? null : number;
    return {
      point: id,
      part: part ?? null,
      quantity,
      unit,
      value: usable,
      state: usable === null ? null : (states?.get(usable) ?? null),
      reason,
      source: sourceOf(point),
      raw: null,
    };
  });
}
