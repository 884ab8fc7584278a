import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type ResponderOptions, respond } from './responder.ts';
import type { OidSource } from './source.ts';

export interface Agent {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface AgentOptions extends ResponderOptions {
  readonly host?: string;
  /** 0: one that is free. */
  readonly port?: number;
  /** While true, nothing is answered, as by a device without power. */
  readonly isSilent?: () => boolean;
}

/** One agent on a UDP socket of its own. Rejects when the address is taken. */
export async function serveAgent(source: OidSource, options: AgentOptions = {}): Promise<Agent> {
  const host = options.host ?? '127.0.0.1';
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (datagram, from) => {
    if (options.isSilent?.() === true) return;
    const reply = respond(datagram, source, options);
    // The asker may be gone by now: an answer that cannot be sent is nobody's loss.
    if (reply !== undefined) socket.send(reply, from.port, from.address, () => undefined);
  });
  socket.bind(options.port ?? 0, host);
  await once(socket, 'listening');
  socket.on('error', () => undefined);
  let closed: Promise<void> | undefined;
  return {
    host,
    port: socket.address().port,
    close: () =>
      (closed ??= new Promise((resolve) => {
        socket.close(resolve);
      })),
  };
}
