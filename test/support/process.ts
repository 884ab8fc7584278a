import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
  /** `kill -9`: no goodbye to anybody. */
  kill(): Promise<void>;
}

interface PeerOptions {
  readonly ready: RegExp;
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** 20 s unless given. */
  readonly readyWithinMs?: number;
  /** Another user, where this one is root. */
  readonly uid?: number;
  readonly gid?: number;
}

/** A program that runs until it is stopped; resolves when its output matches `ready`. */
export async function startPeer(
  command: string,
  args: readonly string[],
  options: RegExp | PeerOptions,
): Promise<Peer> {
  const {
    ready,
    env = {},
    readyWithinMs = 20_000,
    ...rest
  } = options instanceof RegExp ? { ready: options } : options;
  const child: ChildProcess = spawn(command, args, {
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  const ended = once(child, 'exit');
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  const stop = (): Promise<void> => end('SIGTERM');
  const isReady = new Promise<'ready'>((resolve) => {
    const look = (data: Buffer): void => {
      output += data.toString();
      if (ready.test(output)) resolve('ready');
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
  });
  const timeout = new AbortController();
  const outcome = await Promise.race([
    isReady,
    ended,
    sleep(readyWithinMs, 'silent', { signal: timeout.signal }),
  ]);
  timeout.abort();
  if (outcome === 'ready') return { output: () => output, stop, kill: () => end('SIGKILL') };
  if (outcome === 'silent') await stop();
  throw new Error(`${command} is not ready: ${output}`);
}
