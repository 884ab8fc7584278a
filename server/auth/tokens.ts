import { createHash } from 'node:crypto';
import type { TokenRole } from '../contracts/common.ts';
import { sortableId, type RandomBytes } from '../db/id.ts';
import type { Executor } from '../db/schema.ts';
import type { TokenTable } from '../db/schema/accounts.ts';
import { AccountError } from './users.ts';
import { limitOf } from './sites.ts';

export type Token = TokenTable;

export interface NewToken {
  readonly name: string;
  readonly role: TokenRole;
  /** Epoch ms; absent: until it is revoked. */
  readonly expiresAt?: number;
  /** A collector's: whose readings it may deliver; of another role: what it may see; absent: every site. */
  readonly sites?: readonly string[];
}

/** Returns the token itself: only its hash is kept, so this is the one time it can be shown. */
export async function createToken(
  db: Executor,
  { name, role, expiresAt, sites }: NewToken,
  { now, randomBytes }: { readonly now: number; readonly randomBytes: RandomBytes },
): Promise<string> {
  const taken = await db.selectFrom('token').select('id').where('name', '=', name).executeTakeFirst();
  if (taken !== undefined)
    throw new AccountError(`there is a token "${name}" already; revoke it first or choose another name`);
  const token = `pantau_${Buffer.from(randomBytes(32)).toString('base64url')}`;
  await db
    .insertInto('token')
    .values({
      id: sortableId(now, randomBytes),
      name,
      role,
      hash: sha256(token),
      created_at: now,
      expires_at: expiresAt ?? null,
      sites: sites === undefined ? null : JSON.stringify(sites),
    })
    .execute();
  return token;
}

/** Undefined when unknown, revoked or expired. */
export async function findToken(db: Executor, token: string, now: number): Promise<Token | undefined> {
  const found = await db.selectFrom('token').selectAll().where('hash', '=', sha256(token)).executeTakeFirst();
  return found === undefined || (found.expires_at !== null && found.expires_at <= now) ? undefined : found;
}

/** The sites that a collector's token is bound to. */
export function sitesOf(token: Pick<Token, 'sites'>): string[] {
  return limitOf(token) ?? [];
}

export async function listTokens(db: Executor): Promise<Token[]> {
  return db.selectFrom('token').selectAll().orderBy('name').execute();
}

export async function revokeToken(db: Executor, name: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('token').where('name', '=', name).executeTakeFirst();
  if (numDeletedRows === 0n) throw new AccountError(`there is no token "${name}"`);
}

/** A random token of 256 bits needs no slow hash: nobody can try them all. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
