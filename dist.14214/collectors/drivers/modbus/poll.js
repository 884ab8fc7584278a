import { FieldError } from "../driver.js";
import { splitBlock } from "./blocks.js";
import { ModbusException } from "./exceptions.js";
import { createProof } from "./proof.js";
import { decodeSpan, spanBytes } from "./registers.js";
/** A single value that the device refused is not asked for again so soon: it may only be starting, but most never come. */
const restMs = 30_000;
/**
 * Reads the planned blocks. What the device refuses is asked for in smaller ones, down to single values; the smaller plan
 * is kept, so that a hole in its map costs once and not at every poll, and the whole one is tried again after a while.
 */
export function createPoll(planned, { ask, now, retryAfterMs, onNote }) {
    const proof = createProof({ now, longestRetryMs: retryAfterMs });
    let noted = 0;
    let blocks = planned;
    let refusedAt;
    /** Blocks that cannot be made smaller and were refused. */
    const resting = new Map();
    /** The block's values, as far as they are proved: the rest follows with a later poll. */
    async function valuesOf(block, bytes, signal) {
        const values = [];
        for (const span of block.spans) {
            const own = spanBytes(block, span, bytes);
            const stoodAlone = span.length === block.length;
            const isProved = stoodAlone || own.some((byte) => byte !== 0);
            const verdict = isProved ? 'there' : await proof.ofZero(span, (each) => ask(each, signal));
            if (verdict === 'absent') {
                refusedAt ??= now();
                values.push({ point: span.point, raw: null, reason: 'no-value', note: unproved });
            }
            else if (verdict === 'there')
                values.push(rawValue(span, own));
        }
        return values;
    }
    function noteAbsent() {
        const pending = proof.pending();
        const absent = pending?.absent ?? 0;
        if (pending !== undefined && absent !== noted)
            onNote?.(absentText(absent, pending.inMs));
        noted = absent;
    }
    return {
        async read(signal) {
            if (refusedAt !== undefined && now() - refusedAt >= retryAfterMs) {
                refusedAt = undefined;
                blocks = planned;
                resting.clear();
                proof.forget();
            }
            const next = [];
            const values = [];
            const begun = now();
            const rests = (block) => (resting.get(block)?.until ?? 0) > begun;
            // At least one is asked, or nobody would know whether the device is still there.
            const todo = blocks.some((block) => !rests(block))
                ? blocks.filter((block) => !rests(block))
                : blocks.slice(0, 1);
            let answered = false;
            let lastRefusal;
            const miss = (block, reason, error) => {
                next.push(block);
                const note = noteOf(error);
                for (const { point } of block.spans)
                    values.push({ point, raw: null, reason, ...note });
            };
            for (const block of blocks)
                if (!todo.includes(block))
                    miss(block, 'no-value', resting.get(block)?.error);
            for (let block = todo.shift(); block !== undefined; block = todo.shift()) {
                try {
                    const bytes = await ask(block, signal);
                    answered = true;
                    values.push(...(await valuesOf(block, bytes, signal)));
                    next.push(block);
                }
                catch (error) {
                    const refusal = refusalOf(error);
                    if (refusal === 'absent') {
                        // Without any answer the device is not there; with some, only the rest of this poll is missing.
                        if (!answered)
                            throw asFieldError(error);
                        for (const rest of [block, ...todo.splice(0)])
                            miss(rest, 'timeout', error);
                        continue;
                    }
                    lastRefusal = error;
                    if (refusal === 'place')
                        refusedAt ??= now();
                    const smaller = refusal === 'place' ? splitBlock(block) : [];
                    todo.unshift(...smaller);
                    if (smaller.length === 0)
                        miss(block, refusal === 'later' ? 'timeout' : 'no-value', error);
                    if (smaller.length === 0 && refusal === 'place')
                        resting.set(block, { until: begun + restMs, error });
                    answered ||= refusal === 'place';
                }
            }
            if (!answered && lastRefusal !== undefined)
                throw asFieldError(lastRefusal);
            blocks = next;
            if (answered)
                await proof.retry((span) => ask(span, signal));
            noteAbsent();
            return values;
        },
    };
}
const unproved = 'zero inside a block, but not answered when asked for alone: the device has no such register';
function absentText(absent, inMs) {
    const seconds = Math.ceil(inMs / 1_000);
    return `${absent} values read zero inside a block but were not answered when asked for alone: no value; asked again in ${seconds} s`;
}
/** Whatever is no exception of the device itself is no answer of it at all. */
function refusalOf(error) {
    return error instanceof ModbusException ? error.refusal : 'absent';
}
function asFieldError(error) {
    if (!(error instanceof ModbusException))
        return error;
    const kind = error.refusal === 'absent' ? 'timeout' : 'refused';
    return new FieldError(kind, error.message, { cause: error });
}
function noteOf(error) {
    if (error instanceof ModbusException)
        return { note: error.meaning };
    return error instanceof Error ? { note: error.message } : {};
}
function rawValue({ point, function: name, read }, bytes) {
    const raw = decodeSpan(name, bytes, read);
    return raw === null ? { point, raw, reason: 'no-value' } : { point, raw };
}
//# sourceMappingURL=poll.js.map