import { pino } from 'pino';
import { loadConfig } from "../config/load.js";
import { good } from "../core/reading.js";
import { bindRules } from "../config/alarms/bind.js";
import { createAlarmEngine } from "../server/alarms/engine.js";
import { createReport } from "./figures.js";
/**
 * Readings judged per second on one core with every shipped rule on the whole estate. Only points that some rule judges
 * count. The readings' time goes on by a second a round; one point in 400 is beyond its limit for 90 rounds, so that
 * delays run out and alarms come and go. What counts is the CPU time spent judging, which a busy machine does not
 * stretch. Prints the figure beside its aim and asserts none; `--json` prints it as JSON.
 */
const warmUpMs = 2_000;
const measureMs = 5_000;
const aimPerSecond = 1_000_000;
const batchSize = 64;
const roundMs = 1_000;
const beyondRounds = 90;
const beyondEvery = 400;
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok)
    throw new Error('the configuration is broken: pantau check-config');
const bound = bindRules(loaded.model);
let now = Date.UTC(2026, 10, 23, 3);
const clock = { now: () => now, monotonic: () => now };
let transitions = 0;
const engine = createAlarmEngine({
    bound,
    clock,
    log: pino({ level: 'error' }, process.stderr),
    restored: new Map(),
    onChanges(changes) {
        transitions += changes.length;
    },
});
const judged = bound.byPoint.flatMap((alarms, point) => alarms === undefined || alarms[0] === undefined ? [] : [{ point, ...valuesOf(alarms, alarms[0]) }]);
/** A value that no rule on the point objects to, and one that its first rule does. */
function valuesOf(alarms, first) {
    const codes = new Set(alarms.flatMap(({ test }) => (test.kind === 'states' ? [...test.codes] : [])));
    let low = -Infinity;
    let high = Infinity;
    for (const { test } of alarms) {
        if (test.kind === 'above')
            high = Math.min(high, test.limit - test.deadband);
        if (test.kind === 'below')
            low = Math.max(low, test.limit + test.deadband);
    }
    let calm = Number.isFinite(low) ? (Number.isFinite(high) ? (low + high) / 2 : low + 1) : high - 1;
    if (codes.size > 0)
        for (calm = 0; codes.has(calm);)
            calm += 1;
    const { test } = first;
    if (test.kind === 'states')
        return { calm, beyond: [...test.codes][0] ?? 0 };
    if (!('limit' in test))
        return { calm, beyond: calm };
    return { calm, beyond: test.kind === 'above' ? test.limit + 1 : test.limit - 1 };
}
/** Batches of one round, as devices deliver them; made before the clock runs, since making them is not judging. */
function round(number) {
    const batches = [];
    for (let from = 0; from < judged.length; from += batchSize)
        batches.push(judged.slice(from, from + batchSize).map(({ point, calm, beyond }, place) => {
            const turn = Math.floor(number / beyondRounds) * 7 + from + place;
            const isBeyond = turn % beyondEvery === 0;
            return { point, at: now, value: isBeyond ? beyond : calm, quality: good };
        }));
    return batches;
}
/** Judges rounds until so much CPU time was spent judging; returns readings and that time. */
function judgeFor(ms) {
    let readings = 0;
    let spentMs = 0;
    for (let number = 0; spentMs < ms; number += 1) {
        now += roundMs;
        const batches = round(number);
        const before = process.cpuUsage();
        for (const batch of batches)
            engine.accept(batch);
        engine.tick();
        const { user, system } = process.cpuUsage(before);
        spentMs += (user + system) / 1_000;
        readings += judged.length;
    }
    return { readings, spentMs };
}
judgeFor(warmUpMs);
const transitionsBefore = transitions;
const { readings, spentMs } = judgeFor(measureMs);
const perSecond = Math.round((readings / spentMs) * 1_000);
const report = createReport();
report.note(`${loaded.model.rules.length} rules, ${bound.alarms.length} alarms on ${judged.length} points; Node ${process.version}`);
report.note(`warm-up ${warmUpMs / 1_000} s, measured ${(spentMs / 1_000).toFixed(1)} s of CPU, ${transitions - transitionsBefore} transitions meanwhile`);
report.figure('readings judged per second', perSecond, '1/s', { aim: { atLeast: aimPerSecond } });
report.end();
//# sourceMappingURL=rules.js.map