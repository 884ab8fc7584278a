import { Cursor, oidText, same, tags } from './ber.ts';
import type { OidPlace } from './request.ts';
import { readCell, undecodable, type Cell } from './values.ts';

/** The largest answer that is taken. */
export const maxAnswerBytes = 16_384;

/** A community answer up to its varbinds, which stand at `at` … `end` of the datagram. */
export interface Answer {
  readonly id: number;
  readonly status: number;
  readonly at: number;
  readonly end: number;
}

export interface Found {
  readonly oid: string;
  readonly cell: Cell;
}

const responsePdu = 0xa2;

/**
 * The head of an answer of this version and community; undefined if it is none. Bytes behind the message are let pass:
 * there are agents that pad.
 */
export function readAnswer(datagram: Buffer, version: number, community: Buffer): Answer | undefined {
  const cursor = new Cursor(datagram);
  if (!cursor.expect(tags.sequence, datagram.length)) return undefined;
  const { end } = cursor;
  if (cursor.int32(end) !== version) return undefined;
  if (!cursor.expect(tags.octets, end) || cursor.end - cursor.at !== community.length) return undefined;
  if (!same(datagram, cursor.at, { bytes: community, at: 0, length: community.length })) return undefined;
  cursor.at = cursor.end;
  if (!cursor.expect(responsePdu, end) || cursor.end !== end) return undefined;
  const id = cursor.int32(end);
  const status = cursor.int32(end);
  const index = cursor.int32(end);
  if (id === undefined || status === undefined || index === undefined) return undefined;
  if (!cursor.expect(tags.sequence, end) || cursor.end !== end) return undefined;
  return { id, status, at: cursor.at, end };
}

/**
 * What an answer says of the OIDs asked, in their order: of another OID nothing is taken. Fewer cells than were asked if
 * the agent answered fewer; undefined if the varbinds are no varbinds or more than were asked.
 */
export function readCells(
  datagram: Buffer,
  { at, end }: Answer,
  asked: readonly OidPlace[],
): Cell[] | undefined {
  const cells: Cell[] = [];
  const cursor = new Cursor(datagram, at);
  while (cursor.at < end) {
    const place = asked[cells.length];
    if (place === undefined || !cursor.expect(tags.sequence, end)) return undefined;
    const last = cursor.end;
    if (!cursor.expect(tags.oid, last)) return undefined;
    const isAsked = cursor.end - cursor.at === place.length && same(datagram, cursor.at, place);
    cursor.at = cursor.end;
    if (!cursor.enter(last) || cursor.end !== last) return undefined;
    cells.push(isAsked ? readCell(cursor.tag, datagram, cursor) : undecodable);
    cursor.at = last;
  }
  return cells;
}

/** Every varbind of an answer with its own OID; undefined if one is none. */
export function readFound(datagram: Buffer, { at, end }: Answer): Found[] | undefined {
  const found: Found[] = [];
  const cursor = new Cursor(datagram, at);
  while (cursor.at < end) {
    if (!cursor.expect(tags.sequence, end)) return undefined;
    const last = cursor.end;
    if (!cursor.expect(tags.oid, last)) return undefined;
    const oid = oidText(datagram, cursor.at, cursor.end);
    cursor.at = cursor.end;
    if (oid === undefined || !cursor.enter(last) || cursor.end !== last) return undefined;
    found.push({ oid, cell: readCell(cursor.tag, datagram, cursor) });
    cursor.at = last;
  }
  return found;
}
