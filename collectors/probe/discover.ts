import { snmpReads } from '../../config/build/snmp-reads.ts';
import type { Point, TableRead } from '../../config/model.ts';
import type { SnmpProfile } from '../../config/schema/profile.ts';
import type { CellReader } from '../drivers/snmp/cells.ts';
import type { ColumnRead } from '../drivers/snmp/plan.ts';
import { rowsThatFit, Walks } from '../drivers/snmp/rows.ts';
import { namedRows, partOf } from '../profile/parts.ts';

export interface Discovery {
  /** Group → the parts a device really has, in the order of their rows. */
  readonly parts: Record<string, string[]>;
  /** Whether a part has a quantity: in a table that describes itself, each has its own. */
  readonly has: (point: Pick<Point, 'part' | 'quantity'>) => boolean;
}

/** Every row of every table with named parts. */
export async function discoverParts(
  profile: SnmpProfile,
  reader: CellReader,
  instance?: string,
): Promise<Discovery> {
  const walks = new Walks(reader);
  const parts: Record<string, string[]> = {};
  const present = new Set<string>();
  for (const [table, reads] of namedTables(profile, instance)) {
    const rows =
      (await walks.rowsOf(
        table,
        reads.map(({ read }) => read),
      )) ?? [];
    const names = reads.flatMap(({ read, quantity }) => {
      const named = [...namedRows(table.part ?? '', rowsThatFit(read, rows)).keys()];
      for (const name of named) present.add(`${name}/${quantity}`);
      return named;
    });
    const order = new Map(rows.map((row, position) => [partOf(table.part ?? '', row), position]));
    parts[table.group] = [...new Set(names)].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
  return {
    parts,
    has: ({ part, quantity }) => part === undefined || present.has(`${part}/${quantity}`),
  };
}

/** The devices there are behind an agent, by the rows that tell; none where it is the profile's own choice alone. */
export async function discoverInstances(profile: SnmpProfile, reader: CellReader): Promise<string[]> {
  const { instances } = profile;
  if (instances === undefined) return [];
  const rows = await new Walks(reader).column(instances.below);
  const found = [...(rows?.keys() ?? [])].map((index) => {
    const arcs = index.split('.');
    return instances.arcs === undefined ? index : instances.arcs.map((arc) => arcs[arc - 1] ?? '').join('.');
  });
  return found.every((instance) => instance === instances.default) ? [] : [...new Set(found)];
}

interface NamedRead {
  readonly quantity: string;
  readonly read: ColumnRead;
}

function namedTables(profile: SnmpProfile, instance: string | undefined): Map<TableRead, NamedRead[]> {
  const parts = Object.fromEntries(profile.tables.map(({ group }) => [group, ['any']]));
  const tables = new Map<TableRead, NamedRead[]>();
  for (const { read, quantity } of snmpReads(profile, { parts, instance })) {
    if (read.by !== 'column' || read.table.part === undefined) continue;
    tables.set(read.table, [...(tables.get(read.table) ?? []), { quantity, read }]);
  }
  return tables;
}
