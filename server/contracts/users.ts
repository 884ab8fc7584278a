import { z } from 'zod';
import { instant, role } from './common.ts';

export const userView = z.object({
  name: z.string(),
  role,
  createdAt: instant,
  /** Null: it may sign in. */
  disabledAt: instant.nullable(),
});
export type UserView = z.infer<typeof userView>;

export const newUserInput = z.strictObject({
  name: z.string().min(1).max(64),
  role,
});
export const userRoleInput = z.strictObject({ role });

/** The password is made by the server and shown this once. */
export const userPasswordView = z.object({ user: userView, password: z.string() });
