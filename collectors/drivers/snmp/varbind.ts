import snmp from 'net-snmp';
import type { Varbind } from 'net-snmp';
import { readCell, noValue, undecodable, type Cell } from './values.ts';
import { tags } from './ber.ts';

/** A varbind of net-snmp as a raw value; `asked` is the OID of the request, since an agent may answer about another one. */
export function toCell(varbind: Varbind, asked: string | undefined): Cell {
  if (varbind.oid !== asked) return undecodable;
  const { value, type } = varbind;
  if (snmp.isVarbindError(varbind) || value === null) return noValue;
  if (typeof value === 'boolean') return { raw: Number(value) };
  if (!Buffer.isBuffer(value)) return { raw: value };
  // Counter64, Opaque and octet strings come as their contents.
  const isBare = type === snmp.ObjectType.Counter64 || type === snmp.ObjectType.Opaque;
  return readCell(isBare ? type : tags.octets, value, { at: 0, end: value.length });
}
