import type { DeviceDiagnostics } from '../collectors.ts';
import type { WireDeviceDiagnostics } from './wire.ts';

/** Which devices' health a server has not heard of. */
export interface DiagnosticsChanges {
  /** Rows that changed since they were told last. */
  pending(health: readonly DeviceDiagnostics[]): WireDeviceDiagnostics[];
  told(rows: readonly WireDeviceDiagnostics[]): void;
  /** To a server that knows nothing, all are news. */
  forget(): void;
}

/** Rows in one message; the rest follows with the next. */
const maxRows = 2_000;

export function createDiagnosticsChanges(): DiagnosticsChanges {
  const known = new Map<string, string>();
  return {
    pending: (health) =>
      health
        .map(wireDiagnostics)
        .filter((row) => known.get(row.device) !== JSON.stringify(row))
        .slice(0, maxRows),
    told(rows) {
      for (const row of rows) known.set(row.device, JSON.stringify(row));
    },
    forget: () => known.clear(),
  };
}

function wireDiagnostics({
  device,
  lastAnswerAt,
  latencyMs,
  lastError,
  ...rest
}: DeviceDiagnostics): WireDeviceDiagnostics {
  return {
    ...rest,
    device: device.key,
    lastAnswerAt: lastAnswerAt ?? null,
    latencyMs: latencyMs ?? null,
    lastError: lastError?.slice(0, 2_000) ?? null,
  };
}
