import { createHash } from 'node:crypto';

/** Names of fields whose values nobody may read in the audit log: what opens something, and what identifies a person. */
const secret = /^(password|passphrase|token|secret|auth|p256dh|endpoint|pin)$/i;
const personal = /^(identity|nik|card|fullName|pic|picEmail|superiorEmail|email|phone|fields)$/i;
/** Lists of people and of what they carry: how many is kept. */
const people = /^(persons|cards)$/i;
/** Whole files, however short: names may be in them. */
const file = /^(text|data)$/i;
/** Longer texts are files or documents: their hash proves them. */
const longestText = 500;
const deepest = 8;
const shortestRepeat = 4;
const hidden = '•••';
/** Signs by which people group the digits of a number. */
const between = String.raw`[\s.-]*`;

/** What an audit entry keeps of a command's input. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string' && value.length > longestText) return hashOf(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '…';
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1));
  const repeats = repeatsOf(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (secret.test(name) || personal.test(name)) return [name, each === null ? null : hidden];
      if (people.test(name) && Array.isArray(each)) return [name, `${each.length}`];
      if (file.test(name) && typeof each === 'string') return [name, hashOf(each)];
      if (typeof each === 'string')
        return [name, redacted(repeats.reduce((text, pattern) => text.replace(pattern, hidden), each))];
      return [name, redacted(each, depth + 1)];
    }),
  );
}

function hashOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')} (${text.length} characters)`;
}

/** What the hidden fields hold, however it is spaced: a reason beside them must not repeat it, also when it is refused for that. */
function repeatsOf(value: object): RegExp[] {
  return Object.entries(value).flatMap(([name, each]: [string, unknown]) => {
    if (typeof each !== 'string' || (!secret.test(name) && !personal.test(name))) return [];
    const compact = each.replaceAll(/[\s.-]/g, '');
    if (compact.length < shortestRepeat || compact.length > longestText) return [];
    const pattern = compact.replaceAll(
      /./gsu,
      (sign) => (/[\p{L}\p{N}]/u.test(sign) ? sign : `\\${sign}`) + between,
    );
    return [new RegExp(pattern.slice(0, -between.length), 'gi')];
  });
}
