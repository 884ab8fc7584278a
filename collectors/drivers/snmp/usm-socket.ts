import type { DatagramSocket } from 'net-snmp';

interface Wire {
  readonly send: (datagram: Buffer) => void;
  /** The library choked on a datagram. */
  readonly malformed: () => void;
}

/** What a net-snmp session takes for its socket: the agent's own one stands behind it. */
export class UsmSocket implements DatagramSocket {
  readonly #wire: Wire;
  #listener: ((datagram: Buffer) => void) | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  on(event: string, listener: (...args: unknown[]) => void): this {
    if (event === 'message') this.#listener = listener;
    return this;
  }

  hear(datagram: Buffer): void {
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
