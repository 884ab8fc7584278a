import { isDeepStrictEqual } from 'node:util';
import snmp from 'net-snmp';
import type { DatagramSocket, TrapPdu } from 'net-snmp';
import { oidBytes } from '../ber.ts';
import { sessionUser, type Credentials } from '../user.ts';
import { Freshness } from './freshness.ts';
import type { Header } from './header.ts';
import { trapOf, type Trap } from './trap.ts';

/** Where a datagram came from. */
export interface Origin {
  readonly address: string;
  readonly port: number;
}

export type Heard =
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
  hear(message: Message): Heard;
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
    hear(message) {
      let heard = first.hear(message);
      for (const other of heard.kind === 'refused' ? others : []) {
        heard = other.hear(message);
        if (heard.kind !== 'refused') break;
      }
      return heard;
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
  let heard: Heard | undefined;
  let deliver: (...args: unknown[]) => void = () => undefined;
  // The receiver believes that it has a socket of its own; one real socket hears for all senders.
  const socket: DatagramSocket = {
    on: (event, listener) => {
      if (event === 'message') deliver = listener;
    },
    send: (datagram, _offset, length, port, address, sent) => {
      heard = datagram.includes(unknownEngine)
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
    heard = error === null ? understood(data.pdu) : failed(error);
  });
  const understood = (pdu: TrapPdu): Heard => {
    const trap = trapOf(pdu);
    if (trap === undefined) return { kind: 'malformed', why: 'it does not say which trap it is' };
    const accepts = (asked: Credentials): boolean =>
      asked.version === '3'
        ? asked.user === pdu.user && credentials.some((each) => isDeepStrictEqual(each, asked))
        : asked.community === pdu.community;
    // An inform tells our own engine's time, of which each sender has its own idea.
    const isFresh = pdu.type === snmp.PduType.InformRequest || freshness.isFresh(hearing);
    return { kind: 'trap', trap, accepts, isFresh };
  };
  const authorizer = receiver.getAuthorizer();
  for (const each of credentials) {
    if (each.version === '3') authorizer.addUser(sessionUser(each));
    else authorizer.addCommunity(each.community);
  }

  return {
    hear({ datagram, header, from }) {
      heard = undefined;
      hearing = header;
      try {
        deliver(datagram, from);
      } catch (error) {
        heard = { kind: 'malformed', why: String(error) };
      }
      return heard ?? { kind: 'malformed', why: 'not understood' };
    },
  };
}

/** Names of the library's errors: those about who speaks, as opposed to what is said. */
const aboutWho = new Set(['RequestFailedError', 'ResponseInvalidError']);

/** Its words hold the community that was tried, or a digest: none for a log. */
function failed({ name }: Error): Heard {
  return aboutWho.has(name)
    ? { kind: 'refused', why: 'no device at this address has that community, or that user with these keys' }
    : { kind: 'malformed', why: 'it is no trap or inform, or cannot be decoded' };
}
