import type { CellRef, Point, PointRead } from '../../../config/model.ts';
import { indexOfPart } from '../../profile/parts.ts';

export type ColumnRead = Extract<PointRead, { by: 'column' }>;
type OidRead = Extract<PointRead, { by: 'oid' }>;

/** A point whose OID is known, with the cells that say what its value is worth. */
export interface Item {
  readonly point: Point;
  readonly oid: string;
  /** Where else the value may stand, and by how much its scale there differs. */
  readonly orElse: readonly { readonly oid: string; readonly factor: number }[];
  readonly scales: OidRead['scales'];
  readonly status?: NonNullable<OidRead['status']>;
  /** What the key cell said when the row was found: anything else, and it is another row by now. */
  readonly identity?: { readonly oid: string; readonly text: string };
}

/** A point whose row only the device can tell. */
export interface Pending {
  readonly point: Point;
  readonly read: ColumnRead;
}

export interface Plan {
  readonly items: readonly Item[];
  readonly pending: readonly Pending[];
  /** Whose rows come and go: looked for at every reading. */
  readonly fleeting: readonly Pending[];
}

/** Sorts points into those read directly and those whose row is searched first. Throws on a point of no SNMP source. */
export function planPoints(points: readonly Point[]): Plan {
  const items: Item[] = [];
  const pending: Pending[] = [];
  const fleeting: Pending[] = [];
  for (const point of points) {
    const read = point.source.from === 'device' ? point.source.read : undefined;
    if (read?.by === 'oid') {
      items.push(itemOf(point, read));
    } else if (read?.by === 'column') {
      const index = directIndex(read);
      if (read.presence) fleeting.push({ point, read });
      else if (index === undefined) pending.push({ point, read });
      else items.push(itemAt({ point, read }, index));
    } else {
      throw new TypeError(`${point.id} is not read by SNMP`);
    }
  }
  return { items, pending, fleeting };
}

/** Every OID that an item needs. */
export function oidsOf({ oid, orElse, scales, status, identity }: Item): string[] {
  const beside = [...orElse, ...scales].map((cell) => cell.oid);
  return [oid, ...beside, ...[status, identity].flatMap((cell) => cell?.oid ?? [])];
}

function itemOf(point: Point, { oid, orElse, scales, status }: OidRead): Item {
  const own = point.source.from === 'device' ? (point.source.value.scale ?? 1) : 1;
  return {
    point,
    oid,
    orElse: orElse.map((each) => ({ oid: each.oid, factor: each.scale / own })),
    scales,
    ...(status === undefined ? {} : { status }),
  };
}

export function itemAt({ point, read }: Pending, index: string, key?: string): Item {
  const { table, column, scales, status } = read;
  return {
    point,
    oid: `${table.entry}.${column}.${index}`,
    orElse: [],
    scales: scales.map((scale) => ({ ...scale, oid: besideOf(scale, index) })),
    ...(status === undefined ? {} : { status: { ...status, oid: besideOf(status, index) } }),
    ...(table.key === undefined || key === undefined
      ? {}
      : { identity: { oid: oidOf(table.key, index), text: key } }),
  };
}

/** OID below which a cell's column stands. */
export function columnOf({ entry, column }: CellRef): string {
  return `${entry}.${column}`;
}

/** Index of a cell in its own table, for a row of this index. */
export function indexAt({ arcs }: CellRef, index: string): string {
  if (arcs === undefined) return index;
  const all = index.split('.');
  return arcs.map((arc) => all[arc - 1] ?? '').join('.');
}

function oidOf(cell: CellRef, index: string): string {
  return `${columnOf(cell)}.${indexAt(cell, index)}`;
}

function besideOf(
  beside: ColumnRead['scales'][number] | (ColumnRead['status'] & object),
  index: string,
): string {
  return 'oid' in beside ? beside.oid : oidOf(beside.cell, index);
}

function directIndex({ table, row, where }: ColumnRead): string | undefined {
  if (table.key !== undefined || table.part === undefined || row.part === undefined || row.key !== undefined)
    return undefined;
  return where.length > 0 ? undefined : indexOfPart(table.part, row.part);
}
