import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addUser } from '../../../server/auth/users.ts';
import type { Role } from '../../../server/contracts/common.ts';
import { startServer, type StartOptions, type TestServer } from '../../server/support/server.ts';
import { password } from './sign-in.ts';

export const webFolder = fileURLToPath(new URL('../../../dist/web', import.meta.url));
const command = fileURLToPath(new URL('../../../bin/pantau.js', import.meta.url));

/** The server with its pages, built when they are older than their sources, and somebody who may sign in. */
export async function startPages(
  user: { readonly name: string; readonly role: Role },
  options?: StartOptions,
): Promise<TestServer> {
  spawnSync(process.execPath, [command, '--version']);
  const server = await startServer({ ...options, webFolder });
  await addUser(server.db, { ...user, password }, Date.now());
  return server;
}
