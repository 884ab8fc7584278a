import { createHash } from 'node:crypto';

/** Names of fields whose values nobody may read in the audit log: what opens something, and what identifies a person. */
const secret = /^(password|token|secret|auth|p256dh|endpoint|pin)$/i;
const personal = /^(identity|card|fullName|pic|superiorEmail|email|phone|fields)$/i;
/** Lists of people: how many is kept. */
const people = /^persons$/i;
/** Longer texts are files or documents: their hash proves them. */
const longestText = 500;
const deepest = 8;

/** What an audit entry keeps of a command's input. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' && value.length > longestText)
    return `sha256:${createHash('sha256').update(value).digest('hex')} (${value.length} characters)`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (secret.test(name) || personal.test(name)) return [name, each === null ? null : '•••'];
      if (people.test(name) && Array.isArray(each)) return [name, `${each.length}`];
      return [name, redacted(each, depth + 1)];
    }),
  );
}
