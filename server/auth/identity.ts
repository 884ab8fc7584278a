import { roles, type Role } from '../contracts/common.ts';

/** Who asks. */
export interface Identity {
  /** The user's name, or `token:NAME`. */
  readonly name: string;
  readonly role: Role;
  readonly by: 'session' | 'token';
}

/** Each role holds the ones before it. */
export function holds(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
