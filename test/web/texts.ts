import { readFileSync } from 'node:fs';
import { z } from 'zod';

interface Tree {
  readonly [key: string]: string | Tree;
}
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])));

/** The texts of a language by group; a key below a group may have steps of its own: `state.coming`. */
export function textsOf(language: 'id' | 'en'): Record<string, Record<string, string>> {
  const file = new URL(`../../web/i18n/${language}.json`, import.meta.url);
  const groups = z.record(z.string(), tree).parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    Object.entries(groups).map(([group, rows]) => [group, Object.fromEntries(flat(rows))]),
  );
}

function flat(rows: Tree): [key: string, text: string][] {
  return Object.entries(rows).flatMap(([key, row]): [string, string][] =>
    typeof row === 'string' ? [[key, row]] : flat(row).map(([below, text]) => [`${key}.${below}`, text]),
  );
}
