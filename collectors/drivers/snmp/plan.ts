import type { Point, PointRead } from '../../../config/model.ts';
import type { SnmpProfile } from '../../../config/schema/profile.ts';
import { indexOfPart, partOf } from '../../profile/parts.ts';
import type { Row } from '../../profile/parts.ts';

type Table = SnmpProfile['tables'][number];
type ColumnRead = Extract<PointRead, { by: 'column' }>;
interface ScaleCell {
  readonly oid: string;
  readonly kind: 'digits' | 'signed';
}

/** A point whose OID is known. */
export interface Item {
  readonly point: Point;
  readonly oid: string;
  readonly scale?: ScaleCell;
}

/** A point whose row only the device can tell. */
export interface Pending {
  readonly point: Point;
  readonly read: ColumnRead;
}

export interface Plan {
  readonly items: readonly Item[];
  /** By index of the profile's table. */
  readonly pending: ReadonlyMap<number, readonly Pending[]>;
}

/** Sorts points into those read directly and those whose table is searched first. Throws on a point of no SNMP source. */
export function planPoints(profile: SnmpProfile, points: readonly Point[]): Plan {
  const items: Item[] = [];
  const pending = new Map<number, Pending[]>();
  for (const point of points) {
    const read = point.source.from === 'device' ? point.source.read : undefined;
    if (read?.by === 'oid') {
      items.push({ point, oid: read.oid });
    } else if (read?.by === 'column') {
      const table = tableOf(profile, read);
      const index = directIndex(table, read);
      if (index !== undefined) items.push(itemAt(table, { point, read }, index));
      else pending.set(read.table, [...(pending.get(read.table) ?? []), { point, read }]);
    } else {
      throw new TypeError(`${point.id} is not read by SNMP`);
    }
  }
  return { items, pending };
}

function tableOf(profile: SnmpProfile, read: ColumnRead): Table {
  const table = profile.tables[read.table];
  if (table === undefined) throw new TypeError(`profile ${profile.name} has no table ${read.table}`);
  return table;
}

/** The column whose rows are walked to find a table's rows. */
export function searchedColumn({ entry, key, points }: Table): string {
  if (key !== 'index') return `${key.entry ?? entry}.${key.column}`;
  return `${entry}.${points[0]?.column ?? 1}`;
}

export function itemAt(table: Table, { point, read }: Pending, index: string): Item {
  const scale = read.scaleColumn;
  return {
    point,
    oid: `${table.entry}.${read.column}.${index}`,
    ...(scale === undefined
      ? {}
      : { scale: { oid: `${table.entry}.${scale.column}.${index}`, kind: scale.kind } }),
  };
}

/** Of several rows that fit, the first: names repeat on real devices. */
export function findRow(table: Table, wanted: ColumnRead['row'], rows: readonly Row[]): Row | undefined {
  return rows.find(
    (row) =>
      (wanted.key === undefined || row.key === wanted.key) &&
      (wanted.part === undefined || (table.part !== undefined && partOf(table.part, row) === wanted.part)),
  );
}

function directIndex(table: Table, read: ColumnRead): string | undefined {
  if (
    table.key !== 'index' ||
    table.part === undefined ||
    read.row.part === undefined ||
    read.row.key !== undefined
  )
    return undefined;
  return indexOfPart(table.part, read.row.part);
}
