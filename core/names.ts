import { closest, distance } from 'fastest-levenshtein';

/** The candidate closest to what was written; none when nothing is close enough to be a slip of the pen. */
export function nearestName(written: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  if (names.length === 0) return undefined;
  const name = closest(written, names);
  return distance(written, name) <= Math.max(written.length, name.length) / 2 ? name : undefined;
}

/** `"dcc" is no site; did you mean "dc"?` */
export function unknownName(kind: string, name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return `"${name}" is no ${kind}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`;
}
