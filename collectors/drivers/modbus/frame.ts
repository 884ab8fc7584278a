import type { ModbusFunction } from '../../../config/schema/profile.ts';
import type { Span } from './registers.ts';

/** One question to one unit; the only functions of this product are 1 to 4. Nothing here can write. */
export interface Request {
  readonly unit: number;
  readonly span: Span;
  /** 0 to 65535; only TCP framing sends it. */
  readonly transaction: number;
}

/** What stood at the front of the bytes that have come so far. */
export interface Scan {
  /** Bytes that are done with; the rest may be the beginning of something. */
  readonly used: number;
  /** Pieces among them that are no answer to the request. */
  readonly dropped: number;
  /** The registers or bits, as many bytes as were asked for. */
  readonly answer?: Buffer;
  readonly exception?: number;
  /** The unit that answered this very question in place of the one asked: refused, and worth a word. */
  readonly otherUnit?: number;
  /** Why these bytes cannot be followed any further. */
  readonly broken?: string;
}

/** How requests and answers stand on the line. Both are pure; bytes may come in any portions. */
export interface Framing {
  encode(request: Request): Buffer;
  /** @param request undefined while nothing was asked: whatever comes then is no answer */
  scan(bytes: Buffer, request: Request | undefined): Scan;
  /** Who answered this very question in place of the unit asked, where `scan` cannot know it from a part of the answer. */
  otherUnit?(heard: Buffer, request: Request): number | undefined;
}

const codes: Readonly<Record<ModbusFunction, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
const exceptionFlag = 0x80;

function functionCode({ span }: Request): number {
  return codes[span.function];
}

/** Bytes of values in the answer. */
function answerBytes({ span }: Request): number {
  return isBits(span.function) ? Math.ceil(span.length / 8) : span.length * 2;
}

export function isBits(name: ModbusFunction): boolean {
  return name === 'coil' || name === 'discrete';
}

/** Function, address and quantity. */
function encodePdu(request: Request): Buffer {
  const pdu = Buffer.alloc(5);
  pdu.writeUInt8(functionCode(request), 0);
  pdu.writeUInt16BE(request.span.address, 1);
  pdu.writeUInt16BE(request.span.length, 3);
  return pdu;
}

/** Unit, function and number of bytes before the values; two bytes of CRC behind. */
const rtuHeadBytes = 3;
const crcBytes = 2;
/** Unit, function, exception. */
const exceptionBytes = 3;

/**
 * Modbus RTU as serial gateways carry it over TCP: unit, PDU, CRC, and nothing that marks where a frame begins. Silence
 * does not survive TCP, so an answer is known by its whole form: unit, function, number of bytes and CRC must be those
 * of the request, wherever they stand. Noise and broken frames before it are dropped.
 */
export const rtuFraming: Framing = {
  encode(request) {
    const frame = Buffer.concat([Buffer.from([request.unit]), encodePdu(request), Buffer.alloc(crcBytes)]);
    frame.writeUInt16LE(crc16(frame.subarray(0, -crcBytes)), frame.length - crcBytes);
    return frame;
  },

  scan(bytes, request) {
    if (request === undefined) return { used: bytes.length, dropped: bytes.length > 0 ? 1 : 0 };
    let beginning = bytes.length;
    for (let at = 0; at < bytes.length; at += 1) {
      const form = formOf(bytes, at, request);
      if (form === undefined) continue;
      const end = at + form.length + crcBytes;
      if (end > bytes.length) beginning = Math.min(beginning, at);
      else if (bytes.readUInt16LE(end - crcBytes) === crc16(bytes.subarray(at, end - crcBytes)))
        return { used: end, dropped: at > 0 ? 1 : 0, ...form.read(bytes.subarray(at, end - crcBytes)) };
    }
    return { used: beginning, dropped: beginning > 0 ? 1 : 0 };
  },

  otherUnit(heard, request) {
    const [unit] = heard;
    if (unit === undefined || unit === request.unit) return undefined;
    const { answer, exception } = rtuFraming.scan(heard, { ...request, unit });
    return answer === undefined && exception === undefined ? undefined : unit;
  },
};

interface Form {
  /** Bytes before the CRC. */
  readonly length: number;
  readonly read: (frame: Buffer) => Pick<Scan, 'answer' | 'exception'>;
}

/** What begins at this place, as far as it has come, if it may be an answer to the request. */
function formOf(bytes: Buffer, at: number, request: Request): Form | undefined {
  const [unit, code, third] = bytes.subarray(at, at + rtuHeadBytes);
  const wanted = functionCode(request);
  const expected = answerBytes(request);
  if (unit !== request.unit) return undefined;
  if (code === (wanted | exceptionFlag))
    return { length: exceptionBytes, read: (frame) => ({ exception: frame.readUInt8(2) }) };
  if ((code ?? wanted) !== wanted || (third ?? expected) !== expected) return undefined;
  return { length: rtuHeadBytes + expected, read: (frame) => ({ answer: frame.subarray(rtuHeadBytes) }) };
}

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001;
  return crc;
});

/** CRC-16 of Modbus over serial line (V1.02, 6.2.2); sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return crc;
}

const tcpHeadBytes = 7;
/** Unit, function and one byte at least; at most what the longest PDU holds. */
const lengths = { least: 3, most: 254 };

/** Modbus TCP: transaction, protocol (0), length, unit, then the PDU (Messaging on TCP/IP Implementation Guide 1.0b). */
export const tcpFraming: Framing = {
  encode(request) {
    const pdu = encodePdu(request);
    const head = Buffer.alloc(tcpHeadBytes);
    head.writeUInt16BE(request.transaction, 0);
    head.writeUInt16BE(pdu.length + 1, 4);
    head.writeUInt8(request.unit, 6);
    return Buffer.concat([head, pdu]);
  },

  scan(bytes, request) {
    let at = 0;
    let dropped = 0;
    let otherUnit: number | undefined;
    while (bytes.length - at >= tcpHeadBytes) {
      const length = bytes.readUInt16BE(at + 4);
      if (bytes.readUInt16BE(at + 2) !== 0 || length < lengths.least || length > lengths.most)
        return { used: bytes.length, dropped, broken: 'what came is no Modbus TCP' };
      const end = at + tcpHeadBytes - 1 + length;
      if (bytes.length < end) break;
      const unit = bytes.readUInt8(at + 6);
      const isAnswer = bytes.readUInt16BE(at) === request?.transaction;
      if (isAnswer && unit !== request.unit) otherUnit = unit;
      if (isAnswer && unit === request.unit)
        return { used: end, dropped, ...readPdu(bytes.subarray(at + tcpHeadBytes, end), request) };
      dropped += 1;
      at = end;
    }
    return { used: at, dropped, ...(otherUnit === undefined ? {} : { otherUnit }) };
  },
};

function readPdu(pdu: Buffer, request: Request): Pick<Scan, 'answer' | 'exception' | 'broken'> {
  const [code, second] = pdu;
  const wanted = functionCode(request);
  if (code === (wanted | exceptionFlag) && pdu.length === 2 && second !== undefined)
    return { exception: second };
  const expected = answerBytes(request);
  if (code === wanted && second === expected && pdu.length === expected + 2)
    return { answer: pdu.subarray(2) };
  return { broken: `an answer of another function or length: ${pdu.length - 2} bytes for ${expected}` };
}
