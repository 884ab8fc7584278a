import type { SnmpProfile } from '../../config/schema/profile.ts';
import type { CellReader } from '../drivers/snmp/cells.ts';
import { partOf } from '../profile/parts.ts';
import type { Row } from '../profile/parts.ts';

/** Group → the parts a device really has, in the order of its rows: every row of every table with named parts. */
export async function discoverParts(
  profile: SnmpProfile,
  reader: CellReader,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of profile.tables) {
    const { part } = table;
    if (part === undefined) continue;
    const rows = await rowsOf(table, reader);
    found[table.group] = [...new Set(rows.map((row) => partOf(part, row)))].filter((name) => name !== '');
  }
  return found;
}

/** Cells are sparse on real devices: without a key column, a row is there when any column wanted has it. */
async function rowsOf(table: SnmpProfile['tables'][number], reader: CellReader): Promise<Row[]> {
  if (table.key !== 'index') {
    const keys = await reader.walk(`${table.key.entry ?? table.entry}.${table.key.column}`);
    return [...(keys ?? [])].map(([index, { raw }]) => ({ index, key: String(raw) }));
  }
  const indices = new Set<string>();
  for (const column of new Set(table.points.map((point) => point.column))) {
    for (const index of (await reader.walk(`${table.entry}.${column}`))?.keys() ?? []) indices.add(index);
  }
  return [...indices].map((index) => ({ index }));
}
