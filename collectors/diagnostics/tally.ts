import type { CollectorFigure, DeviceFigure } from '../../config/schema/diagnostics.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { latencyWindow } from '../../core/latency.ts';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Reading, good } from '../../core/reading.ts';

/** What a collector does at one site, counted as it happens. */
export interface SiteTally {
  /** A loop of the site slept, and woke so much after its time. */
  woke(now: number, lateMs: number): void;
  took(readings: number): void;
  /** Over the minute before, or since the last start if that is less; called at steady intervals. Absent: nothing to report. */
  figures(now: number, diagnostics: readonly DeviceDiagnostics[]): Partial<Record<CollectorFigure, number>>;
}

interface Totals {
  readonly at: number;
  readonly polls: number;
  readonly skipped: number;
  readonly readings: number;
}

const windowMs = 60_000;
const msPerSecond = 1_000;

export function createSiteTally(startedAt: number): SiteTally {
  const lateness = latencyWindow();
  let readings = 0;
  /** Ascending; the first is a minute old. */
  let totals: Totals[] = [{ at: startedAt, polls: 0, skipped: 0, readings: 0 }];

  return {
    woke: (now, lateMs) => lateness.add(now, lateMs),
    took(count) {
      readings += count;
    },
    figures(now, diagnostics) {
      const asked = diagnostics.filter(
        ({ device: { address } }) => address.protocol === 'snmp' || address.protocol === 'modbus',
      );
      const sum = (pick: 'polls' | 'skipped'): number => asked.reduce((all, each) => all + each[pick], 0);
      const last = { at: now, polls: sum('polls'), skipped: sum('skipped'), readings };
      const first = totals.find(({ at }) => now - at <= windowMs) ?? last;
      totals = [...totals.filter(({ at }) => at >= first.at), last];
      const late = lateness.figures(now);
      return {
        ...rates(first, last),
        lost: diagnostics.filter(({ state }) => state === 'lost').length,
        ...(late === null ? {} : { lateness: late.p99 / msPerSecond }),
      };
    },
  };
}

/** What happened between two moments; nothing between a moment and itself. Pure. */
function rates(first: Totals, last: Totals): Partial<Record<CollectorFigure, number>> {
  const seconds = (last.at - first.at) / msPerSecond;
  if (seconds <= 0) return {};
  const polls = last.polls - first.polls;
  const skipped = last.skipped - first.skipped;
  return {
    polls: polls / seconds,
    readings: (last.readings - first.readings) / seconds,
    ...(polls + skipped === 0 ? {} : { skipped: (skipped / (polls + skipped)) * 100 }),
  };
}

/** How long the process was deaf: what it does for one device keeps all others waiting. */
export interface LoopDelay {
  start(): void;
  /** p99 since it was asked last, ms. */
  take(): number;
  stop(): void;
}

const resolutionMs = 20;
const nsPerMs = 1e6;

export function watchLoop(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  return {
    start: () => void histogram.enable(),
    take() {
      // A loop with nothing to do comes back after the resolution.
      const delayMs = Math.max(0, histogram.percentile(99) / nsPerMs - resolutionMs);
      histogram.reset();
      return delayMs;
    },
    stop: () => void histogram.disable(),
  };
}

/** Undefined: not known; a lost device has no latency, whatever its last one was. */
const figureOf: Readonly<Record<DeviceFigure, (row: DeviceDiagnostics) => number | undefined>> = {
  latency: ({ state, latencyMs }) =>
    state === 'ok' && latencyMs !== undefined ? latencyMs / msPerSecond : undefined,
  timeouts: ({ timeouts }) => timeouts,
  late: ({ late }) => late,
  skipped: ({ skipped }) => skipped,
  stretch: ({ state, stretch }) => (state === 'ok' ? stretch : undefined),
  clock: ({ clockOffsetMs }) =>
    clockOffsetMs === undefined ? undefined : Math.abs(clockOffsetMs) / msPerSecond,
  decodeErrors: ({ decodeErrors }) => decodeErrors,
  discarded: ({ malformed, wrongSource }) => malformed + wrongSource,
};

/** How one device answers, as readings of its diagnostic points. Pure. */
export function deviceReadings(diagnostics: DeviceDiagnostics, now: number): Reading[] {
  return diagnostics.device.diagnostics.flatMap(({ index, source }) => {
    const value = source.from === 'diagnostics' ? figureOf[source.figure](diagnostics) : undefined;
    return value === undefined ? [] : [{ point: index, at: now, value, quality: good }];
  });
}
