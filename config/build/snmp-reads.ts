import { defined } from '../../core/defined.ts';
import type { CellRef, PointRead, RowCondition, TableRead } from '../model.ts';
import type { Condition, SnmpProfile } from '../schema/profile.ts';
import type { PlannedRead, ReadOptions } from './reads.ts';

type Table = SnmpProfile['tables'][number];
type Column = Table['points'][number];
type Fill = (oid: string) => string;
interface Cell {
  readonly column: number;
  readonly entry?: string | undefined;
  readonly arcs?: readonly number[] | undefined;
}

/** What is read from an SNMP device: its scalars, then its tables part by part. */
export function snmpReads(profile: SnmpProfile, options: ReadOptions): PlannedRead[] {
  const instance = options.instance ?? profile.instances?.default ?? '';
  const fill: Fill = (oid) => oid.replaceAll('{instance}', instance);
  const scalars = profile.points.map((point): PlannedRead => ({
    quantity: point.quantity,
    value: point,
    read: scalarRead(point, fill),
  }));
  const columns = profile.tables.flatMap((table) => {
    const read = tableRead(table, fill);
    const parts = options.parts?.[table.group] ?? table.parts;
    return table.points.flatMap((point): PlannedRead[] => {
      const head = { quantity: point.quantity, value: point };
      const column = columnRead(read, [...table.where, ...point.where], point, fill);
      // Without names of parts the row is the one that fits; with both there is, say, a voltage row for every phase.
      if (table.part === undefined) return [{ ...head, read: column }];
      return parts.map((part) => ({ ...head, part, read: { ...column, row: { ...column.row, part } } }));
    });
  });
  return [...scalars, ...columns];
}

function scalarRead(point: SnmpProfile['points'][number], fill: Fill): PointRead {
  const { oid, orElse, scaleCells, statusCell } = point;
  return {
    by: 'oid',
    oid: fill(oid),
    orElse: orElse.map((each) => ({ ...each, oid: fill(each.oid) })),
    scales: scaleCells.map((each) => defined({ ...each, oid: fill(each.oid) })),
    ...(statusCell === undefined ? {} : { status: { ...statusCell, oid: fill(statusCell.oid) } }),
  };
}

function tableRead(table: Table, fill: Fill): TableRead {
  const entry = fill(table.entry);
  return {
    group: table.group,
    entry,
    labels: Object.fromEntries(
      Object.entries(table.labels).map(([name, cell]) => [name, cellRef(cell, entry, fill)]),
    ),
    columns: [...new Set(table.points.map(({ column }) => column))],
    ...(table.key === 'index' ? {} : { key: cellRef(table.key, entry, fill) }),
    ...defined({ part: table.part }),
  };
}

function columnRead(table: TableRead, where: readonly Condition[], point: Column, fill: Fill) {
  const { scaleCells, statusCell } = point;
  return {
    by: 'column' as const,
    table,
    column: point.column,
    row: defined({ key: point.row }),
    where: where.map((each) => rowCondition(each, table.entry, fill)),
    scales: scaleCells.map((each) =>
      defined({
        kind: each.kind,
        units: each.units,
        absent: each.absent,
        ...beside(each, table.entry, fill),
      }),
    ),
    presence: point.presence === true,
    ...(point.presentWhere === undefined ? {} : { presentWhere: fill(point.presentWhere) }),
    ...(statusCell === undefined
      ? {}
      : { status: { bad: statusCell.bad, ...beside(statusCell, table.entry, fill) } }),
  };
}

function beside(cell: Cell | { readonly oid: string }, own: string, fill: Fill) {
  return 'oid' in cell ? { oid: fill(cell.oid) } : { cell: cellRef(cell, own, fill) };
}

function cellRef({ column, entry, arcs }: Cell, own: string, fill: Fill): CellRef {
  return { entry: entry === undefined ? own : fill(entry), column, ...defined({ arcs }) };
}

function rowCondition(condition: Condition, own: string, fill: Fill): RowCondition {
  const wanted = wantedOf(condition);
  return 'arc' in condition
    ? { arc: condition.arc, ...wanted }
    : { cell: cellRef(condition, own, fill), ...wanted };
}

function wantedOf(condition: Condition) {
  if ('matches' in condition) return { matches: new RegExp(condition.matches, 'u') };
  return 'isNot' in condition ? { isNot: [condition.isNot].flat() } : { is: [condition.is].flat() };
}
