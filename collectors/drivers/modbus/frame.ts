import type { ModbusFunction } from '../../../config/schema/profile.ts';
import type { Span } from './blocks.ts';

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
  /** Why these bytes cannot be followed any further. */
  readonly broken?: string;
}

/** How requests and answers stand on the line. Both are pure; bytes may come in any portions. */
export interface Framing {
  encode(request: Request): Buffer;
  /** @param request undefined while nothing was asked: whatever comes then is no answer */
  scan(bytes: Buffer, request: Request | undefined): Scan;
}

const codes: Readonly<Record<ModbusFunction, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
export const exceptionFlag = 0x80;

export function functionCode({ span }: Request): number {
  return codes[span.function];
}

/** Bytes of values in the answer. */
export function answerBytes({ span }: Request): number {
  return isBits(span.function) ? Math.ceil(span.length / 8) : span.length * 2;
}

export function isBits(name: ModbusFunction): boolean {
  return name === 'coil' || name === 'discrete';
}

/** Function, address and quantity. */
export function encodePdu(request: Request): Buffer {
  const pdu = Buffer.alloc(5);
  pdu.writeUInt8(functionCode(request), 0);
  pdu.writeUInt16BE(request.span.address, 1);
  pdu.writeUInt16BE(request.span.length, 3);
  return pdu;
}
