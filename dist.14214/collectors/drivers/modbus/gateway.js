import { FieldError } from "../driver.js";
import { openConnection } from "./connection.js";
import { rtuFraming } from "./rtu.js";
import { tcpFraming } from "./tcp.js";
import { createTurns } from "./turns.js";
/**
 * One request at a time, in turns between the units, so that a unit that is dead costs the others one of its timeouts and
 * no more. After a fault the next request gets a fresh connection; a dial that fails fails for all who wait, since they
 * share it.
 * @param now monotonic, ms
 */
export function createGateway(place, options) {
    const { now, onEmpty } = options;
    const framing = place.framing === 'rtu' ? rtuFraming : tcpFraming;
    const members = new Set();
    const turns = createTurns();
    let connection;
    let running = false;
    let quietUntil = 0;
    let wake = () => undefined;
    async function run() {
        running = true;
        while (turns.size > 0) {
            const time = now();
            const dueIn = Math.max(quietUntil - time, turns.dueIn(time));
            if (dueIn > 0) {
                await pause(dueIn);
                continue;
            }
            const job = turns.next(time);
            if (job === undefined)
                continue;
            if (job.ask.signal.aborted)
                job.reject(noTurn());
            else
                await serve(job);
        }
        running = false;
    }
    /** Ends early when a request comes in: its unit may be free. */
    async function pause(ms) {
        await new Promise((resolve) => {
            const timer = setTimeout(resolve, ms);
            wake = () => {
                clearTimeout(timer);
                resolve();
            };
        });
        wake = () => undefined;
    }
    async function serve({ ask, resolve, reject }) {
        const wasOpen = connection?.usable === true;
        const outcome = await attempt(ask);
        // What a device closed while nobody asked is no fault of the one who asks next.
        const isStale = wasOpen && outcome instanceof FieldError && outcome.kind === 'refused';
        const final = isStale && !ask.signal.aborted ? await attempt(ask) : outcome;
        if (final instanceof Error)
            reject(final);
        else
            resolve(final);
        // A late answer in RTU says neither when nor where it was asked for: its unit rests until none can come.
        if (place.framing === 'rtu' && final instanceof FieldError && final.kind === 'timeout')
            turns.rest(ask.unit, now() + ask.timeoutMs);
        quietUntil = now() + longest('pauseBetweenMs');
    }
    async function attempt(ask) {
        let open = connection?.usable === true ? connection : undefined;
        if (open === undefined) {
            try {
                open = await openConnection({ ...place, framing, pauseMs: longest('pauseAfterConnectMs') }, ask);
            }
            catch (error) {
                // An abort is this job's alone; anything else is true for the gateway.
                if (!ask.signal.aborted)
                    for (const other of turns.clear())
                        other.reject(error);
                return asError(error);
            }
            connection = open;
            if (members.size === 0)
                open.close();
        }
        return await open.read(ask).catch(asError);
    }
    function longest(pause) {
        return Math.max(0, ...[...members].map((pace) => pace[pause]));
    }
    return {
        join(pace) {
            const own = { ...pace };
            members.add(own);
            return {
                async read(ask) {
                    if (!members.has(own))
                        throw new FieldError('refused', 'closed');
                    let giveUp = () => undefined;
                    const answered = new Promise((resolve, reject) => {
                        const job = { unit: ask.unit, ask, resolve, reject };
                        giveUp = () => {
                            if (turns.remove(job))
                                reject(noTurn());
                        };
                        ask.signal.addEventListener('abort', giveUp, { once: true });
                        turns.add(job);
                        wake();
                        if (!running)
                            void run();
                    });
                    return await answered.finally(() => ask.signal.removeEventListener('abort', giveUp));
                },
                isAlone: () => members.size === 1,
                leave() {
                    if (!members.delete(own) || members.size > 0)
                        return;
                    onEmpty();
                    connection?.close();
                    for (const job of turns.clear())
                        job.reject(new FieldError('refused', 'closed'));
                    wake();
                },
            };
        },
    };
}
function noTurn() {
    return new FieldError('timeout', 'no turn on the gateway before the deadline');
}
function asError(error) {
    return error instanceof Error ? error : new FieldError('protocol', String(error));
}
//# sourceMappingURL=gateway.js.map