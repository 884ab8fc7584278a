import { answerBytes, encodePdu, exceptionFlag, functionCode } from "./frame.js"; // prettier-ignore
const headBytes = 7;
/** Unit, function and one byte at least; at most what the longest PDU holds. */
const lengths = { least: 3, most: 254 };
/** Modbus TCP: transaction, protocol (0), length, unit, then the PDU (Messaging on TCP/IP Implementation Guide 1.0b). */
export const tcpFraming = {
    encode(request) {
        const pdu = encodePdu(request);
        const head = Buffer.alloc(headBytes);
        head.writeUInt16BE(request.transaction, 0);
        head.writeUInt16BE(pdu.length + 1, 4);
        head.writeUInt8(request.unit, 6);
        return Buffer.concat([head, pdu]);
    },
    scan(bytes, request) {
        let at = 0;
        let dropped = 0;
        while (bytes.length - at >= headBytes) {
            const length = bytes.readUInt16BE(at + 4);
            if (bytes.readUInt16BE(at + 2) !== 0 || length < lengths.least || length > lengths.most)
                return { used: bytes.length, dropped, broken: 'what came is no Modbus TCP' };
            const end = at + headBytes - 1 + length;
            if (bytes.length < end)
                break;
            const isOurs = bytes.readUInt16BE(at) === request?.transaction && bytes.readUInt8(at + 6) === request.unit;
            if (isOurs)
                return { used: end, dropped, ...readPdu(bytes.subarray(at + headBytes, end), request) };
            dropped += 1;
            at = end;
        }
        return { used: at, dropped };
    },
};
function readPdu(pdu, request) {
    const [code, second] = pdu;
    const wanted = functionCode(request);
    if (code === (wanted | exceptionFlag) && pdu.length === 2 && second !== undefined)
        return { exception: second };
    const expected = answerBytes(request);
    if (code === wanted && second === expected && pdu.length === expected + 2)
        return { answer: pdu.subarray(2) };
    return { broken: `an answer of another function or length: ${pdu.length - 2} bytes for ${expected}` };
}
//# sourceMappingURL=tcp.js.map