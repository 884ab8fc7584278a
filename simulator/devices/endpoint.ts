import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { hash } from '../physics/noise.ts';

/** A listener of the simulator. */
export interface Listener {
  close(): Promise<void>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Something else listens where the simulator must: names the port and the way out. */
export class PortInUseError extends Error {
  constructor({ host, port }: Endpoint, options?: ErrorOptions) {
    super(
      `port ${port} of ${host} is in use; stop the program that holds it (another simulator?) or choose another base port`,
      options,
    );
    this.name = 'PortInUseError';
  }
}

/** The error as it is reported: a taken port by its remedy, anything else as it came. */
export function listenError(error: unknown, endpoint: Endpoint): unknown {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken ? new PortInUseError(endpoint, { cause: error }) : error;
}

/** All listeners, or none: those that opened are closed again before the first error is thrown. */
export async function settled<T extends Listener>(results: readonly PromiseSettledResult<T>[]): Promise<T[]> {
  const open = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return open;
  await Promise.all(open.map((listener) => listener.close()));
  throw failure.reason;
}

/** Lets a TCP server listen; closing it ends its connections too. Rejects with PortInUseError. */
export async function listenTcp(server: Server, endpoint: Endpoint): Promise<Listener & Endpoint> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A reset by the other side ends this connection and nothing else.
    socket.on('error', () => socket.destroy());
  });
  server.listen(endpoint.port, endpoint.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, endpoint);
  }
  const address = server.address();
  return {
    host: endpoint.host,
    port: typeof address === 'object' && address !== null ? address.port : endpoint.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

const slotMs = 100;

/** One timer for many periodic jobs: each has a slot of its period, by its name, so that they come evenly. */
export class Wheel<T> {
  readonly #rings = new Map<number, T[][]>();
  #next: number | undefined;

  add(job: T, { name, periodMs }: { readonly name: string; readonly periodMs: number }): void {
    const slots = Math.max(1, Math.round(periodMs / slotMs));
    const ring = this.#rings.get(slots) ?? Array.from({ length: slots }, (): T[] => []);
    this.#rings.set(slots, ring);
    ring[hash(name, 0) % slots]?.push(job);
  }

  /** The jobs due since the last turn; after a long pause each at most once. */
  turn(now: number): T[] {
    const slot = Math.floor(now / slotMs);
    const from = this.#next ?? slot;
    this.#next = slot + 1;
    const due: T[] = [];
    for (const [slots, ring] of this.#rings) {
      for (let at = Math.max(from, slot - slots + 1); at <= slot; at++) due.push(...(ring[at % slots] ?? []));
    }
    return due;
  }
}
