import snmp from 'net-snmp';
import type { Varbind } from 'net-snmp';
import type { RawValue } from '../driver.ts';
import type { Reason } from '../../reading.ts';

export interface Cell {
  readonly raw: RawValue['raw'];
  readonly reason?: Reason;
}

/** A varbind as a raw value; `asked` is the OID of the request, since an agent may answer about another one. */
export function toCell(varbind: Varbind, asked: string): Cell {
  if (varbind.oid !== asked) return { raw: null, reason: 'decode' };
  if (snmp.isVarbindError(varbind)) return { raw: null, reason: 'no-value' };
  const { value, type } = varbind;
  if (value === null) return { raw: null, reason: 'no-value' };
  if (typeof value === 'boolean') return { raw: Number(value) };
  if (!Buffer.isBuffer(value)) return { raw: value };
  if (type === snmp.ObjectType.Counter64) return { raw: unsigned64(value) };
  if (type === snmp.ObjectType.Opaque) return opaqueNumber(value);
  return { raw: value.toString('latin1') };
}

/** net-snmp hands a Counter64 over as its 0 to 9 bytes. */
function unsigned64(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asUintN(64, BigInt(`0x${bytes.toString('hex')}`));
}

/** Net-SNMP's floats inside Opaque: 9f 78 04 and four bytes, 9f 79 08 and eight. */
function opaqueNumber(bytes: Buffer): Cell {
  if (bytes.length === 7 && bytes.readUInt16BE(0) === 0x9f_78) return { raw: bytes.readFloatBE(3) };
  if (bytes.length === 11 && bytes.readUInt16BE(0) === 0x9f_79) return { raw: bytes.readDoubleBE(3) };
  return { raw: null, reason: 'decode' };
}
