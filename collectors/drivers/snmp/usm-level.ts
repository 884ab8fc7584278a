import { Cursor, tags } from './ber.ts';

const authenticated = 1;
const encrypted = 2;
const reportPdu = 0xa8;

export interface SecurityLevel {
  readonly authenticated: boolean;
  readonly encrypted: boolean;
}

/**
 * Whether a v3 message is as safe as what it answers (RFC 3412 §7.2): only a report may come with less, since it carries
 * no value. The library looks at what a message says of itself alone.
 */
export function isSafeEnough(datagram: Buffer, level: SecurityLevel): boolean {
  const cursor = new Cursor(datagram);
  if (!cursor.expect(tags.sequence, datagram.length)) return false;
  const { end } = cursor;
  if (cursor.int32(end) !== 3 || !cursor.expect(tags.sequence, end)) return false;
  const globalEnd = cursor.end;
  if (cursor.int32(globalEnd) === undefined || cursor.int32(globalEnd) === undefined) return false;
  if (!cursor.expect(tags.octets, globalEnd) || cursor.end - cursor.at !== 1) return false;
  const flags = datagram[cursor.at] ?? 0;
  const isAuthenticated = (flags & authenticated) !== 0;
  const isEncrypted = (flags & encrypted) !== 0;
  if (isEncrypted && !isAuthenticated) return false;
  if (isAuthenticated >= level.authenticated && isEncrypted >= level.encrypted) return true;
  cursor.at = globalEnd;
  if (!cursor.expect(tags.octets, end)) return false;
  cursor.at = cursor.end;
  return !isEncrypted && plainPdu(cursor, end) === reportPdu;
}

/** The tag of the PDU in a scoped PDU that is not encrypted. */
function plainPdu(cursor: Cursor, end: number): number | undefined {
  if (!cursor.expect(tags.sequence, end)) return undefined;
  const last = cursor.end;
  for (let skipped = 0; skipped < 2; skipped += 1) {
    if (!cursor.expect(tags.octets, last)) return undefined;
    cursor.at = cursor.end;
  }
  return cursor.enter(last) ? cursor.tag : undefined;
}
