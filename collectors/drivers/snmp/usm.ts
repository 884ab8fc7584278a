import snmp from 'net-snmp';
import type { Session, Varbind } from 'net-snmp';
import { FieldError, type Fault } from '../driver.ts';
import type { Speaker } from './agent.ts';
import { maxAnswerBytes, type Found } from './answer.ts';
import { ask } from './ask.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import type { Deadline } from './deadline.ts';
import { AgentError, errorCode, tooBigStatus } from './errors.ts';
import { isSafeEnough } from './usm-level.ts';
import { UsmSocket } from './usm-socket.ts';
import { sessionUser, type Credentials } from './user.ts';
import { toCell } from './varbind.ts';
import type { Cell } from './values.ts';

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

  async following(oid: string, repetitions: number, deadline: Deadline): Promise<readonly Found[]> {
    const columns = await this.#ask<Varbind[][]>(deadline, (session, done) =>
      session.getBulk([oid], 0, repetitions, done),
    );
    return (columns[0] ?? []).map((varbind) => ({ oid: varbind.oid, cell: toCell(varbind, varbind.oid) }));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failed?.(new FieldError('timeout', 'the session was closed'));
    this.#hangUp();
    this.#options.agent.leave(this);
  }

  hear(datagram: Buffer): void {
    const { auth, priv } = this.#credentials;
    const level = { authenticated: auth !== undefined, encrypted: priv !== undefined };
    if (!isSafeEnough(datagram, level)) this.fault('malformed');
    else if (datagram.length > maxAnswerBytes) this.#failed?.(new AgentError(tooBigStatus));
    else this.#line?.socket.hear(datagram);
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
