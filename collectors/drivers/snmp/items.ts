import type { PointRead } from '../../../config/model.ts';
import { plainText } from '../../profile/text.ts';
import type { RawValue } from '../driver.ts';
import { noValue, type Cell } from './values.ts';
import type { Item } from './plan.ts';

type Scale = Extract<PointRead, { by: 'oid' }>['scales'][number];
type Cells = ReadonlyMap<string, Cell>;

/** What the cells of one reading say of a point: its raw value, unless a cell beside it says that it is none. */
export function toRaw(item: Item, cells: Cells): RawValue {
  const { point, status } = item;
  const own = cells.get(item.oid);
  // Most points are this plain, and there are many.
  if (own !== undefined && own.raw !== null && status === undefined && isPlain(item))
    return { point, source: item.oid, raw: own.raw };
  const { oid, factor, cell } = placeOf(item, cells);
  const head = { point, source: oid };
  if (cell.raw === null) return { ...head, ...cell };
  const objection = status && status.bad[textOf(cells.get(status.oid)) ?? ''];
  if (objection !== undefined) return { ...head, raw: null, reason: objection };
  if (isAnotherRow(item, cells)) return { ...head, raw: null, reason: 'no-value' };
  let scale = factor;
  let from: RawValue['from'];
  for (const each of item.scales) {
    const said = conversion(each, cells.get(each.oid));
    if (said === undefined) return { ...head, raw: null, reason: 'no-value' };
    if (typeof said === 'number') scale *= said;
    else from = said;
  }
  return {
    ...head,
    ...cell,
    ...(scale === 1 ? {} : { scale }),
    ...(from === undefined ? {} : { from }),
  };
}

function isPlain({ scales, identity }: Item): boolean {
  return scales.length === 0 && identity === undefined;
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
