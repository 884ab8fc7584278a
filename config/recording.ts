import type { Point } from './model.ts';
import type { DeviceKind, Unit } from './schema/common.ts';
import type { RecordingEntry } from './schema/recording.ts';

/** Evidence of what happened in the power chain and of what protects people is stored at full rate. */
const powerUnits: ReadonlySet<Unit> = new Set(['kW', 'kWh', 'kVA', 'kvar', 'V', 'A', 'Hz']);
const powerKinds: ReadonlySet<DeviceKind> = new Set(['ups', 'genset', 'ats', 'meter']);
const safetyKinds: ReadonlySet<DeviceKind> = new Set(['vesda', 'fire-panel', 'leak', 'door', 'cctv']);

type RecordedPoint = Pick<Point, 'quantity' | 'kind' | 'unit' | 'source'>;

/** Why each of its readings is stored whatever the configuration says; undefined: they need not be. */
export function alwaysRecorded({ kind, unit, source }: RecordedPoint): string | undefined {
  if (powerUnits.has(unit)) return 'is of power';
  if (source.from === 'diagnostics' || kind === undefined) return undefined;
  if (powerKinds.has(kind)) return 'is of the power chain';
  return safetyKinds.has(kind) ? 'is of safety' : undefined;
}

export function isRecordedBy({ quantities, kinds }: RecordingEntry, point: RecordedPoint): boolean {
  return (
    quantities.includes(point.quantity) &&
    (kinds === undefined || (point.kind !== undefined && kinds.includes(point.kind)))
  );
}
