import type { DeviceKind } from '../config/schema/common.ts';
import type { DeviceView } from '../server/contracts/sites.ts';
import { usableValue, type Get } from './value.ts';

export type DevicePoint = DeviceView['points'][number];

/** Points of a device by quantity, all parts, or the one without a part. */
export function pointsOf(device: DeviceView, quantity: string): DevicePoint[] {
  return device.points.filter((point) => point.quantity === quantity);
}
export function pointOf(device: DeviceView | undefined, quantity: string): DevicePoint | undefined {
  return device?.points.find((point) => point.quantity === quantity && point.part === null);
}

export function ofKind(devices: readonly DeviceView[], kind: DeviceKind): DeviceView[] {
  return devices.filter((device) => device.kind === kind);
}

/** Name of the state a point is in now; undefined when its value is not usable. */
export function stateOf(point: DevicePoint | undefined, get: Get): string | undefined {
  const value = usableValue(get(point?.id));
  return value === undefined ? undefined : stateName(point?.states ?? null, value);
}

/** A code without a name is shown as the number it is. */
export function stateName(states: Record<string, string> | null, value: number): string {
  return states?.[String(value)] ?? String(value);
}

/** The maker's word beside a name that is ours: "bypass (hardware-failure-bypass)". */
export function withWord(name: string, word: string | undefined): string {
  return word === undefined ? name : `${name} (${word.replaceAll('-', ' ')})`;
}

/** `pac-03` → `PAC-03`, as people write it on the machine. */
export function deviceTag(id: string): string {
  return id.toUpperCase();
}
