import snmp from 'net-snmp';
import type { Session, Varbind } from 'net-snmp';
import { FieldError } from '../driver.ts';
import { untilAborted } from './deadline.ts';
import { ConnectedSocket, resolveTarget } from './transport.ts';
import { sessionUser } from './user.ts';
import type { Credentials } from './user.ts';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** The agent answered that it will not answer this; asking for less may help. */
export class AgentError extends Error {
  readonly tooBig: boolean;
  constructor(status: number) {
    super(`the agent answered with error ${status}`);
    this.name = 'AgentError';
    this.tooBig = status === snmp.ErrorStatus.TooBig;
  }
}

/** One open net-snmp session with promises, typed errors and a close that works twice. */
export class Connection {
  readonly version: Credentials['version'];
  readonly #session: Session;
  readonly #socket: ConnectedSocket;
  /** The socket may say "refused" before net-snmp has noted the request, so it cannot be left to tell. */
  readonly #pending = new Set<(error: Error) => void>();
  #closed = false;

  private constructor(version: Credentials['version'], session: Session, socket: ConnectedSocket) {
    this.version = version;
    this.#session = session;
    this.#socket = socket;
    // Without this listener a malformed datagram ends the process.
    session.on('error', () => {
      socket.malformed += 1;
    });
    // net-snmp does not pass on what befalls the socket.
    socket.on('error', (error) => {
      if (error instanceof Error) for (const fail of this.#pending) fail(typed(error));
    });
  }

  /** Resolves the name and opens the socket. Rejects with FieldError `refused`. */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { credentials, timeoutMs, retries } = options;
    const target = await resolveTarget(options.host, options.port);
    const socket = await ConnectedSocket.open(target);
    const sessionOptions = {
      port: target.port,
      transport: target.family === 6 ? 'udp6' : 'udp4',
      timeout: timeoutMs,
      retries,
      dgramModule: { createSocket: () => socket },
    } as const;
    const session =
      credentials.version === '3'
        ? snmp.createV3Session(target.address, sessionUser(credentials), {
            ...sessionOptions,
            version: snmp.Version3,
          })
        : snmp.createSession(target.address, credentials.community, {
            ...sessionOptions,
            version: credentials.version === '1' ? snmp.Version1 : snmp.Version2c,
          });
    return new Connection(credentials.version, session, socket);
  }

  /** Datagrams that could not be understood. */
  get malformed(): number {
    return this.#socket.malformed;
  }

  /** One GET. Rejects with AgentError or FieldError. */
  get(oids: readonly string[], signal: AbortSignal): Promise<Varbind[]> {
    return this.#request<Varbind[]>(signal, (done) => this.#session.get(oids, done));
  }

  /** What follows an OID: a GETBULK, or a GETNEXT where the version has no other. */
  async following(oid: string, signal: AbortSignal): Promise<Varbind[]> {
    if (this.version === '1')
      return this.#request<Varbind[]>(signal, (done) => this.#session.getNext([oid], done));
    const columns = await this.#request<Varbind[][]>(signal, (done) =>
      this.#session.getBulk([oid], 0, 20, done),
    );
    return columns[0] ?? [];
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session.cancelRequests(new FieldError('timeout', 'the session was closed'));
    this.#session.close();
  }

  /** net-snmp may forget a request (a socket that died, an answer it could not parse): the signal ends it then. */
  #request<T>(
    signal: AbortSignal,
    start: (done: (error: Error | null, result: T) => void) => void,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(new FieldError('timeout', 'the session was closed'));
    const answer = new Promise<T>((resolve, reject) => {
      this.#pending.add(reject);
      start((error, result) => {
        this.#pending.delete(reject);
        if (error === null) resolve(result);
        else reject(typed(error));
      });
    });
    return untilAborted(answer, signal);
  }
}

function typed(error: Error): Error {
  if (error instanceof FieldError) return error;
  if (error instanceof snmp.RequestFailedError) return new AgentError(error.status);
  if (error instanceof snmp.RequestTimedOutError)
    return new FieldError('timeout', 'no answer', { cause: error });
  const code = errorCode(error);
  if (code !== undefined) return new FieldError('refused', code, { cause: error });
  return new FieldError('protocol', error.message, { cause: error });
}

/** The code of a socket's error ("ECONNREFUSED"); net-snmp's own errors carry none or a number. */
function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
