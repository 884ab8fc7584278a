import type { RawValue } from '../driver.ts';
import type { Reason } from '../../../core/reading.ts';
import { oidText, signed, tags } from './ber.ts';

export interface Cell {
  readonly raw: RawValue['raw'];
  readonly reason?: Reason;
}

export const noValue: Cell = { raw: null, reason: 'no-value' };
export const undecodable: Cell = { raw: null, reason: 'decode' };

/** The contents of a value under its tag; never throws. Whatever it cannot be is `decode`. */
export function readCell(
  tag: number,
  bytes: Buffer,
  place: { readonly at: number; readonly end: number },
): Cell {
  const { at, end } = place;
  switch (tag) {
    case tags.integer:
      return known(signed(bytes, at, end));
    case tags.counter32:
    case tags.gauge32:
    case tags.timeTicks:
    case tags.unsigned32:
      return known(unsigned32(bytes, at, end));
    case tags.octets:
      return { raw: bytes.toString('latin1', at, end) };
    case tags.counter64:
      return known(unsigned64(bytes, at, end));
    case tags.oid:
      return known(oidText(bytes, at, end));
    case tags.ipAddress:
      return end - at === 4 ? { raw: bytes.subarray(at, end).join('.') } : undecodable;
    case tags.opaque:
      return known(opaqueNumber(bytes, at, end));
    case tags.boolean:
      return end - at === 1 ? { raw: bytes[at] === 0 ? 0 : 1 } : undecodable;
    case tags.null:
    case tags.noSuchObject:
    case tags.noSuchInstance:
    case tags.endOfMibView:
      return noValue;
    default:
      return undecodable;
  }
}

function known(raw: number | bigint | string | undefined): Cell {
  return raw === undefined ? undecodable : { raw };
}

/** Some agents write these without the leading zero, as if they were negative. */
function unsigned32(bytes: Buffer, at: number, end: number): number | undefined {
  if (end - at === 5 && bytes[at] === 0) return bytes.readUInt32BE(at + 1);
  const value = signed(bytes, at, end);
  return value === undefined ? undefined : value >>> 0;
}

/** 0 to 8 bytes, or 9 with a leading zero. */
function unsigned64(bytes: Buffer, at: number, end: number): bigint | undefined {
  if (end - at > 9 || (end - at === 9 && bytes[at] !== 0)) return undefined;
  let high = 0;
  let low = 0;
  for (let i = Math.max(at, end - 8); i < end; i += 1) {
    if (i < end - 4) high = high * 256 + (bytes[i] ?? 0);
    else low = low * 256 + (bytes[i] ?? 0);
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Net-SNMP's floats inside Opaque: 9f 78 04 and four bytes, 9f 79 08 and eight. */
function opaqueNumber(bytes: Buffer, at: number, end: number): number | undefined {
  if (end - at === 7 && bytes.readUIntBE(at, 3) === 0x9f_78_04) return bytes.readFloatBE(at + 3);
  if (end - at === 11 && bytes.readUIntBE(at, 3) === 0x9f_79_08) return bytes.readDoubleBE(at + 3);
  return undefined;
}
