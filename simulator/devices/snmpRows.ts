import type { Device, TableRead } from '../../config/model.ts';
import type { Varbind } from '../snmp/value.ts';

export interface Row {
  readonly part?: string;
  readonly key?: string;
}

export interface Rows {
  /** Index of a row below its column, dotted. */
  readonly index: (table: TableRead, row: Row) => string;
  /** The cells that identify the rows of tables with a key column. */
  readonly keys: readonly Varbind[];
}

/** The rows that a device's tables must have for its points, with the indices and keys that give the parts their names. */
export function rowsOf(device: Device): Rows {
  const indices = new Map<string, string>();
  const counts = new Map<string, number>();
  const keys: Varbind[] = [];
  for (const point of device.points) {
    if (point.source.from !== 'device' || point.source.read.by !== 'column') continue;
    const { table, row, presence } = point.source.read;
    const name = nameOf(table, row);
    if (indices.has(name)) continue;
    const space = spaceOf(table);
    const count = (counts.get(space) ?? 0) + 1;
    counts.set(space, count);
    const found = parsePart(table, row);
    const index = found.index ?? (table.key === undefined ? row.key : undefined) ?? String(count);
    indices.set(name, index);
    // A row that comes and goes is there as long as its point says so.
    if (table.key !== undefined && !presence)
      keys.push({ oid: `${space}.${index}`, value: keyValue(row.key ?? found.name ?? row.part ?? '') });
  }
  return { index: (table, row) => indices.get(nameOf(table, row)) ?? '0', keys };
}

/** Tables that share a key column share its rows. */
function spaceOf({ entry, key }: TableRead): string {
  return key === undefined ? `table ${entry}` : `${key.entry}.${key.column}`;
}

function nameOf(table: TableRead, row: Row): string {
  return `${spaceOf(table)} ${row.part ?? ''} ${row.key ?? ''}`;
}

/** What a part's name says of its row: `l{index}` and `l2` → index 2; `{index.2}` is the second arc, the first is then 1. */
function parsePart(
  { part: pattern }: TableRead,
  row: Row,
): { readonly index?: string; readonly name?: string } {
  if (pattern === undefined || row.part === undefined) return {};
  const arcs: number[] = [];
  const source = pattern.replace(
    /\{(index|name)(?:\.(\d+))?\}/g,
    (_, what: string, arc: string | undefined) => {
      if (what === 'name') return '(?<name>.+)';
      if (arc === undefined) return '(?<index>\\d+(?:-\\d+)*)';
      arcs.push(Number(arc));
      return `(?<arc${arc}>\\d+)`;
    },
  );
  const groups = new RegExp(`^${source}$`).exec(row.part)?.groups ?? {};
  const { name, index } = groups;
  const whole = index?.replaceAll('-', '.');
  const byArc = Array.from({ length: Math.max(0, ...arcs) }, (_, arc) => groups[`arc${arc + 1}`] ?? '1').join(
    '.',
  );
  const found = whole ?? (byArc === '' ? undefined : byArc);
  return { ...(found === undefined ? {} : { index: found }), ...(name === undefined ? {} : { name }) };
}

export function keyValue(text: string): Varbind['value'] {
  return /^\d+(\.\d+)+$/.test(text) ? { type: 'oid', value: text } : { type: 'octets', value: text };
}
