import { connect, createServer, type Socket } from 'node:net';

export interface PausableProxy {
  readonly url: string;
  /** Stops reading what the server sends, on old connections and new ones: its buffers fill. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

/** TCP between a client and a server on loopback, as a network that stalls. */
export async function pausableProxy(port: number): Promise<PausableProxy> {
  const upstreams = new Set<Socket>();
  let paused = false;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    upstreams.add(upstream);
    client.pipe(upstream);
    upstream.on('data', (chunk) => client.write(chunk));
    if (paused) upstream.pause();
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      // prettier-ignore
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    pause() {
      paused = true;
      upstreams.forEach((upstream) => upstream.pause());
    },
    resume() {
      paused = false;
      upstreams.forEach((upstream) => upstream.resume());
    },
    close: () =>
      new Promise((resolve) => {
        for (const upstream of upstreams) upstream.destroy();
        server.close(() => resolve());
      }),
  };
}
