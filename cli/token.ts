import type { Role } from '../server/contracts/common.ts';
import type { RandomBytes } from '../server/db/id.ts';
import type { Database } from '../server/db/schema.ts';
import * as tokens from '../server/auth/tokens.ts';

interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** From now, ms; absent: until it is revoked. */
  readonly lifeMs?: number | undefined;
}

/** `pantau token …`: each returns the text to print, or throws AccountError with the reason. */
export async function createToken(
  db: Database,
  { name, role, lifeMs }: NewToken,
  means: { now: number; randomBytes: RandomBytes },
): Promise<string> {
  const expiresAt = lifeMs === undefined ? {} : { expiresAt: means.now + lifeMs };
  const token = await tokens.createToken(db, { name, role, ...expiresAt }, means);
  return `token ${name} (${role}), shown this once:\n${token}`;
}

export async function revokeToken(db: Database, name: string): Promise<string> {
  await tokens.revokeToken(db, name);
  return `token ${name} revoked`;
}

export async function listTokens(db: Database): Promise<string> {
  const rows = await tokens.listTokens(db);
  return rows
    .map((token) => `${token.name.padEnd(24)} ${token.role.padEnd(10)} ${until(token.expires_at)}`)
    .join('\n');
}

function until(expiresAt: number | null): string {
  return expiresAt === null ? 'no expiry' : `until ${new Date(expiresAt).toISOString()}`;
}
