import { isBits } from "./frame.js";
const registersByType = {
    u16: 1, s16: 1, 'u8-high': 1, 'u8-low': 1, bit: 1, u32: 2, s32: 2, f32: 2, u64: 4, s64: 4, f64: 4,
}; // prettier-ignore
/** How many registers (or bits, for coils and discrete inputs) a value takes. */
export function registersOf(type) {
    return registersByType[type];
}
/**
 * The number in a value's registers, big-endian bytes as they came; `little-word` turns the order of the registers,
 * never of the bytes in one. 64-bit integers are bigint. NaN is how a meter says that it has no such value: null.
 */
export function decodeRegisters(bytes, type, order) {
    const ordered = order === 'little-word' && bytes.length > 2 ? reverseWords(bytes) : bytes;
    switch (type) {
        case 'u16':
            return ordered.readUInt16BE(0);
        case 's16':
            return ordered.readInt16BE(0);
        case 'u32':
            return ordered.readUInt32BE(0);
        case 's32':
            return ordered.readInt32BE(0);
        case 'u64':
            return ordered.readBigUInt64BE(0);
        case 's64':
            return ordered.readBigInt64BE(0);
        case 'f32':
            return noNaN(ordered.readFloatBE(0));
        case 'f64':
            return noNaN(ordered.readDoubleBE(0));
        case 'u8-high':
            return ordered.readUInt8(0);
        case 'u8-low':
            return ordered.readUInt8(1);
        case 'bit':
            return ordered.readUInt16BE(0) & 1;
    }
}
/** A span's own bytes out of those of its block; a bit comes as one byte, 0 or 1. */
export function spanBytes(block, span, bytes) {
    const offset = span.address - block.address;
    return isBits(span.function)
        ? Buffer.from([decodeBit(bytes, offset)])
        : bytes.subarray(offset * 2, (offset + span.length) * 2);
}
/** The value in a span's own bytes. */
export function decodeSpan(name, own, read) {
    return isBits(name) ? own.readUInt8(0) : decodeRegisters(own, read.type, read.order);
}
/** Coils and discrete inputs come eight to a byte, the first in the lowest bit. */
export function decodeBit(bytes, position) {
    return (bytes.readUInt8(position >> 3) >> (position & 7)) & 1;
}
function reverseWords(bytes) {
    return Buffer.from(bytes).swap16().reverse();
}
function noNaN(value) {
    return Number.isNaN(value) ? null : value;
}
//# sourceMappingURL=registers.js.map