import type { Role } from '../contracts/common.ts';
import { type RandomBytes, sortableId } from '../db/id.ts';
import type { Executor } from '../db/schema.ts';
import type { UserTable } from '../db/schema/accounts.ts';
import { hash, verify } from '@node-rs/argon2';

export type User = UserTable;
const shortestPassword = 8;

export async function findUser(db: Executor, name: string): Promise<User | undefined> {
  return db.selectFrom('user').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function listUsers(db: Executor): Promise<User[]> {
  return db.selectFrom('user').selectAll().orderBy('name').execute();
}

export interface NewUser {
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  /** What it may see; absent: every site. */
  readonly sites?: readonly string[] | undefined;
}

/** Throws AccountError for a bad name, a short password or a name that is taken. */
export async function addUser(
  db: Executor,
  { name, password, role, sites }: NewUser,
  now: number,
): Promise<void> {
  if (!/^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name)) {
    throw new AccountError(`user name "${name}": lower-case letters, digits and . _ @ - only, at most 64`);
  }
  checkLength(password);
  if (sites !== undefined) checkLimit(role);
  if ((await findUser(db, name)) !== undefined) throw new AccountError(`user "${name}" is there already`);
  await db
    .insertInto('user')
    .values({
      name,
      role,
      password: await hashPassword(password),
      created_at: now,
      disabled_at: null,
      sites: sites === undefined ? null : JSON.stringify(sites),
    })
    .execute();
}

/** Also ends the user's sessions: whoever knew the old password is out. */
export async function setPassword(db: Executor, name: string, password: string): Promise<void> {
  checkLength(password);
  const hashed = await hashPassword(password);
  const { numUpdatedRows } = await db
    .updateTable('user')
    .set({ password: hashed })
    .where('name', '=', name)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw unknownUser(name);
  await db.deleteFrom('session').where('user_name', '=', name).execute();
}

/** Takes effect with the next request: a session knows only the user's name. */
export async function setRole(db: Executor, name: string, role: Role): Promise<void> {
  await keepAnAdmin(db, name, role === 'admin');
  const user = await findUser(db, name);
  if (user === undefined) throw unknownUser(name);
  if (user.sites !== null) checkLimit(role);
  const { numUpdatedRows } = await db
    .updateTable('user')
    .set({ role })
    .where('name', '=', name)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw unknownUser(name);
}

/** Limits an account to some sites, or to none (`sites` null). Takes effect with the next request. */
export async function setSites(db: Executor, name: string, sites: readonly string[] | null): Promise<void> {
  const user = await findUser(db, name);
  if (user === undefined) throw unknownUser(name);
  if (sites !== null) checkLimit(user.role);
  await db
    .updateTable('user')
    .set({ sites: sites === null ? null : JSON.stringify(sites) })
    .where('name', '=', name)
    .execute();
}

/** An administrator could lift the limit, and a limit that can be lifted is none. */
function checkLimit(role: Role): void {
  if (role === 'admin')
    throw new AccountError('an administrator sees every site; choose another role, or no limit of sites');
}

/** Closes an account (and ends its sessions), or opens it again (`at` null). */
export async function setDisabled(db: Executor, name: string, at: number | null): Promise<void> {
  if (at !== null) await keepAnAdmin(db, name, false);
  const { numUpdatedRows } = await db
    .updateTable('user')
    .set({ disabled_at: at })
    .where('name', '=', name)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw unknownUser(name);
  if (at !== null) await db.deleteFrom('session').where('user_name', '=', name).execute();
}

/** Without an administrator nobody could make another one. */
async function keepAnAdmin(db: Executor, name: string, stays: boolean): Promise<void> {
  const admins = (await listUsers(db)).filter((user) => user.role === 'admin' && user.disabled_at === null);
  if (!stays && admins.length === 1 && admins[0]?.name === name)
    throw new AccountError(`"${name}" is the last administrator; make another one first`);
}

/** The sessions go with the user (a reference in the database). */
export async function removeUser(db: Executor, name: string): Promise<void> {
  const { numDeletedRows } = await db.deleteFrom('user').where('name', '=', name).executeTakeFirst();
  if (numDeletedRows === 0n) throw unknownUser(name);
}

/**
 * First start: makes user `admin` when there is no user at all. Returns the password if it had to be made, so that it can be
 * printed once; undefined otherwise.
 */
export async function ensureAdmin(
  db: Executor,
  options: { readonly password: string | undefined; readonly randomBytes: RandomBytes; readonly now: number },
): Promise<string | undefined> {
  if ((await listUsers(db)).length > 0) return undefined;
  const made = madePassword(options.randomBytes);
  await addUser(db, { name: 'admin', password: options.password ?? made, role: 'admin' }, options.now);
  return options.password === undefined ? made : undefined;
}

/** 100 random bits, easy to type. */
export function madePassword(randomBytes: RandomBytes): string {
  const digits = sortableId(0, randomBytes).slice(-10) + sortableId(0, randomBytes).slice(-10);
  return digits.replaceAll(/(.{5})(?=.)/g, '$1-');
}

function checkLength(password: string): void {
  if (password.length < shortestPassword)
    throw new AccountError(`the password needs at least ${shortestPassword} characters`);
}

function unknownUser(name: string): AccountError {
  return new AccountError(`there is no user "${name}"`);
}

/** argon2id with the library's defaults (19 MiB, 2 passes: OWASP's first recommendation). */
function hashPassword(password: string): Promise<string> {
  return hash(password);
}

export interface PasswordChecker {
  /** `stored` undefined: there is no such user; it takes as long as a wrong password and is false. */
  check(stored: string | undefined, password: string): Promise<boolean>;
}

export async function passwordChecker(nobody: string): Promise<PasswordChecker> {
  const nobodysHash = await hashPassword(nobody);
  return {
    async check(stored, password) {
      const right = await verify(stored ?? nobodysHash, password);
      return right && stored !== undefined;
    },
  };
}

/** An account cannot be made or changed as asked; the message tells a person why. */
export class AccountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AccountError';
  }
}
