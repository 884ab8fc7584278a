import type { Point } from '../../../config/model.ts';
import type { CellRef, PointRead } from '../../../config/point-source.ts';
import { indexOfPart } from '../../profile/parts.ts';
import { plainText } from '../../profile/extract.ts';
import type { RawValue } from '../driver.ts';
import { type Cell, noValue } from './cells.ts';

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
  readonly instead?: NonNullable<OidRead['instead']>;
  /** What the key cell said when the row was found: anything else, and it is another row by now. */
  readonly identity?: { readonly oid: string; readonly text: string };
}

/** A point whose row is known only from the device. */
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
export function oidsOf({ oid, orElse, scales, status, instead, identity }: Item): string[] {
  const beside = [...orElse, ...scales].map((cell) => cell.oid);
  return [oid, ...beside, ...[status, instead, identity].flatMap((cell) => cell?.oid ?? [])];
}

function itemOf(point: Point, { oid, orElse, scales, status, instead }: OidRead): Item {
  const own = point.source.from === 'device' ? (point.source.value.scale ?? 1) : 1;
  return {
    point,
    oid,
    orElse: orElse.map((each) => ({ oid: each.oid, factor: each.scale / own })),
    scales,
    ...(status === undefined ? {} : { status }),
    ...(instead === undefined ? {} : { instead }),
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

type Scale = Extract<PointRead, { by: 'oid' }>['scales'][number];
type Cells = ReadonlyMap<string, Cell>;

/** What the cells of one reading say about a point: its raw value, unless a cell beside it says that it is none. */
export function toRaw(item: Item, cells: Cells): RawValue {
  const { point, status } = item;
  const own = cells.get(item.oid);
  // Most points are this plain, and there are many.
  if (own !== undefined && own.raw !== null && status === undefined && isPlain(item))
    return { point, source: item.oid, raw: own.raw };
  const { oid, factor, cell } = placeOf(item, cells);
  const head = { point, source: oid };
  if (cell.raw === null) return { ...head, ...cell };
  const replaced = insteadOf(item, cell, cells);
  if (replaced !== undefined) return { ...head, raw: replaced };
  const objection = status && status.bad[textOf(cells.get(status.oid)) ?? ''];
  if (objection !== undefined) return { ...head, raw: null, reason: objection };
  if (isAnotherRow(item, cells)) return { ...head, raw: null, reason: 'no-value' };
  let scale = factor;
  let from: RawValue['from'];
  for (const each of item.scales) {
    const header = conversion(each, cells.get(each.oid));
    if (header === undefined) return { ...head, raw: null, reason: 'no-value' };
    if (typeof header === 'number') scale *= header;
    else from = header;
  }
  return {
    ...head,
    ...cell,
    ...(scale === 1 ? {} : { scale }),
    ...(from === undefined ? {} : { from }),
  };
}

/**
 * For items that all stand at one OID with nothing beside them: where each one's cell comes in the order asked. Undefined
 * if an item needs more than its own cell, or its cell is not asked for.
 */
export function placesOf(items: readonly Item[], oids: readonly string[]): readonly number[] | undefined {
  const placeOfOid = new Map(oids.map((oid, place) => [oid, place]));
  const places: number[] = [];
  for (const item of items) {
    const place = placeOfOid.get(item.oid);
    if (place === undefined || item.orElse.length > 0 || item.status !== undefined || !isPlain(item))
      return undefined;
    places.push(place);
  }
  return places;
}

/** As `toRaw`, of an item that has a place. */
export function plainRaw({ point, oid }: Item, cell: Cell): RawValue {
  return cell.raw === null ? { point, source: oid, ...cell } : { point, source: oid, raw: cell.raw };
}

function isPlain({ scales, identity, instead }: Item): boolean {
  return scales.length === 0 && identity === undefined && instead === undefined;
}

function insteadOf({ instead }: Item, own: Cell, cells: Cells): string | undefined {
  if (instead === undefined || !instead.of.includes(textOf(own) ?? '')) return undefined;
  return instead.is.includes(textOf(cells.get(instead.oid)) ?? '') ? instead.raw : undefined;
}

/** The first place that has the value, or the first of all. */
function placeOf({ oid, orElse }: Item, cells: Cells): { oid: string; factor: number; cell: Cell } {
  const first = { oid, factor: 1, cell: cells.get(oid) ?? noValue };
  if (first.cell.raw !== null || orElse.length === 0) return first;
  const others = orElse.map((each) => ({ ...each, cell: cells.get(each.oid) ?? noValue }));
  return others.find(({ cell }) => cell.raw !== null) ?? first;
}

/** The key cell no longer says what it said when the row was found. */
export function isAnotherRow({ identity }: Item, cells: Cells): boolean {
  const text = identity && textOf(cells.get(identity.oid));
  return text !== undefined && text !== identity?.text;
}

function textOf(cell: Cell | undefined): string | undefined {
  return cell === undefined || cell.raw === null ? undefined : plainText(cell.raw);
}

/** `digits` 1 → 0.1; `signed` −1000 → 0.001, 10 → 10; `units` "mA" → 0.001. Undefined where the cell says nothing of the sort. */
function conversion(scale: Omit<Scale, 'oid'>, cell: Cell | undefined): number | '°F' | undefined {
  const { kind, units } = scale;
  // A cell that only did not come this time may say anything.
  if (cell?.raw === null && cell.reason === 'no-value') return scale.absent;
  const text = textOf(cell);
  if (text === undefined || text === '') return undefined;
  if (kind === 'units') return units !== undefined && Object.hasOwn(units, text) ? units[text] : undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) return undefined;
  switch (kind) {
    case 'digits':
    case 'power':
      return Number.isInteger(number) ? powerOfTen(kind === 'digits' ? -number : number) : undefined;
    case 'factor':
      return number;
    case 'divisor':
      return number === 0 ? undefined : 1 / number;
    case 'signed':
      return number === 0 ? 1 : number < 0 ? 1 / -number : number;
  }
}

/** 10 ** -3 is 0.001 to the last bit only as a quotient. */
function powerOfTen(exponent: number): number {
  return exponent < 0 ? 1 / 10 ** -exponent : 10 ** exponent;
}
