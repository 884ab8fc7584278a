import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEnvironment } from '../process.ts';

const command = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
export const password = 'bench-only-password';

export interface Served {
  readonly url: string;
  /** A token of a role, at every site. */
  token(role: 'collector' | 'wall'): string;
  stop(): Promise<void>;
}

/** The product's own server, in a process of its own, once it answers. */
export async function serve(options: {
  readonly port: number;
  readonly dataDir: string;
  readonly flags: readonly string[];
  readonly simulatorPort?: number;
}): Promise<Served> {
  const { port, dataDir, flags, simulatorPort } = options;
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ...startEnvironment,
    PANTAU_PORT: String(port), PANTAU_DATA: dataDir, PANTAU_ADMIN_PASSWORD: password, PANTAU_LOG: 'warn',
    ...(simulatorPort === undefined ? {} : { PANTAU_SIMULATOR_PORT: String(simulatorPort) }),
  }; // prettier-ignore
  const child = spawn(process.execPath, [command, 'serve', ...flags], { env, stdio: ['ignore', 'ignore', 'inherit'] }); // prettier-ignore
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  while (!(await fetch(`${url}/api/v1/health`).then(({ ok }) => ok, () => false))) {
    if (child.exitCode !== null) throw new Error(`pantau serve ended with ${child.exitCode}`);
    await sleep(200);
  } // prettier-ignore
  return {
    url,
    token: (role) => {
      const sites = role === 'collector' ? ['dc', 'smart-dc', 'drc'].flatMap((site) => ['--site', site]) : [];
      const args = ['token', 'create', `bench-${role}`, '--role', role, ...sites];
      const output = execFileSync(process.execPath, [command, ...args], { env, encoding: 'utf8' });
      return output.trim().split(/\s+/).at(-1) ?? '';
    },
    stop,
  };
}
