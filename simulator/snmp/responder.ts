import { BerReader, MalformedError, integerBody, oidBody, oidText, tags, tlv } from './ber.ts';
import { type OidSource, type Varbind, encodeValue, exceptions } from './source.ts';

export interface ResponderOptions {
  /** Absent: any community is answered, as a recording has no secrets. */
  readonly community?: string;
  /** The largest answer, bytes; more is `tooBig`, or cut in a GETBULK. */
  readonly maxBytes?: number;
}

const pdu = { get: 0xa0, getNext: 0xa1, response: 0xa2, set: 0xa3, getBulk: 0xa5 } as const;
const status = { tooBig: 1, noSuchName: 2, noAccess: 6 } as const;
const versions = { 0: '1', 1: '2c' } as const;

interface Asked {
  readonly oid: string;
  /** The OID as it came, to be sent back without encoding it again. */
  readonly bytes: Buffer;
}

interface Request {
  readonly version: '1' | '2c';
  readonly versionAndCommunity: readonly Buffer[];
  readonly type: number;
  readonly requestId: Buffer;
  /** Error status and index, or non-repeaters and max-repetitions. */
  readonly first: number;
  readonly second: number;
  readonly asked: readonly Asked[];
  readonly varbinds: Buffer;
}

/** An encoded varbind list, or the error that stands in its place. */
type Outcome = { readonly varbinds: readonly Buffer[] } | { readonly error: number; readonly index: number };

/**
 * The answer of an SNMP v1 or v2c agent to one datagram (RFC 1157, RFC 3416); undefined where an agent stays silent:
 * malformed, v3, another community. Pure: state and values are the source's. Nothing can be set.
 */
export function respond(
  datagram: Buffer,
  source: OidSource,
  options: ResponderOptions = {},
): Buffer | undefined {
  const request = parse(datagram, options.community);
  if (request === undefined) return undefined;
  const outcome = answer(request, source, (options.maxBytes ?? 65_000) - 64);
  return outcome === undefined ? undefined : encode(request, outcome);
}

function parse(datagram: Buffer, community: string | undefined): Request | undefined {
  try {
    const outer = new BerReader(datagram);
    const message = outer.open(tags.sequence);
    if (!outer.done) return undefined;
    const version = message.element(tags.integer);
    const sent = message.element(tags.octets);
    const body = message.element();
    const name = version.body.length === 1 ? versions[version.body[0] === 0 ? 0 : 1] : undefined;
    if (name === undefined || (version.body[0] ?? 0) > 1 || !message.done) return undefined;
    if (community !== undefined && sent.body.toString('latin1') !== community) return undefined;
    return {
      version: name,
      versionAndCommunity: [version.whole, sent.whole],
      type: body.tag,
      ...parsePdu(body.body),
    };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}

function parsePdu(body: Buffer): Pick<Request, 'requestId' | 'first' | 'second' | 'asked' | 'varbinds'> {
  const reader = new BerReader(body);
  const requestId = reader.element(tags.integer).whole;
  const first = reader.integer();
  const second = reader.integer();
  const list = reader.element(tags.sequence);
  if (!reader.done) throw new MalformedError('bytes behind the varbinds');
  const asked: Asked[] = [];
  for (const items = new BerReader(list.body); !items.done;) {
    const item = items.open(tags.sequence);
    const oid = item.element(tags.oid);
    item.element();
    if (!item.done) throw new MalformedError('bytes behind a value');
    asked.push({ oid: oidText(oid.body), bytes: oid.whole });
  }
  return { requestId, first, second, asked, varbinds: list.whole };
}

function answer(request: Request, source: OidSource, room: number): Outcome | undefined {
  const { asked, version } = request;
  switch (request.type) {
    case pdu.get:
      return each(request, room, ({ oid, bytes }) => exact(source.get(oid), bytes, version));
    case pdu.getNext:
      return each(request, room, ({ oid, bytes }) => following(source, oid, bytes, version)?.bytes);
    case pdu.getBulk:
      return version === '1' ? undefined : bulk(request, source, room);
    case pdu.set:
      return {
        error: version === '1' ? status.noSuchName : status.noAccess,
        index: asked.length === 0 ? 0 : 1,
      };
    default:
      return undefined;
  }
}

/** In v1 a varbind without an answer fails the whole request; v2c has a value that reports it. */
function each(request: Request, room: number, encodeOne: (asked: Asked) => Buffer | undefined): Outcome {
  const varbinds: Buffer[] = [];
  let size = 0;
  for (const [position, asked] of request.asked.entries()) {
    const varbind = encodeOne(asked);
    if (varbind === undefined) return { error: status.noSuchName, index: position + 1 };
    size += varbind.length;
    if (size > room) return { error: status.tooBig, index: 0 };
    varbinds.push(varbind);
  }
  return { varbinds };
}

function exact(found: Varbind | undefined, bytes: Buffer, version: '1' | '2c'): Buffer | undefined {
  if (found !== undefined && (version !== '1' || found.value.type !== 'counter64'))
    return tlv(tags.sequence, bytes, encodeValue(found.value));
  return version === '1' ? undefined : tlv(tags.sequence, bytes, tlv(exceptions.noSuchInstance));
}

function following(
  source: OidSource,
  oid: string,
  bytes: Buffer,
  version: '1' | '2c',
): { bytes: Buffer; oid: string; end: boolean } | undefined {
  const found = firstKnown(source, oid, version);
  if (found !== undefined) {
    return {
      bytes: tlv(tags.sequence, tlv(tags.oid, oidBody(found.oid)), encodeValue(found.value)),
      oid: found.oid,
      end: false,
    };
  }
  return version === '1'
    ? undefined
    : { bytes: tlv(tags.sequence, bytes, tlv(exceptions.endOfMibView)), oid, end: true };
}

/** v1 has no Counter64: RFC 3584 §4.2.2.1 passes over it. */
function firstKnown(source: OidSource, oid: string, version: '1' | '2c'): Varbind | undefined {
  const found = source.next(oid);
  return version === '1' && found?.value.type === 'counter64'
    ? firstKnown(source, found.oid, version)
    : found;
}

/** Row after row over the repeated columns, as far as the answer has room. */
function bulk(request: Request, source: OidSource, room: number): Outcome {
  const nonRepeaters = Math.min(Math.max(request.first, 0), request.asked.length);
  const repeaters = request.asked.slice(nonRepeaters);
  const varbinds: Buffer[] = [];
  let size = 0;
  const push = (asked: Asked): Asked | undefined => {
    const item = following(source, asked.oid, asked.bytes, '2c');
    if (item === undefined || size + item.bytes.length > room) return undefined;
    size += item.bytes.length;
    varbinds.push(item.bytes);
    return item.end ? { ...asked } : { oid: item.oid, bytes: tlv(tags.oid, oidBody(item.oid)) };
  };
  for (const asked of request.asked.slice(0, nonRepeaters))
    if (push(asked) === undefined) return { varbinds };
  let row: readonly Asked[] = repeaters;
  for (let repetition = 0; repetition < request.second && row.length > 0; repetition += 1) {
    const nextRow: Asked[] = [];
    for (const asked of row) {
      const item = push(asked);
      if (item === undefined) return { varbinds };
      nextRow.push(item);
    }
    if (nextRow.every((item, position) => item.oid === row[position]?.oid)) break;
    row = nextRow;
  }
  return { varbinds };
}

function encode(request: Request, outcome: Outcome): Buffer {
  const failed = 'error' in outcome;
  const list = failed ? request.varbinds : tlv(tags.sequence, ...outcome.varbinds);
  const integer = (value: number): Buffer => tlv(tags.integer, integerBody(value));
  const body = tlv(
    pdu.response,
    request.requestId,
    integer(failed ? outcome.error : 0),
    integer(failed ? outcome.index : 0),
    list,
  );
  return tlv(tags.sequence, ...request.versionAndCommunity, body);
}
