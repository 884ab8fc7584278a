import { monitorEventLoopDelay } from 'node:perf_hooks';
const resolutionMs = 20;
const nsPerMs = 1e6;
export function watchLoop() {
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
//# sourceMappingURL=loop-delay.js.map