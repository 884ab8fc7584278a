import type { Role } from '../server/contracts/common.ts';
import type { RandomBytes } from '../server/db/id.ts';
import type { Database } from '../server/db/schema.ts';
import * as users from '../server/auth/users.ts';

interface NewUser {
  readonly name: string;
  readonly role: Role;
  /** Absent: one is made and shown. */
  readonly password?: string | undefined;
}
interface Means {
  readonly now: number;
  readonly randomBytes: RandomBytes;
}

/** `pantau user …`: each returns the text to print, or throws AccountError with the reason. */
export async function addUser(
  db: Database,
  { name, role, password }: NewUser,
  { now, randomBytes }: Means,
): Promise<string> {
  const chosen = password ?? users.madePassword(randomBytes);
  await users.addUser(db, { name, password: chosen, role }, now);
  return `user ${name} (${role}) added${password === undefined ? `; password, shown this once: ${chosen}` : ''}`;
}

export async function setPassword(
  db: Database,
  name: string,
  { password, randomBytes }: { password?: string | undefined; randomBytes: RandomBytes },
): Promise<string> {
  const chosen = password ?? users.madePassword(randomBytes);
  await users.setPassword(db, name, chosen);
  return `password of ${name} set, all its sessions ended${password === undefined ? `; password, shown this once: ${chosen}` : ''}`;
}

export async function removeUser(db: Database, name: string): Promise<string> {
  await users.removeUser(db, name);
  return `user ${name} removed, its sessions ended`;
}

export async function listUsers(db: Database): Promise<string> {
  const rows = await users.listUsers(db);
  return rows
    .map(
      (user) =>
        `${user.name.padEnd(24)} ${user.role.padEnd(10)} since ${new Date(user.created_at).toISOString()}`,
    )
    .join('\n');
}
