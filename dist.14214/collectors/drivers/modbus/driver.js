import { planBlocks } from "./blocks.js";
import { isBits } from "./frame.js";
import { createGateway } from "./gateway.js";
import { createPoll } from "./poll.js";
import { registersOf } from "./registers.js";
/** Some devices take 2 s for an answer. Who is alone on his connection may; among others he would hold them up. */
const patienceMs = { alone: 3_000, shared: 1_000 };
/** A serial line needs 3.5 characters of silence between frames: 16 ms at 2,400 baud. What comes twice comes in it, and is dropped. */
const silenceMs = { rtu: 20, tcp: 0 };
/**
 * Modbus TCP and RTU over TCP, reading only. What a site says of a device goes before what its profile says. Throws
 * RangeError where devices behind one gateway differ in framing.
 */
export function modbusDriver(options = {}) {
    const { timeoutMs, retryAfterMs = 600_000, now = () => performance.now() } = options;
    const gateways = new Map();
    function gatewayAt(place, device) {
        const key = `${place.host}:${place.port}`;
        const known = gateways.get(key);
        if (known !== undefined && known.place.framing !== place.framing)
            throw new RangeError(`${device}: ${key} speaks ${known.place.framing} to others, not ${place.framing}`);
        const gateway = known?.gateway ?? createGateway(place, { now, onEmpty: () => gateways.delete(key) });
        gateways.set(key, { gateway, place });
        return gateway;
    }
    return {
        open(device, onFault = () => undefined, onNote) {
            const { address, profile } = device;
            if (address.protocol !== 'modbus' || profile.protocol !== 'modbus')
                throw new TypeError(`${device.key} is no Modbus device`);
            const { host, port, unit, access = {} } = address;
            const { framing = 'tcp' } = access;
            const limits = { ...profile.modbus, ...access };
            const member = gatewayAt({ host, port, framing }, device.key).join({
                pauseAfterConnectMs: limits.pauseAfterConnect ?? 0,
                pauseBetweenMs: limits.pauseBetween ?? silenceMs[framing],
            });
            const ownTimeoutMs = limits.timeout ?? timeoutMs;
            const onMalformed = () => onFault('malformed');
            return {
                plan: (points) => createPoll(planBlocks(points.map(asSpan), limits), {
                    ask: (span, signal) => member.read({
                        unit,
                        span,
                        signal,
                        onMalformed,
                        timeoutMs: ownTimeoutMs ?? patienceMs[member.isAlone() ? 'alone' : 'shared'],
                    }),
                    now,
                    retryAfterMs,
                    onNote,
                }),
                close: () => member.leave(),
            };
        },
    };
}
function asSpan(point) {
    const { source } = point;
    if (source.from !== 'device' || source.read.by !== 'register')
        throw new TypeError(`${point.id} is not read from a register`);
    const { read } = source;
    const length = isBits(read.function) ? 1 : registersOf(read.type);
    return { function: read.function, address: read.address, length, point, read };
}
//# sourceMappingURL=driver.js.map