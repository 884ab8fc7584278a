const slotMs = 1_000;
const slots = 60;
/** Ten minutes; what took longer counts as that. */
const longestMs = 600_000;

export interface Latency {
  /** ms; what came before its time counts as 0. */
  add(now: number, latencyMs: number): void;
  /** Over the last minute, 1 % off at most; null when nothing was added. */
  figures(now: number): { readonly p50: number; readonly p99: number } | null;
}

/**
 * A ring of one histogram a second: constant memory, however many values. `now` is monotonic. Plain counts: Node's own histograms take
 * 15 kB each and a call into native code for every value.
 */
export function latencyWindow(): Latency {
  const ring = Array.from({ length: slots }, () => ({ period: -1, counts: new Uint32Array(bins) }));
  const periodOf = (now: number): number => Math.floor(now / slotMs);

  return {
    add(now, latencyMs) {
      const period = periodOf(now);
      const slot = ring[period % slots];
      if (slot === undefined) return;
      if (slot.period !== period) {
        slot.period = period;
        slot.counts.fill(0);
      }
      const bin = binOf(Math.min(longestMs, Math.round(Math.max(0, latencyMs))));
      slot.counts[bin] = (slot.counts[bin] ?? 0) + 1;
    },
    figures(now) {
      const oldest = periodOf(now) - slots;
      const minute = new Float64Array(bins);
      let all = 0;
      for (const { period, counts } of ring) {
        if (period <= oldest) continue;
        for (let bin = 0; bin < bins; bin += 1) {
          const count = counts[bin] ?? 0;
          minute[bin] = (minute[bin] ?? 0) + count;
          all += count;
        }
      }
      return all === 0 ? null : { p50: quantile(minute, 0.5 * all), p99: quantile(minute, 0.99 * all) };
    },
  };
}

/** Whole milliseconds up to here have a bin each; above, every doubling is divided into half as many. */
const exact = 128;
const perDoubling = exact / 2;
const bins = binOf(longestMs) + 1;

function binOf(ms: number): number {
  if (ms < exact) return ms;
  const doublings = Math.floor(Math.log2(ms / exact)) + 1;
  return exact + (doublings - 1) * perDoubling + Math.floor(ms / 2 ** doublings) - perDoubling;
}

/** The middle of what a bin holds. */
function msOf(bin: number): number {
  if (bin < exact) return bin;
  const doublings = Math.floor((bin - exact) / perDoubling) + 1;
  const width = 2 ** doublings;
  return (((bin - exact) % perDoubling) + perDoubling) * width + width / 2;
}

function quantile(counts: Float64Array, wanted: number): number {
  let seen = 0;
  return Math.min(longestMs, msOf(counts.findIndex((count) => (seen += count) >= wanted)));
}
