import type { CollectorFigure } from '../../config/schema/diagnostics.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import { latencyWindow } from '../../core/latency.ts';

/** What a collector does at one site, counted as it happens. */
export interface SiteTally {
  /** A loop of the site slept, and woke so much after its time. */
  woke(now: number, lateMs: number): void;
  took(readings: number): void;
  /** Over the minute before, or since the last start if that is less; called at steady intervals. Absent: nothing to tell. */
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
      const asked = diagnostics.filter(({ device }) => device.address.protocol !== 'mqtt');
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
