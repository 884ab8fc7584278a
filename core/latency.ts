import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const slotMs = 1_000;
const slots = 60;
/** Ten minutes; what took longer counts as that. Two figures: 1 % off at most. */
const limits = { lowest: 1, highest: 600_000, figures: 2 };

export interface Latency {
  /** ms; what came before its time counts as 0. */
  add(now: number, latencyMs: number): void;
  /** Over the last minute; null when nothing was added. */
  figures(now: number): { readonly p50: number; readonly p99: number } | null;
}

/** A ring of one histogram a second: constant memory, however many values. `now` is monotonic. */
export function latencyWindow(): Latency {
  const ring = Array.from({ length: slots }, () => ({ period: -1, histogram: createHistogram(limits) }));
  const periodOf = (now: number): number => Math.floor(now / slotMs);

  return {
    add(now, latencyMs) {
      const period = periodOf(now);
      const slot = ring[period % slots];
      if (slot === undefined) return;
      if (slot.period !== period) {
        slot.period = period;
        slot.histogram.reset();
      }
      // It takes whole numbers from 1: shifted by one, so that 0 stays 0.
      slot.histogram.record(Math.min(limits.highest, Math.round(Math.max(0, latencyMs)) + 1));
    },
    figures(now) {
      const oldest = periodOf(now) - slots;
      const minute = createHistogram(limits);
      for (const { period, histogram } of ring)
        if (period > oldest && histogram.count > 0) minute.add(histogram);
      return minute.count === 0 ? null : { p50: quantile(minute, 50), p99: quantile(minute, 99) };
    },
  };
}

function quantile(histogram: RecordableHistogram, percent: number): number {
  return histogram.percentile(percent) - 1;
}
