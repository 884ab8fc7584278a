import type { DeviceDiagnostics } from '../collectors.ts';
import type { WireDeviceDiagnostics } from './wire.ts';

/** Which devices' diagnostics the server does not have yet. */
export interface DiagnosticsChanges {
  /** Rows that changed since they were last sent. */
  pending(health: readonly DeviceDiagnostics[]): WireDeviceDiagnostics[];
  markSent(rows: readonly WireDeviceDiagnostics[]): void;
  /** A server that has just started needs all rows again. */
  forget(): void;
}

/** Rows in one message; the others follow in the next. */
const maxRows = 2_000;

export function createDiagnosticsChanges(): DiagnosticsChanges {
  const known = new Map<string, string>();
  return {
    pending: (health) =>
      health
        .map(wireDiagnostics)
        .filter((row) => known.get(row.device) !== JSON.stringify(row))
        .slice(0, maxRows),
    markSent(rows) {
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
