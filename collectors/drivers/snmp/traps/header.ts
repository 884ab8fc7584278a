import { Cursor, tags } from '../ber.ts';

/** What a message says of itself before anything of it is believed. */
export type Header = 'v1 or v2c' | SecurityHeader;

/** Of v3. */
interface SecurityHeader {
  readonly isSigned: boolean;
  /** Hexadecimal; '' in a question for it. */
  readonly engine: string;
  readonly boots: number;
  readonly time: number;
}

/** Undefined of what is no message of SNMP. */
export function headerOf(datagram: Buffer): Header | undefined {
  const cursor = new Cursor(datagram);
  if (!cursor.expect(tags.sequence, datagram.length)) return undefined;
  const { end } = cursor;
  const version = cursor.int32(end);
  if (version === 0 || version === 1) return 'v1 or v2c';
  const flags = version === 3 ? flagsOf(cursor, end) : undefined;
  if (flags === undefined) return undefined;
  if (!cursor.expect(tags.octets, end) || !cursor.expect(tags.sequence, cursor.end)) return undefined;
  const last = cursor.end;
  if (!cursor.expect(tags.octets, last)) return undefined;
  const engine = datagram.toString('hex', cursor.at, cursor.end);
  cursor.at = cursor.end;
  const boots = cursor.int32(last);
  const time = cursor.int32(last);
  if (boots === undefined || time === undefined) return undefined;
  return { isSigned: (flags & 1) === 1, engine, boots, time };
}

/** Steps over message id, size, flags and security model, and nothing more: what follows must be what net-snmp takes for it. */
function flagsOf(cursor: Cursor, limit: number): number | undefined {
  if (!cursor.expect(tags.sequence, limit)) return undefined;
  const { end } = cursor;
  if (cursor.int32(end) === undefined || cursor.int32(end) === undefined) return undefined;
  if (!cursor.expect(tags.octets, end)) return undefined;
  const flags = cursor.bytes[cursor.at];
  cursor.at = cursor.end;
  return cursor.int32(end) === undefined || cursor.at !== end ? undefined : flags;
}
