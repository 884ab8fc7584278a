/** Text as a device reports it → as it stands in a point id. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

export interface Row {
  /** Arcs behind the column, dotted. */
  readonly index: string;
  /** Text of the key cell, where the table has one. */
  readonly key?: string;
  /** Texts of the table's label cells, by name. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The name of a row's part by the table's pattern: `l{index}`, `{name}`, `bus-{index.1}-{name}`, `{unit}-{index.2}`. */
export function partOf(pattern: string, row: Row): string {
  const arcs = row.index.split('.');
  const filled = pattern.replace(
    /\{([a-z0-9-]+)(?:\.(\w+))?\}/g,
    (_, what: string, arc: string | undefined) => {
      if (what === 'name') return slugOf(row.key ?? '');
      if (what !== 'index') return slugOf(row.labels?.[what] ?? '');
      if (arc === undefined) return arcs.join('-');
      if (arc === 'text') return slugOf(textOfIndex(arcs));
      return (arc === 'last' ? arcs.at(-1) : arcs[Number(arc) - 1]) ?? '';
    },
  );
  return slugOf(filled);
}

/**
 * Part → row. Names repeat on real devices: the second of a name is `name-2`; a row without a name is called by its index.
 * Rows come in the order of their indices.
 */
export function namedRows<R extends Row>(pattern: string, rows: readonly R[]): ReadonlyMap<string, R> {
  const named = new Map<string, R>();
  const seen = new Map<string, number>();
  for (const row of rows) {
    const name = partOf(pattern, row) || `row-${row.index.replaceAll('.', '-')}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    named.set(count === 1 ? name : `${name}-${count}`, row);
  }
  return named;
}

/** The index that a part's name implies; undefined where only the device knows. */
export function indexOfPart(pattern: string, part: string): string | undefined {
  const [before, after, ...more] = pattern.split('{index}');
  if (before === undefined || after === undefined || more.length > 0 || /[{}]/.test(before + after))
    return undefined;
  if (!part.startsWith(before) || !part.endsWith(after)) return undefined;
  const index = part.slice(before.length, part.length - after.length);
  return /^\d+(-\d+)*$/.test(index) ? index.replaceAll('-', '.') : undefined;
}

/** RFC 2578, 7.7: text as an index is its characters, with their number before them unless IMPLIED. */
function textOfIndex(arcs: readonly string[]): string {
  const numbers = arcs.map(Number);
  const [first, ...rest] = numbers;
  return String.fromCodePoint(...(first === rest.length ? rest : numbers).map((arc) => arc % 0x11_00_00));
}
