import { instantOf } from "../../core/clock.js";
import { slotAfter, stableHash } from "../poller/schedule.js";
import { good } from "../../core/reading.js";
import { deviceReadings } from "./device.js";
import { createSiteTally } from "./tally.js";
/** Twelve looks a minute: often enough to spread the readings, rare enough that looking at all costs nothing. */
const sweepMs = 5_000;
/** One loop looks at all: each device and site has its own place in the interval, so that the readings come evenly. */
export function createDiagnosticsSweep(options) {
    const { model, clock, sink, diagnostics, loopDelay } = options;
    const sites = [...new Set(model.devices.map(({ site }) => site))];
    const tallies = new Map(sites.map((site) => [site, createSiteTally(clock.monotonic())]));
    const own = model.points.filter(({ source, site }) => source.from === 'collector' && tallies.has(site));
    const tallyOf = model.points.map(({ site }) => tallies.get(site));
    /** Of what has its turn in (since, now]. */
    function turn(since, now) {
        const isDue = (point, key) => point !== undefined && slotAfter(since, point.intervalMs, stableHash(key)) <= now.monotonic;
        const rows = diagnostics();
        const readings = rows
            .filter(({ device }) => isDue(device.diagnostics[0], device.key))
            .flatMap((row) => deviceReadings(row, now.at));
        if (!isDue(own[0], 'collector'))
            return readings;
        return [...readings, ...ownReadings(rows, now)];
    }
    function ownReadings(rows, { at, monotonic }) {
        const loop = loopDelay === undefined ? {} : { loopDelay: loopDelay.take() / 1_000 };
        return [...tallies].flatMap(([site, tally]) => {
            const ofSite = rows.filter(({ device }) => device.site === site);
            const figures = { ...tally.figures(monotonic, ofSite), ...loop };
            return own.flatMap((point) => {
                if (point.site !== site || point.source.from !== 'collector')
                    return [];
                const value = figures[point.source.figure];
                return value === undefined ? [] : [{ point: point.index, at, value, quality: good }];
            });
        });
    }
    return {
        woke: (site, lateMs) => tallies.get(site)?.woke(clock.monotonic(), lateMs),
        took(readings) {
            for (const { point } of readings)
                tallyOf[point]?.took(1);
        },
        async run(signal) {
            let since = clock.monotonic();
            while (!signal.aborted) {
                await clock.sleep(since + sweepMs - clock.monotonic(), signal);
                if (signal.aborted)
                    return;
                const now = instantOf(clock);
                const readings = turn(since, now);
                since = now.monotonic;
                if (readings.length > 0)
                    sink(readings);
            }
        },
    };
}
//# sourceMappingURL=sweep.js.map