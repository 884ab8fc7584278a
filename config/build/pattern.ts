/** What `{…}` may stand for in the addresses and names of a row's racks. */
export const placeholders = ['row', 'rowNumber', 'number', 'rack', 'feed'] as const;
type Placeholder = (typeof placeholders)[number];
export type PatternValues = Readonly<Partial<Record<Placeholder, string>>>;

/** The names between braces, known or not, in the order they stand. */
export function placeholdersIn(pattern: string): string[] {
  return [...pattern.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** Replaces the placeholders that have a value; the others stay as they are. */
export function fillPattern(pattern: string, values: PatternValues): string {
  return pattern.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) =>
    isPlaceholder(name) ? (values[name] ?? whole) : whole,
  );
}

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}
