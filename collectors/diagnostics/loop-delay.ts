import { monitorEventLoopDelay } from 'node:perf_hooks';

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
