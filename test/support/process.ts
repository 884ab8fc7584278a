import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that is free now. The peer that gets it must say so itself if another was quicker. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

export interface Peer {
  /** Output so far, both streams. */
  output(): string;
  stop(): Promise<void>;
}

/** A program that runs until it is stopped; resolves when its output matches `ready`. */
export async function startPeer(command: string, args: readonly string[], ready: RegExp): Promise<Peer> {
  const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let exited = false;
  const ended = once(child, 'exit').then(() => (exited = true));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${command} is not ready: ${output}`)), 20_000);
    const look = (data: Buffer): void => {
      output += data.toString();
      if (!ready.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    void ended.then(() => {
      clearTimeout(timer);
      reject(new Error(`${command} ended: ${output}`));
    });
  }).catch(async (error: unknown) => {
    if (!exited) await stop();
    throw error;
  });
  return { output: () => output, stop };
}
