import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { DatagramSocket } from 'net-snmp';
import { FieldError } from '../driver.ts';

export interface Target {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** net-snmp would resolve the name on every send. */
export async function resolveTarget(host: string, port: number): Promise<Target> {
  const literal = isIP(host);
  if (literal === 4 || literal === 6) return { address: host, family: literal, port };
  try {
    const { address, family } = await lookup(host);
    return { address, family: family === 6 ? 6 : 4, port };
  } catch (error) {
    throw new FieldError('refused', `the name ${host} is not known`, { cause: error });
  }
}

/**
 * A UDP socket that is connected to the agent, as net-snmp's session wants it. Connected, so that the kernel drops
 * datagrams from anyone else (net-snmp would take them) and tells of a closed port at once instead of letting the
 * request time out. What a datagram makes the parser throw is counted and goes no further; close() works twice.
 */
export class ConnectedSocket implements DatagramSocket {
  readonly #socket;
  #closed = false;
  malformed = 0;

  private constructor(socket: ReturnType<typeof createSocket>) {
    this.#socket = socket;
  }

  static open(target: Target): Promise<ConnectedSocket> {
    const socket = createSocket(target.family === 6 ? 'udp6' : 'udp4');
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        socket.close();
        reject(new FieldError('refused', `no socket to ${target.address}`, { cause: error }));
      };
      socket.once('error', fail);
      socket.connect(target.port, target.address, () => {
        socket.off('error', fail);
        resolve(new ConnectedSocket(socket));
      });
    });
  }

  on(event: string, listener: (...args: unknown[]) => void): this {
    this.#socket.on(event, (...args: unknown[]) => {
      try {
        listener(...args);
      } catch {
        this.malformed += 1;
      }
    });
    return this;
  }

  send(
    datagram: Buffer,
    offset: number,
    length: number,
    _port: number,
    _address: string,
    callback: (error: Error | null, bytes: number) => void,
  ): void {
    this.#socket.send(datagram, offset, length, callback);
  }

  bind(): void {
    // Bound when it was connected.
  }

  ref(): void {
    if (!this.#closed) this.#socket.ref();
  }

  unref(): void {
    if (!this.#closed) this.#socket.unref();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}
