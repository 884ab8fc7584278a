import type { DeviceFigure } from '../../config/schema/health.ts';
import type { DeviceHealth } from '../collectors.ts';
import { good, type Reading } from '../reading.ts';

const msPerSecond = 1_000;

/** Undefined: not known; a lost device has no latency, whatever its last one was. */
const figureOf: Readonly<Record<DeviceFigure, (health: DeviceHealth) => number | undefined>> = {
  latency: ({ state, latencyMs }) =>
    state === 'ok' && latencyMs !== undefined ? latencyMs / msPerSecond : undefined,
  timeouts: ({ timeouts }) => timeouts,
  late: ({ late }) => late,
  skipped: ({ skipped }) => skipped,
  decodeErrors: ({ decodeErrors }) => decodeErrors,
  discarded: ({ malformed, wrongSource }) => malformed + wrongSource,
};

/** How one device answers, as readings of its health points. Pure. */
export function deviceReadings(health: DeviceHealth, now: number): Reading[] {
  return health.device.health.flatMap(({ index, source }) => {
    const value = source.from === 'health' ? figureOf[source.figure](health) : undefined;
    return value === undefined ? [] : [{ point: index, at: now, value, quality: good }];
  });
}
