import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import { FieldError } from '../driver.ts';

export interface Target {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** Once, and not on every send. Rejects with FieldError `refused`. */
export async function resolveTarget(host: string, port: number): Promise<Target> {
  const literal = isIP(host);
  try {
    const found = literal === 0 ? await lookup(host) : { address: host, family: literal };
    const family = found.family === 6 ? 6 : 4;
    // As the kernel writes it, to be compared with the sender of an answer.
    const { address } = new SocketAddress({ address: found.address, family: family === 6 ? 'ipv6' : 'ipv4' });
    return { address: family === 6 && found.address.includes('%') ? found.address : address, family, port };
  } catch (error) {
    throw new FieldError('refused', `the name ${host} is not known`, { cause: error });
  }
}

export interface SocketEvents {
  /** From the agent itself. */
  datagram(bytes: Buffer): void;
  /** From anyone else (`ADDRESS:PORT`): dropped. */
  stranger(from: string): void;
  /** The system would not send. */
  failed(error: Error): void;
}

/** A UDP socket for one agent. Unconnected, so that what comes from elsewhere can be counted. */
export class AgentSocket {
  readonly #socket: Socket;
  readonly #target: Target;
  readonly #sent: (error: Error | null) => void;
  #closed = false;

  private constructor(socket: Socket, target: Target, events: SocketEvents) {
    this.#socket = socket;
    this.#target = target;
    this.#sent = (error) => {
      if (error !== null && !this.#closed) events.failed(error);
    };
    socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
      if (from.port === target.port && from.address === target.address) events.datagram(bytes);
      else events.stranger(`${from.address}:${from.port}`);
    });
    socket.on('error', (error) => events.failed(error));
  }

  static open(target: Target, events: SocketEvents): Promise<AgentSocket> {
    const socket = bare(target);
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(new FieldError('refused', `no socket to ${target.address}`, { cause: error }));
      });
      socket.bind(() => {
        socket.removeAllListeners('error');
        resolve(new AgentSocket(socket, target, events));
      });
    });
  }

  send(datagram: Buffer): void {
    if (!this.#closed) this.#socket.send(datagram, this.#target.port, this.#target.address, this.#sent);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}

/** The address is resolved already: node would go through its resolver, and a turn of the loop, on every send. */
function bare({ address, family }: Target): Socket {
  return createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (_name, _options, found) => found(null, address, family),
  });
}

/** How long the machine of a closed port may take to say so. */
const patienceMs = 250;

/**
 * Whether nobody listens at the agent's port, asked by sending it a datagram from a connected socket: only there the
 * system passes on what the agent's machine says. False when nothing is said.
 */
export function isRefused(target: Target, datagram: Buffer): Promise<boolean> {
  const socket = bare(target);
  return new Promise((resolve) => {
    const end = (refused: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(refused);
    };
    const timer = setTimeout(end, patienceMs, false);
    socket.on('error', (error) => end('code' in error && error.code === 'ECONNREFUSED'));
    socket.on('message', () => end(false));
    socket.connect(target.port, target.address, () => socket.send(datagram));
  });
}
