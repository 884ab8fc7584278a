const codes = { coil: 1, discrete: 2, holding: 3, input: 4 };
export const exceptionFlag = 0x80;
export function functionCode({ span }) {
    return codes[span.function];
}
/** Bytes of values in the answer. */
export function answerBytes({ span }) {
    return isBits(span.function) ? Math.ceil(span.length / 8) : span.length * 2;
}
export function isBits(name) {
    return name === 'coil' || name === 'discrete';
}
/** Function, address and quantity. */
export function encodePdu(request) {
    const pdu = Buffer.alloc(5);
    pdu.writeUInt8(functionCode(request), 0);
    pdu.writeUInt16BE(request.span.address, 1);
    pdu.writeUInt16BE(request.span.length, 3);
    return pdu;
}
//# sourceMappingURL=frame.js.map