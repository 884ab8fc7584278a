import { roles, type Role, type TokenRole } from '../contracts/common.ts';

/** Who asks. */
export type Identity = Person | CollectorIdentity;

/** A user, or a program with a user's role. */
export interface Person {
  /** The user's name, or `token:NAME`. */
  readonly name: string;
  readonly role: Role;
  readonly by: 'session' | 'token';
  /** Ids of the sites that they may see; absent: every site. */
  readonly sites?: readonly string[];
}

/** Delivers readings of its sites and may do nothing else. */
export interface CollectorIdentity {
  /** `token:NAME`. */
  readonly name: string;
  readonly role: 'collector';
  readonly by: 'token';
  /** The token's name. */
  readonly collector: string;
  readonly sites: readonly string[];
}

/** Each role holds the ones before it; a collector stands beside them. */
export function holds(role: TokenRole, needed: TokenRole): boolean {
  if (role === 'collector' || needed === 'collector') return role === needed;
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** Whether somebody may see what belongs to a site. */
export function seesSite({ sites }: Pick<Person, 'sites'>, site: string): boolean {
  return sites === undefined || sites.includes(site);
}

export function isCollector(identity: Identity): identity is CollectorIdentity {
  return identity.role === 'collector';
}
