import { AccountError } from '../server/auth/users.ts';
import type { TokenRole } from '../server/contracts/common.ts';
import type { RandomBytes } from '../server/db/id.ts';
import type { Database } from '../server/db/schema.ts';
import * as tokens from '../server/auth/tokens.ts';

interface NewToken {
  readonly name: string;
  readonly role: TokenRole;
  /** Of a collector's token: whose readings it may deliver; of another: what it may see, every site unless given. */
  readonly sites?: readonly string[] | undefined;
  /** From now, ms; absent: until it is revoked. */
  readonly lifeMs?: number | undefined;
}

/** `pantau token …`: each returns the text to print, or throws AccountError with the reason. */
export async function createToken(
  db: Database,
  { name, role, lifeMs, sites }: NewToken,
  means: { now: number; randomBytes: RandomBytes },
): Promise<string> {
  if (role === 'collector' && sites === undefined)
    throw new AccountError('a collector needs its sites: --role collector --site drc');
  if (role === 'admin' && sites !== undefined)
    throw new AccountError('an administrator sees every site; choose another role, or leave --site out');
  const expiresAt = lifeMs === undefined ? {} : { expiresAt: means.now + lifeMs };
  const token = await tokens.createToken(
    db,
    { name, role, ...expiresAt, ...(sites === undefined ? {} : { sites }) },
    means,
  );
  const of = sites === undefined ? '' : ` of ${sites.join(', ')}`;
  return `token ${name} (${role}${of}), shown this once:\n${token}`;
}

export async function revokeToken(db: Database, name: string): Promise<string> {
  await tokens.revokeToken(db, name);
  return `token ${name} revoked`;
}

export async function listTokens(db: Database): Promise<string> {
  const rows = await tokens.listTokens(db);
  return rows
    .map(
      (token) => `${token.name.padEnd(24)} ${token.role.padEnd(10)} ${until(token.expires_at)}${of(token)}`,
    )
    .join('\n');
}

function until(expiresAt: number | null): string {
  return expiresAt === null ? 'no expiry' : `until ${new Date(expiresAt).toISOString()}`;
}

function of(token: tokens.Token): string {
  return token.sites === null ? '' : `; ${tokens.sitesOf(token).join(', ')}`;
}
