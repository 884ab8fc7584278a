import type { RuleEntry } from '../../config/schema/rule.ts';
import type { Shelving } from '../contracts/alarms.ts';
import { roles, type Role } from '../contracts/common.ts';

const hourMs = 3_600_000;

/** ISA-18.2: a shelf needs authority and an end. An operator hides an alarm for a shift, whoever answers for the room for a day. */
const usual: Shelving = { operator: 8 * hourMs, manager: 24 * hourMs, admin: 24 * hourMs };
/** Fire, gas and water: only for the hour of a test that somebody stands beside. */
const lifeSafety: Shelving = { manager: hourMs, admin: hourMs };

/** How long an alarm of the rule may be shelved, by role. */
export function shelvingOf({ shelving, lifeSafety: isLifeSafety }: RuleEntry): Shelving {
  if (shelving === undefined) return isLifeSafety ? lifeSafety : usual;
  const allowed = roles.slice(roles.indexOf(shelving.role));
  return Object.fromEntries(allowed.map((role) => [role, shelving.max]));
}

/** The least role that may shelve it at all, and with it take it out of service. */
export function leastRole(shelving: Shelving): Role {
  return roles.find((role) => shelving[role] !== undefined) ?? 'admin';
}
