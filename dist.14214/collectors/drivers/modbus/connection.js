import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FieldError } from "../driver.js";
import { ModbusException } from "./exceptions.js";
/** Bytes that nobody asked for, since the last answer; who sends more will not come to his senses. */
const mostJunk = 4_096;
/** Dials once. The socket is ours: it is destroyed for certain, and its end is always noticed. */
export async function openConnection(place, ask) {
    const where = `${place.host}:${place.port}`;
    const socket = connect({ host: place.host, port: place.port, noDelay: true });
    const end = watchEnd(socket);
    try {
        const connected = new Promise((resolve) => socket.once('connect', () => resolve()));
        await settleWithin(connected, `connect to ${where}`, { ...ask, end });
        // Some gateways drop what arrives right after the handshake.
        if (place.pauseMs > 0)
            await sleep(place.pauseMs, undefined, { signal: ask.signal });
        return asConnection(socket, end, place.framing);
    }
    catch (error) {
        socket.destroy();
        throw asFieldError(error);
    }
}
function asConnection(socket, end, framing) {
    let bytes = Buffer.alloc(0);
    let transaction = 0;
    let junk = 0;
    let pending;
    // What comes when nothing is asked is told to who asked last: it is his answer, twice or late.
    let onMalformed = () => undefined;
    function take(chunk) {
        bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
        const waiting = pending;
        const { used, dropped, answer, exception, broken } = framing.scan(bytes, waiting?.request);
        bytes = bytes.subarray(used);
        junk = answer === undefined && exception === undefined ? junk + used : 0;
        for (let count = 0; count < dropped; count += 1)
            onMalformed();
        if (broken !== undefined || junk > mostJunk) {
            onMalformed();
            waiting?.reject(new FieldError('protocol', broken ?? `${junk} bytes that nobody asked for`));
            socket.destroy();
            return;
        }
        if (waiting === undefined || (answer === undefined && exception === undefined))
            return;
        pending = undefined;
        if (answer !== undefined)
            waiting.resolve(answer);
        else
            waiting.reject(new ModbusException(exception ?? 0, describe(waiting.request)));
        if (bytes.length > 0)
            take(Buffer.alloc(0));
    }
    socket.on('data', take);
    return {
        get usable() {
            return end.reason === undefined && socket.readyState === 'open';
        },
        async read(ask) {
            transaction = (transaction + 1) & 0xffff;
            onMalformed = ask.onMalformed;
            const request = { unit: ask.unit, span: ask.span, transaction };
            const answered = new Promise((resolve, reject) => {
                pending = { request, resolve, reject };
                socket.write(framing.encode(request));
            });
            try {
                return await settleWithin(answered, describe(request).asked, { ...ask, end });
            }
            catch (error) {
                if (error instanceof ModbusException)
                    throw error;
                socket.destroy();
                throw asFieldError(error);
            }
            finally {
                pending = undefined;
            }
        },
        close() {
            socket.destroy();
        },
    };
}
function describe({ unit, span }) {
    return { unit, asked: `${span.function} ${span.address}+${span.length} of unit ${unit}` };
}
function watchEnd(socket) {
    const end = { reason: undefined, onEnd: undefined };
    socket.on('error', (error) => (end.reason ??= error));
    socket.once('close', () => {
        end.reason ??= new FieldError('refused', 'connection closed by the device');
        end.onEnd?.();
    });
    return end;
}
/** Deadline, abort and the socket's end all count while work is under way. */
async function settleWithin(work, what, options) {
    const { timeoutMs, signal, end } = options;
    let cleanUp = () => undefined;
    const cut = new Promise((_resolve, reject) => {
        const ended = () => reject(end.reason ?? new FieldError('refused', 'connection closed'));
        const aborted = () => reject(new FieldError('timeout', `given up: ${what}`));
        const late = () => reject(new FieldError('timeout', `no answer within ${timeoutMs} ms: ${what}`));
        const timer = setTimeout(late, timeoutMs);
        signal.addEventListener('abort', aborted, { once: true });
        end.onEnd = ended;
        cleanUp = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', aborted);
            end.onEnd = undefined;
        };
        if (signal.aborted)
            aborted();
        if (end.reason !== undefined)
            ended();
    });
    try {
        return await Promise.race([work, cut]);
    }
    finally {
        cleanUp();
    }
}
function asFieldError(error) {
    if (error instanceof FieldError)
        return error;
    if (!(error instanceof Error))
        return new FieldError('protocol', String(error));
    if (error.name === 'AbortError')
        return new FieldError('timeout', 'given up');
    const code = 'code' in error ? error.code : undefined;
    const refused = typeof code === 'string' && /^E(CONNREFUSED|CONNRESET|PIPE|HOSTUNREACH|NETUNREACH)$/.test(code);
    return new FieldError(refused ? 'refused' : 'protocol', error.message, { cause: error });
}
//# sourceMappingURL=connection.js.map