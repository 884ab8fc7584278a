import { answerBytes, encodePdu, exceptionFlag, functionCode } from "./frame.js"; // prettier-ignore
/** Unit, function and number of bytes before the values; two bytes of CRC behind. */
const headBytes = 3;
const crcBytes = 2;
/** Unit, function, exception. */
const exceptionBytes = 3;
/**
 * Modbus RTU as serial gateways carry it over TCP: unit, PDU, CRC, and nothing that tells where a frame begins. Silence
 * does not survive TCP, so an answer is known by its whole form: unit, function, number of bytes and CRC must be those
 * of the request, wherever they stand. Noise and broken frames before it are dropped.
 */
export const rtuFraming = {
    encode(request) {
        const frame = Buffer.concat([Buffer.from([request.unit]), encodePdu(request), Buffer.alloc(crcBytes)]);
        frame.writeUInt16LE(crc16(frame.subarray(0, -crcBytes)), frame.length - crcBytes);
        return frame;
    },
    scan(bytes, request) {
        if (request === undefined)
            return { used: bytes.length, dropped: bytes.length > 0 ? 1 : 0 };
        let beginning = bytes.length;
        for (let at = 0; at < bytes.length; at += 1) {
            const form = formOf(bytes, at, request);
            if (form === undefined)
                continue;
            const end = at + form.length + crcBytes;
            if (end > bytes.length)
                beginning = Math.min(beginning, at);
            else if (bytes.readUInt16LE(end - crcBytes) === crc16(bytes.subarray(at, end - crcBytes)))
                return { used: end, dropped: at > 0 ? 1 : 0, ...form.read(bytes.subarray(at, end - crcBytes)) };
        }
        return { used: beginning, dropped: beginning > 0 ? 1 : 0 };
    },
};
/** What begins at this place, as far as it has come, if it may be an answer to the request. */
function formOf(bytes, at, request) {
    const [unit, code, third] = bytes.subarray(at, at + headBytes);
    const wanted = functionCode(request);
    const expected = answerBytes(request);
    if (unit !== request.unit)
        return undefined;
    if (code === (wanted | exceptionFlag))
        return { length: exceptionBytes, read: (frame) => ({ exception: frame.readUInt8(2) }) };
    if ((code ?? wanted) !== wanted || (third ?? expected) !== expected)
        return undefined;
    return { length: headBytes + expected, read: (frame) => ({ answer: frame.subarray(headBytes) }) };
}
const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1)
        crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001;
    return crc;
});
/** CRC-16 of Modbus over serial line (V1.02, 6.2.2); sent low byte first. */
export function crc16(bytes) {
    let crc = 0xffff;
    for (const byte of bytes)
        crc = (crc >> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
    return crc;
}
//# sourceMappingURL=rtu.js.map