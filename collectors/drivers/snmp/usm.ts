import snmp from 'net-snmp';
import type { DatagramSocket, Session, User, Varbind } from 'net-snmp';
import { type Fault, FieldError } from '../driver.ts';
import type { Speaker } from './agent.ts';
import { type TypedFound, ask, maxAnswerBytes } from './ask.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { AgentError, type Deadline, errorCode, tooBigStatus } from './request.ts';
import { type Cell, toCell } from './cells.ts';
import { Cursor, tags } from './ber.ts';
import type { SnmpAccess } from '../../../config/schema/site.ts';

type UsmCredentials = Extract<Credentials, { version: '3' }>;
type Call<T> = (session: Session, done: (error: Error | null, result: T) => void) => void;

interface Line {
  readonly session: Session;
  readonly socket: UsmSocket;
  /** Has answered: the agent's engine, boots and time are known, and may be outdated. */
  synchronised: boolean;
}

/** SNMP v3 by net-snmp, which knows the user-based security model; turns, timeouts and the socket are our own. */
export class UsmConnection implements Connection, Speaker {
  readonly #options: ConnectionOptions;
  readonly #credentials: UsmCredentials;
  #line: Line | undefined;
  #failed: ((error: Error) => void) | undefined;
  #closed = false;

  constructor(options: ConnectionOptions, credentials: UsmCredentials) {
    this.#options = options;
    this.#credentials = credentials;
  }

  async get(oids: readonly string[], deadline: Deadline): Promise<readonly Cell[]> {
    const varbinds = await this.#ask<Varbind[]>(deadline, (session, done) => session.get(oids, done));
    return varbinds.slice(0, oids.length).map((varbind, place) => toCell(varbind, oids[place]));
  }

  async following(oid: string, repetitions: number, deadline: Deadline): Promise<readonly TypedFound[]> {
    const columns = await this.#ask<Varbind[][]>(deadline, (session, done) =>
      session.getBulk([oid], 0, repetitions, done),
    );
    return (columns[0] ?? []).map((varbind) => ({
      oid: varbind.oid,
      tag: varbind.type,
      cell: toCell(varbind, varbind.oid),
    }));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failed?.(new FieldError('timeout', 'the session was closed'));
    this.#hangUp();
    this.#options.agent.leave(this);
  }

  receive(datagram: Buffer): void {
    const { auth, priv } = this.#credentials;
    const level = { authenticated: auth !== undefined, encrypted: priv !== undefined };
    if (!isSafeEnough(datagram, level)) this.fault('malformed');
    else if (datagram.length > maxAnswerBytes) this.#failed?.(new AgentError(tooBigStatus));
    else this.#line?.socket.receive(datagram);
  }

  failed(error: Error): void {
    this.#failed?.(new FieldError('refused', errorCode(error) ?? error.message, { cause: error }));
  }

  fault(fault: Fault): void {
    this.#options.onFault(fault);
  }

  /**
   * An agent that was restarted or exchanged answers by what the session refuses (its clock ran back, another engine): a
   * fresh one asks who it is, at once.
   */
  async #ask<T>(deadline: Deadline, call: Call<T>): Promise<T> {
    const synchronised = this.#line?.synchronised === true;
    try {
      return await this.#askOnce(deadline, call);
    } catch (error) {
      if (!synchronised || !(error instanceof FieldError) || error.kind !== 'protocol') throw error;
      return this.#askOnce(deadline, call);
    }
  }

  #askOnce<T>(deadline: Deadline, call: Call<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new FieldError('timeout', 'the session was closed'));
    const start = (answered: (value: T) => void, failed: (error: Error) => void): void => {
      this.#failed = failed;
      const line = (this.#line ??= this.#call());
      call(line.session, (error, result) => {
        // Of a session that was given up.
        if (line !== this.#line) return;
        if (error === null) {
          line.synchronised = true;
          answered(result);
          return;
        }
        const reason = typed(error);
        // What it knows of the agent's clock and engine may be what is wrong.
        if (reason instanceof FieldError) this.#hangUp();
        failed(reason);
      });
    };
    const forget = (): void => this.#hangUp();
    return ask({ agent: this.#options.agent, speaker: this, start, forget }, this.#options, deadline);
  }

  #call(): Line {
    const { agent, timeoutMs } = this.#options;
    const malformed = (): void => this.fault('malformed');
    const socket = new UsmSocket({ send: (datagram) => agent.send(datagram), malformed });
    const session = snmp.createV3Session(agent.host, sessionUser(this.#credentials), {
      version: snmp.Version3,
      port: agent.port,
      transport: 'udp4',
      timeout: timeoutMs,
      retries: 0,
      dgramModule: { createSocket: () => socket },
    });
    // Without this listener a malformed datagram ends the process.
    session.on('error', malformed);
    return { session, socket, synchronised: false };
  }

  #hangUp(): void {
    const line = this.#line;
    this.#line = undefined;
    line?.session.cancelRequests(new FieldError('timeout', 'the session was given up'));
    line?.session.close();
  }
}

const noDes =
  'this OpenSSL has no DES any more: give the user AES, or start node with NODE_OPTIONS=--openssl-legacy-provider';

function typed(error: Error): Error {
  if (error instanceof snmp.RequestFailedError) return new AgentError(error.status);
  if (error instanceof snmp.RequestTimedOutError)
    return new FieldError('timeout', 'no answer', { cause: error });
  if (errorCode(error) === 'ERR_OSSL_EVP_UNSUPPORTED')
    return new FieldError('protocol', noDes, { cause: error });
  return new FieldError('protocol', error.message, { cause: error });
}

const authenticated = 1;
const encrypted = 2;
const reportPdu = 0xa8;

interface SecurityLevel {
  readonly authenticated: boolean;
  readonly encrypted: boolean;
}

/**
 * Whether a v3 message is as safe as what it answers (RFC 3412 §7.2): only a report may come with less, since it carries
 * no value. The library looks only at the header of a message.
 */
function isSafeEnough(datagram: Buffer, level: SecurityLevel): boolean {
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

interface Wire {
  readonly send: (datagram: Buffer) => void;
  /** The library choked on a datagram. */
  readonly malformed: () => void;
}

/** What a net-snmp session takes for its socket: the agent's own one stands behind it. */
class UsmSocket implements DatagramSocket {
  readonly #wire: Wire;
  #listener: ((datagram: Buffer) => void) | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  on(event: string, listener: (...args: unknown[]) => void): this {
    if (event === 'message') this.#listener = listener;
    return this;
  }

  receive(datagram: Buffer): void {
    try {
      this.#listener?.(datagram);
    } catch {
      this.#wire.malformed();
    }
  }

  send(
    datagram: Buffer,
    offset: number,
    length: number,
    _port: number,
    _address: string,
    callback: (error: Error | null, bytes: number) => void,
  ): void {
    // The session notes the request in its callback: before the answer can be there.
    this.#wire.send(datagram.subarray(offset, offset + length));
    callback(null, length);
  }

  bind(): void {
    // The agent's socket is bound.
  }

  ref(): void {
    // A poller keeps the process alive, not a request.
  }

  unref(): void {
    // As above.
  }

  close(): void {
    this.#listener = undefined;
  }
}

interface Secured {
  readonly protocol: string;
  readonly key: string;
}

/** Access to an agent with its secrets in hand. */
export type Credentials =
  | { readonly version: '1' | '2c'; readonly community: string }
  | { readonly version: '3'; readonly user: string; readonly auth?: Secured; readonly priv?: Secured };

/** The config names environment variables; throws where one is not set. */
export function resolveAccess(
  access: SnmpAccess,
  env: Readonly<Record<string, string | undefined>>,
): Credentials {
  if (access.version !== '3') return access;
  const secured = (entry: { protocol: string; key: { env: string } }): Secured => {
    const key = env[entry.key.env];
    if (key === undefined || key === '') throw new Error(`environment variable ${entry.key.env} is not set`);
    return { protocol: entry.protocol, key };
  };
  return {
    version: '3',
    user: access.user,
    ...(access.auth === undefined ? {} : { auth: secured(access.auth) }),
    ...(access.priv === undefined ? {} : { priv: secured(access.priv) }),
  };
}

export function sessionUser({ user, auth, priv }: Extract<Credentials, { version: '3' }>): User {
  const { noAuthNoPriv, authNoPriv, authPriv } = snmp.SecurityLevel;
  return {
    name: user,
    level: auth === undefined ? noAuthNoPriv : priv === undefined ? authNoPriv : authPriv,
    ...(auth === undefined ? {} : { authProtocol: snmp.AuthProtocols[auth.protocol], authKey: auth.key }),
    ...(priv === undefined ? {} : { privProtocol: snmp.PrivProtocols[priv.protocol], privKey: priv.key }),
  };
}
