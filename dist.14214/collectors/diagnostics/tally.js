import { latencyWindow } from "../../core/latency.js";
const windowMs = 60_000;
const msPerSecond = 1_000;
export function createSiteTally(startedAt) {
    const lateness = latencyWindow();
    let readings = 0;
    /** Ascending; the first is a minute old. */
    let totals = [{ at: startedAt, polls: 0, skipped: 0, readings: 0 }];
    return {
        woke: (now, lateMs) => lateness.add(now, lateMs),
        took(count) {
            readings += count;
        },
        figures(now, diagnostics) {
            const asked = diagnostics.filter(({ device }) => device.address.protocol !== 'mqtt');
            const sum = (pick) => asked.reduce((all, each) => all + each[pick], 0);
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
function rates(first, last) {
    const seconds = (last.at - first.at) / msPerSecond;
    if (seconds <= 0)
        return {};
    const polls = last.polls - first.polls;
    const skipped = last.skipped - first.skipped;
    return {
        polls: polls / seconds,
        readings: (last.readings - first.readings) / seconds,
        ...(polls + skipped === 0 ? {} : { skipped: (skipped / (polls + skipped)) * 100 }),
    };
}
//# sourceMappingURL=tally.js.map