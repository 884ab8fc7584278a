import { good } from "../../core/reading.js";
const msPerSecond = 1_000;
/** Undefined: not known; a lost device has no latency, whatever its last one was. */
const figureOf = {
    latency: ({ state, latencyMs }) => state === 'ok' && latencyMs !== undefined ? latencyMs / msPerSecond : undefined,
    timeouts: ({ timeouts }) => timeouts,
    late: ({ late }) => late,
    skipped: ({ skipped }) => skipped,
    decodeErrors: ({ decodeErrors }) => decodeErrors,
    discarded: ({ malformed, wrongSource }) => malformed + wrongSource,
};
/** How one device answers, as readings of its diagnostic points. Pure. */
export function deviceReadings(diagnostics, now) {
    return diagnostics.device.diagnostics.flatMap(({ index, source }) => {
        const value = source.from === 'diagnostics' ? figureOf[source.figure](diagnostics) : undefined;
        return value === undefined ? [] : [{ point: index, at: now, value, quality: good }];
    });
}
//# sourceMappingURL=device.js.map