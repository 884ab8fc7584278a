import { z } from 'zod';
import { instant, role } from './common.ts';

export const userView = z.object({
  name: z.string(),
  role,
  createdAt: instant,
  /** Null: it may sign in. */
  disabledAt: instant.nullable(),
  /** Ids of the sites that it may see; null: every site. */
  sites: z.array(z.string()).nullable(),
});
export type UserView = z.infer<typeof userView>;

/** At least one: who may see nothing has no account. Null: every site. */
const siteLimit = z.array(z.string().min(1).max(100)).min(1).max(50).nullable();
export const newUserInput = z.strictObject({
  name: z.string().min(1).max(64),
  role,
  sites: siteLimit.default(null),
});
export const userSitesInput = z.strictObject({ sites: siteLimit });
export const userRoleInput = z.strictObject({ role });

/** The password is made by the server and shown this once. */
export const userPasswordView = z.object({ user: userView, password: z.string() });
