import { ModbusException } from "./exceptions.js";
const firstRetryMs = 5_000;
/** Refusals cost a round trip each; on a slow serial line many of them would delay its other devices. */
const refusalsPerRetry = 8;
/** @param longestRetryMs the interval between retries doubles up to this */
export function createProof(options) {
    const { now, longestRetryMs } = options;
    const known = new Map();
    const silences = new Set();
    /** In the order in which they are asked for again. */
    const absent = new Map();
    let waitMs = Math.min(firstRetryMs, longestRetryMs);
    let retryAt = 0;
    function settle(place, span, verdict) {
        known.set(place, verdict);
        if (verdict !== 'absent') {
            absent.delete(place);
            return;
        }
        if (absent.size === 0)
            retryAt = now() + waitMs;
        absent.set(place, span);
    }
    return {
        async ofZero(span, ask) {
            const place = placeOf(span);
            const before = known.get(place);
            if (before !== undefined)
                return before;
            const verdict = await ask(span).then(() => 'there', (error) => {
                const refused = verdictOfRefusal(error);
                if (refused !== undefined)
                    return refused;
                if (silences.has(place))
                    settle(place, span, 'absent');
                silences.add(place);
                throw error;
            });
            if (verdict !== 'unknown')
                settle(place, span, verdict);
            return verdict;
        },
        async retry(ask) {
            if (absent.size === 0 || now() < retryAt)
                return;
            let found = false;
            let refusals = 0;
            const queue = [...absent];
            for (const [place, span] of queue) {
                const verdict = await ask(span).then(() => 'there', (error) => verdictOfRefusal(error) ?? 'silent');
                if (verdict === 'there') {
                    found = true;
                    settle(place, span, verdict);
                    continue;
                }
                // To the end of the queue: a hole must not keep the others from being asked for.
                absent.delete(place);
                absent.set(place, span);
                refusals += 1;
                if (verdict === 'silent' || refusals >= refusalsPerRetry)
                    break;
            }
            waitMs = Math.min(found ? firstRetryMs : waitMs * 2, longestRetryMs);
            retryAt = now() + waitMs;
        },
        forget() {
            for (const place of absent.keys())
                known.delete(place);
            absent.clear();
            silences.clear();
        },
        pending: () => absent.size === 0 ? undefined : { absent: absent.size, inMs: Math.max(0, retryAt - now()) },
    };
}
function placeOf(span) {
    return `${span.function} ${span.address}+${span.length}`;
}
/** Undefined: that was no refusal of the device, but silence. */
function verdictOfRefusal(error) {
    if (!(error instanceof ModbusException) || error.refusal === 'absent')
        return undefined;
    return error.refusal === 'place' ? 'absent' : 'unknown';
}
//# sourceMappingURL=proof.js.map