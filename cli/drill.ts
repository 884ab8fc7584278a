import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createToken } from '../server/auth/tokens.ts';
import type { Environment } from './environment.ts';
import { withOperations } from './operations.ts';

/** The server itself gives the simulator a few seconds. */
const answerWithinMs = 15_000;

/**
 * Asks the server on `PANTAU_PORT` for a drill. Signs in with PANTAU_TOKEN, or, where the server's own data folder is at
 * hand, with a token that lives for a minute: whoever may write that folder may do anything anyway.
 */
export async function askDrill(
  environment: Environment,
  drill: {
    readonly name: string;
    readonly site: string;
    readonly action: 'start' | 'stop';
    readonly minutes?: number | undefined;
  },
  write: (line: string) => void,
): Promise<number> {
  const address = `http://${environment.PANTAU_HOST}:${environment.PANTAU_PORT}/api/v1/drills`;
  const token = environment.PANTAU_TOKEN ?? (await ownToken(environment));
  if (token === undefined) {
    write(
      `no token: set PANTAU_TOKEN (pantau token create NAME --role operator), or PANTAU_DATA to the server's data folder`,
    );
    return 1;
  }
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(drill),
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch {
    write(`no server answers at ${address}; is PANTAU_PORT right, and does it run with --simulate?`);
    return 1;
  }
  const answer = await response.text();
  if (response.ok) {
    write(`${drill.name} ${drill.action === 'start' ? 'started' : 'stopped'} at ${drill.site}`);
    return 0;
  }
  write(`refused (${response.status}): ${answer}`);
  return 1;
}

async function ownToken(environment: Environment): Promise<string | undefined> {
  const { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: url } = environment;
  if (url === undefined && !existsSync(join(dataDir, 'operations.db'))) return undefined;
  return withOperations(environment, (db, { now }) =>
    createToken(
      db,
      { name: `drill-${randomBytes(6).toString('hex')}`, role: 'operator', expiresAt: now + 60_000 },
      { now, randomBytes },
    ),
  );
}
