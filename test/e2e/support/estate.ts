import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from '../../support/process.ts';
import { shiftedDate } from '../../support/shifted-date.ts';
import { password } from './sign-in.ts';

const command = fileURLToPath(new URL('../../../bin/pantau.js', import.meta.url));

/** The real server with its simulator, as a user starts them, in two processes so that the server alone can die. */
export interface Estate {
  readonly url: string;
  /** `kill -9`: no goodbye to anybody. */
  killServer(): Promise<void>;
  startServer(): Promise<void>;
  /** What the server takes for the time of day is ahead by so many seconds from now on, also after a restart; the simulator's is right. */
  shiftServerClock(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startEstate(): Promise<Estate> {
  const data = await mkdtemp(path.join(os.tmpdir(), 'pantau-e2e-'));
  const [shift, preload] = [path.join(data, 'shift'), path.join(data, 'shifted-date.mjs')];
  await writeFile(preload, shiftedDate);
  const port = await freePort();
  const { simulator, base } = await startSimulator();
  const variables = {
    PANTAU_PORT: String(port),
    PANTAU_SIMULATOR_PORT: String(base),
    PANTAU_DATA: data,
    PANTAU_ADMIN_PASSWORD: password,
    PANTAU_LOG: 'warn',
    TEST_SHIFT_FILE: shift,
  };
  const startServer = (): Promise<ChildProcess> =>
    run(['serve', '--no-simulate'], { variables, preload, ready: /Pantau DC: http/ });
  let server = await startServer();
  return {
    url: `http://127.0.0.1:${port}`,
    killServer: () => end(server, 'SIGKILL'),
    startServer: async () => {
      server = await startServer();
    },
    shiftServerClock: (seconds) => writeFile(shift, String(seconds)),
    stop: async () => {
      await end(server, 'SIGTERM');
      await end(simulator, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Its devices take some 700 ports above the first one: the first thousand that is free. */
async function startSimulator(): Promise<{ simulator: ChildProcess; base: number }> {
  for (let base = 10_000; base < 19_000; base += 1_000) {
    const variables = { PANTAU_SIMULATOR_PORT: String(base), PANTAU_LOG: 'info' };
    const simulator = await run(['simulate'], { variables, ready: /simulated field is up/ }).catch(
      (error: unknown) => {
        if (error instanceof Error && error.message.includes('PANTAU_SIMULATOR_PORT')) return undefined;
        throw error;
      },
    );
    if (simulator !== undefined) return { simulator, base };
  }
  throw new Error('no thousand ports between 10,000 and 19,000 are free');
}

interface RunOptions {
  readonly variables: Readonly<Record<string, string>>;
  readonly ready: RegExp;
  /** A module that is loaded before the program. */
  readonly preload?: string;
}

async function run(
  args: readonly string[],
  { variables, ready, preload }: RunOptions,
): Promise<ChildProcess> {
  const before = preload === undefined ? [] : ['--import', pathToFileURL(preload).href];
  const child = spawn(process.execPath, [...before, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const look = (data: Buffer): void => {
      // The tail is enough to say what went wrong.
      output = `${output}${data.toString()}`.slice(-10_000);
      if (ready.test(output)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', () => {
      reject(new Error(`pantau ${args.join(' ')} ended: ${output}`));
    });
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
