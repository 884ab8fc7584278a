import snmp from 'net-snmp';
import type { DatagramSocket, TrapPdu } from 'net-snmp';
import { oidBytes } from '../ber.ts';
import { sessionUser, type Credentials } from '../user.ts';
import { Freshness } from './freshness.ts';
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
  | { readonly kind: 'refused' | 'malformed'; readonly why: string };

export interface Ear {
  /** What a datagram says. Never throws; informs are acknowledged, if they are accepted. */
  hear(datagram: Buffer, from: Origin): Heard;
}

/** In a report: "that is not my engine", which is how one is asked for. */
const unknownEngine = oidBytes('1.3.6.1.6.3.15.1.1.4.0');

/** Understands one sender: of its devices' communities and users, and of no others. `reply` sends back to it. */
export function createEar(
  credentials: readonly Credentials[],
  reply: (datagram: Buffer, to: Origin) => void,
): Ear {
  const freshness = new Freshness();
  let hearing: Buffer = Buffer.alloc(0);
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
    heard = error === null ? understood(data.pdu, isFresh(data.pdu)) : failed(error);
  });
  /** An inform tells our own engine's time, of which each sender has its own idea. */
  const isFresh = ({ type }: TrapPdu): boolean =>
    type === snmp.PduType.InformRequest || freshness.isFresh(hearing);
  const authorizer = receiver.getAuthorizer();
  for (const each of credentials) {
    if (each.version === '3') authorizer.addUser(sessionUser(each));
    else authorizer.addCommunity(each.community);
  }

  return {
    hear(datagram, from) {
      heard = undefined;
      hearing = datagram;
      try {
        deliver(datagram, from);
      } catch (error) {
        heard = { kind: 'malformed', why: String(error) };
      }
      return heard ?? { kind: 'malformed', why: 'not understood' };
    },
  };
}

function understood(pdu: TrapPdu, isFresh: boolean): Heard {
  const trap = trapOf(pdu);
  if (trap === undefined) return { kind: 'malformed', why: 'it does not say which trap it is' };
  const accepts = (credentials: Credentials): boolean =>
    credentials.version === '3' ? credentials.user === pdu.user : credentials.community === pdu.community;
  return { kind: 'trap', trap, accepts, isFresh };
}

/** Names of the library's errors: those about who speaks, as opposed to what is said. */
const aboutWho = new Set(['RequestFailedError', 'ResponseInvalidError']);

/** Its words hold the community that was tried, or a digest: none for a log. */
function failed({ name }: Error): Heard {
  return aboutWho.has(name)
    ? { kind: 'refused', why: 'no device at this address has that community, or that user with these keys' }
    : { kind: 'malformed', why: 'it is no trap or inform, or cannot be decoded' };
}
