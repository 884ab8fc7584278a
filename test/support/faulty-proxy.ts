import { connect, createServer, type Socket } from 'node:net';

/** `swallow`: requests arrive, their answers do not, and the connection breaks. */
type ProxyMode = 'through' | 'refuse' | 'swallow';

export interface FaultyProxy {
  readonly port: number;
  set(mode: ProxyMode): void;
  /** Answers that did not arrive. */
  swallowed(): number;
  close(): Promise<void>;
}

/** TCP to a port of loopback, as a network that fails. */
export async function faultyProxy(target: number): Promise<FaultyProxy> {
  let mode: ProxyMode = 'through';
  let swallowed = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (mode === 'refuse') {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (mode !== 'swallow') {
        client.write(chunk);
        return;
      }
      if (!client.destroyed) swallowed += 1;
      client.destroy();
    });
    for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(one);
      one.on('error', () => undefined).on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    } // prettier-ignore
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    set(next) {
      mode = next;
      if (next === 'refuse') for (const socket of sockets) socket.destroy();
    },
    swallowed: () => swallowed,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
