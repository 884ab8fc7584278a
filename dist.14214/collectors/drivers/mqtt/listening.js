import { createCounters } from "../../profile/counters.js";
import { toReadings } from "../../profile/decode.js";
import { createWatch } from "../../poller/watch.js";
import { qualityCode } from "../../../core/reading.js";
export function createListening(device, { silentAfterMs, log, onDecoded }) {
    const watch = createWatch(device, log);
    const counters = createCounters();
    let heardAt = 0;
    let linkAt = -Infinity;
    let refused;
    let flooding = false;
    let badEvents = false;
    function link(now) {
        const reading = watch.linkReading(now.at);
        if (reading === undefined)
            return [];
        linkAt = now.monotonic;
        return [reading];
    }
    return {
        watch,
        isFresh: (now) => watch.presence.state === 'ok' && now.monotonic - heardAt <= silentAfterMs,
        decode(raws, now) {
            const { readings, decodeErrors } = toReadings(raws, now.at, counters);
            watch.decodeErrors(decodeErrors, `${decodeErrors} values of a message could not be decoded`);
            onDecoded?.(raws, readings);
            return readings;
        },
        begin(now) {
            heardAt = now.monotonic;
        },
        hear(now) {
            const before = watch.presence.state;
            heardAt = now.monotonic;
            watch.count('polls');
            watch.answer(now.at);
            return before === 'ok' ? [] : link(now);
        },
        leave(why, now) {
            watch.lose(why);
            return link(now);
        },
        sweep(now, trouble) {
            const edge = now.monotonic - heardAt > silentAfterMs && watch.presence.state !== 'lost';
            if (edge) {
                watch.count('timeouts');
                const why = refused ?? (trouble === undefined ? undefined : awayText(trouble));
                watch.lose(`silent for more than ${silentAfterMs / 1_000} s${why === undefined ? '' : `; ${why}`}`);
            }
            return edge || now.monotonic - linkAt >= device.link.intervalMs ? link(now) : [];
        },
        refuse(topic) {
            refused = `the broker refuses the subscription to ${topic}`;
            watch.note(refused);
        },
        eventTrouble(what) {
            if (what !== undefined && !badEvents)
                log.error({ device: device.key, what }, 'events of a device cannot be read; the messages are dropped or incomplete');
            badEvents = what !== undefined;
        },
        surplus(count) {
            if (count > 0) {
                watch.count('skipped', count);
                const what = `${count} messages too many in one second: only the newest of each topic were read`;
                watch.note(what);
                if (!flooding)
                    log.warn({ device: device.key }, `device floods: ${what}`);
            }
            else if (flooding)
                log.info({ device: device.key }, 'device floods no more');
            flooding = count > 0;
        },
    };
}
/** Why nothing comes of any device of a broker. */
export function awayText(trouble) {
    return `the broker is away: ${trouble}`;
}
/** All values of a device that says it is gone. */
export function disconnected(device, now) {
    return device.points.map((point) => ({
        point: point.index,
        at: now.at,
        value: Number.NaN,
        quality: qualityCode('disconnected'),
    }));
}
//# sourceMappingURL=listening.js.map