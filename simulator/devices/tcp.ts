import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { listenError, type Endpoint, type Listener } from './endpoint.ts';

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
