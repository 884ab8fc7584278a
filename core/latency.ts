const windowSeconds = 60;
/** Eighths of a doubling: a figure is off by less than 10 %. */
const stepsPerDoubling = 8;
const buckets = 20 * stepsPerDoubling;

export interface Latency {
  /** ms; what came before its time counts as 0. */
  add(now: number, latencyMs: number): void;
  /** Over the last minute; null when nothing was added. */
  figures(now: number): { readonly p50: number; readonly p99: number } | null;
}

/** A ring of one histogram a second: constant memory, however many values. */
export function latencyWindow(): Latency {
  const seconds = new Float64Array(windowSeconds).fill(-1);
  const counts = Array.from({ length: windowSeconds }, () => new Uint32Array(buckets));

  return {
    add(now, latencyMs) {
      const second = Math.floor(now / 1_000);
      const slot = second % windowSeconds;
      const histogram = counts[slot];
      if (histogram === undefined) return;
      if (seconds[slot] !== second) {
        seconds[slot] = second;
        histogram.fill(0);
      }
      const bucket = bucketOf(latencyMs);
      histogram[bucket] = (histogram[bucket] ?? 0) + 1;
    },
    figures(now) {
      const oldest = Math.floor(now / 1_000) - windowSeconds;
      const sum = new Float64Array(buckets);
      counts.forEach((histogram, slot) => {
        if ((seconds[slot] ?? -1) <= oldest) return;
        histogram.forEach((count, bucket) => (sum[bucket] = (sum[bucket] ?? 0) + count));
      });
      const total = sum.reduce((all, count) => all + count, 0);
      return total === 0 ? null : { p50: quantile(sum, total * 0.5), p99: quantile(sum, total * 0.99) };
    },
  };
}

function bucketOf(ms: number): number {
  return Math.min(buckets - 1, Math.floor(Math.log2(Math.max(0, ms) + 1) * stepsPerDoubling));
}

function quantile(counts: Float64Array, rank: number): number {
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  return Math.round(2 ** ((bucket + 0.5) / stepsPerDoubling) - 1);
}
