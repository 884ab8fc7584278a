/** Text as a device says it → as it stands in a point id. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

export interface Row {
  /** Arcs behind the column, dotted. */
  readonly index: string;
  /** Text of the key column, where the table has one. */
  readonly key?: string;
}

/** The name of a row's part by the table's pattern: `l{index}`, `{name}`, `bus-{index.1}-{name}`. */
export function partOf(pattern: string, row: Row): string {
  const arcs = row.index.split('.');
  const filled = pattern.replace(
    /\{(index|name)(?:\.(\d+))?\}/g,
    (_, what: string, arc: string | undefined) => {
      if (what === 'name') return slugOf(row.key ?? '');
      return arc === undefined ? arcs.join('-') : (arcs[Number(arc) - 1] ?? '');
    },
  );
  return slugOf(filled);
}

/** The index that a part's name implies; undefined where only the device can tell. */
export function indexOfPart(pattern: string, part: string): string | undefined {
  const [before, after, ...more] = pattern.split('{index}');
  if (before === undefined || after === undefined || more.length > 0 || /[{}]/.test(before + after))
    return undefined;
  if (!part.startsWith(before) || !part.endsWith(after)) return undefined;
  const index = part.slice(before.length, part.length - after.length);
  return /^\d+(-\d+)*$/.test(index) ? index.replaceAll('-', '.') : undefined;
}
