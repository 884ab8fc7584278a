import snmp from 'net-snmp';
import { isDeepStrictEqual } from 'node:util';
import type { DatagramSocket, TrapPdu } from 'net-snmp';
import { Cursor, oidBytes, tags } from '../ber.ts';
import { type Credentials, sessionUser } from '../usm.ts';
import type { Found } from '../ask.ts';
import { toCell } from '../cells.ts';

/** Where a datagram came from. */
export interface Origin {
  readonly address: string;
  readonly port: number;
}

export type ReceivedTrap =
  | {
      readonly kind: 'trap';
      readonly trap: Trap;
      readonly accepts: (credentials: Credentials) => boolean;
      readonly isFresh: boolean;
    }
  /** Asked for our engine, as informs of v3 begin; answered. */
  | { readonly kind: 'question' }
  | Unheard;

export interface Unheard {
  readonly kind: 'refused' | 'malformed';
  readonly why: string;
}

interface Message {
  readonly datagram: Buffer;
  readonly header: Header;
  readonly from: Origin;
}

export interface Ear {
  /** What a message says. Never throws; informs are acknowledged, if they are accepted. */
  receive(message: Message): ReceivedTrap;
}

type Reply = (datagram: Buffer, to: Origin) => void;

/** In a report: "that is not my engine", which is how one is asked for. */
const unknownEngine = oidBytes('1.3.6.1.6.3.15.1.1.4.0');

/** Understands one sender: of its devices' communities and users, and of no others. `reply` sends back to it. */
export function createEar(credentials: readonly Credentials[], reply: Reply): Ear {
  const [first = createSingleEar([], reply), ...others] = withoutNamesakes(credentials).map((each) =>
    createSingleEar(each, reply),
  );
  return {
    receive(message) {
      let received = first.receive(message);
      for (const other of received.kind === 'refused' ? others : []) {
        received = other.receive(message);
        if (received.kind !== 'refused') break;
      }
      return received;
    },
  };
}

/** The library knows a user of v3 by name alone: users of one name with other keys come into lists of their own. */
function withoutNamesakes(credentials: readonly Credentials[]): Credentials[][] {
  const lists: Credentials[][] = [];
  for (const each of distinct(credentials)) {
    const list = lists.find((known) => !known.some((other) => areNamesakes(other, each)));
    if (list === undefined) lists.push([each]);
    else list.push(each);
  }
  return lists;
}

/** Each once: a simulated field has a thousand devices of one community at one address. */
function distinct(credentials: readonly Credentials[]): Credentials[] {
  const found: Credentials[] = [];
  for (const each of credentials)
    if (!found.some((known) => isDeepStrictEqual(known, each))) found.push(each);
  return found;
}

function areNamesakes(a: Credentials, b: Credentials): boolean {
  return a.version === '3' && b.version === '3' && a.user === b.user;
}

function createSingleEar(credentials: readonly Credentials[], reply: Reply): Ear {
  const freshness = new Freshness();
  let hearing: Header = 'v1 or v2c';
  let received: ReceivedTrap | undefined;
  let deliver: (...args: unknown[]) => void = () => undefined;
  // The receiver believes that it has a socket of its own; one real socket receives for all senders.
  const socket: DatagramSocket = {
    on: (event, listener) => {
      if (event === 'message') deliver = listener;
    },
    send: (datagram, _offset, length, port, address, sent) => {
      received = datagram.includes(unknownEngine)
        ? { kind: 'question' }
        : { kind: 'refused', why: 'the user is unknown, or does not sign or encrypt as configured' };
      reply(datagram, { address, port });
      sent(null, length);
    },
    bind: () => undefined,
    ref: () => undefined,
    unref: () => undefined,
    close: () => undefined,
  };
  const options = { port: 162, includeAuthentication: true, dgramModule: { createSocket: () => socket } };
  const receiver = snmp.createReceiver(options, (error, data) => {
    received = error === null ? understood(data.pdu) : failed(error);
  });
  const understood = (pdu: TrapPdu): ReceivedTrap => {
    const trap = trapOf(pdu);
    if (trap === undefined) return { kind: 'malformed', why: 'it does not say which trap it is' };
    const accepts = (asked: Credentials): boolean =>
      asked.version === '3'
        ? asked.user === pdu.user && credentials.some((each) => isDeepStrictEqual(each, asked))
        : asked.community === pdu.community;
    // An inform reports our own engine's time, which each sender may see differently.
    const isFresh = pdu.type === snmp.PduType.InformRequest || freshness.isFresh(hearing);
    return { kind: 'trap', trap, accepts, isFresh };
  };
  const authorizer = receiver.getAuthorizer();
  for (const each of credentials) {
    if (each.version === '3') authorizer.addUser(sessionUser(each));
    else authorizer.addCommunity(each.community);
  }

  return {
    receive({ datagram, header, from }) {
      received = undefined;
      hearing = header;
      try {
        deliver(datagram, from);
      } catch (error) {
        received = { kind: 'malformed', why: String(error) };
      }
      return received ?? { kind: 'malformed', why: 'not understood' };
    },
  };
}

/** Names of the library's errors: those about the sender, as opposed to the content. */
const aboutWho = new Set(['RequestFailedError', 'ResponseInvalidError']);

/** Its words hold the community that was tried, or a digest: none for a log. */
function failed({ name }: Error): ReceivedTrap {
  return aboutWho.has(name)
    ? { kind: 'refused', why: 'no device at this address has that community, or that user with these keys' }
    : { kind: 'malformed', why: 'it is no trap or inform, or cannot be decoded' };
}

/** The header of a message, before its content is trusted. */
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

/** A trap or inform of any version. */
export interface Trap {
  /** Its snmpTrapOID, dotted. */
  readonly oid: string;
  readonly varbinds: readonly Found[];
}

const trapOid = '1.3.6.1.6.3.1.1.4.1.0';
/** Above coldStart (1) … egpNeighborLoss (6). */
const genericTraps = '1.3.6.1.6.3.1.1.5';
const enterpriseSpecific = 6;

/** What a PDU says; undefined if it does not say which trap it is. A trap of v1 is turned by RFC 3584, 3.1. */
export function trapOf(pdu: Omit<TrapPdu, 'type'>): Trap | undefined {
  const varbinds = pdu.varbinds.map((each): Found => ({ oid: each.oid, cell: toCell(each, each.oid) }));
  const oid = pdu.generic === undefined ? oidOfV2(varbinds) : oidOfV1(pdu);
  return oid === undefined ? undefined : { oid, varbinds };
}

function oidOfV2(varbinds: readonly Found[]): string | undefined {
  const raw = varbinds.find(({ oid }) => oid === trapOid)?.cell.raw;
  return typeof raw === 'string' && /^\d+(\.\d+)+$/.test(raw) ? raw : undefined;
}

function oidOfV1({ enterprise, generic = -1, specific = -1 }: Omit<TrapPdu, 'type'>): string | undefined {
  if (generic >= 0 && generic < enterpriseSpecific) return `${genericTraps}.${generic + 1}`;
  if (generic !== enterpriseSpecific || typeof enterprise !== 'string' || specific < 0) return undefined;
  return `${enterprise}.0.${specific}`;
}

/** How far a sender's clock may stand back (RFC 3414, 3.2.7), s. */
const windowS = 150;
/** Engines remembered of a sender. */
const mostEnginesOfSender = 32;

/** Tells traps of v3 that come long after they were sent (a replay) from new ones. */
class Freshness {
  readonly #newest = new Map<string, { readonly boots: number; readonly time: number }>();

  /** Whether no later time of the sender's engine has been seen; true for v1 and v2c, which carry none. */
  isFresh(header: Header): boolean {
    if (header === 'v1 or v2c') return true;
    const known = this.#newest.get(header.engine);
    const isLater =
      known === undefined ||
      header.boots > known.boots ||
      (header.boots === known.boots && header.time > known.time);
    if (isLater && (known !== undefined || this.#newest.size < mostEnginesOfSender))
      this.#newest.set(header.engine, { boots: header.boots, time: header.time });
    return isLater || (header.boots === known.boots && header.time >= known.time - windowS);
  }
}

/** How many messages of engines that have proved nothing are looked at in a minute, of all senders together. */
export const unknownEnginesPerMinute = 60;
/** Engines remembered; more than any estate has. */
const mostEngines = 10_000;

/**
 * Bounds what strangers' engines cost. The keys of a v3 user are made again for every engine, which takes milliseconds,
 * and are kept: without a bound, forged addresses and engines would hold up the polls and fill the memory.
 */
export class Engines {
  readonly #proved = new Set<string>();
  #minute = 0;
  #newcomers = 0;

  /** Whether the keys that this message needs may be made. Always, where it needs none: unsigned, or of v1 and v2c. */
  mayTry(header: Header, now: number): boolean {
    if (header === 'v1 or v2c' || !header.isSigned || this.#proved.has(header.engine)) return true;
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) this.#newcomers = 0;
    this.#minute = minute;
    this.#newcomers += 1;
    return this.#newcomers <= unknownEnginesPerMinute;
  }

  /** The message was accepted: if it is signed, its engine has the keys of a user. */
  prove(header: Header): void {
    if (header !== 'v1 or v2c' && header.isSigned && this.#proved.size < mostEngines)
      this.#proved.add(header.engine);
  }
}
