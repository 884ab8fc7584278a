import type { CellRef, RowCondition, TableRead } from '../../../config/point-source.ts';
import { namedRows, type Row } from '../../profile/parts.ts';
import { plainText } from '../../profile/extract.ts';
import type { RawValue } from '../driver.ts';
import { type CellReader, noValue } from './cells.ts';
import { columnOf, indexAt, itemAt, type ColumnRead, type Item, type Pending, type Plan } from './plan.ts';

/** A row of a device's table, with every text that distinguishes rows. */
export interface TableRow extends Row {
  readonly text: (cell: CellRef) => string | undefined;
}

interface Found {
  readonly items: readonly Item[];
  /** Points whose row is not there, whose row could not be asked for, and those that only ask whether it is there. */
  readonly values: readonly RawValue[];
}

/** Looks for the rows of a device's tables, and remembers them until they have aged or something is amiss. */
export class RowFinder {
  readonly #settings: { readonly searchEveryMs: number; readonly now: () => number };
  /** Where the agent counts what such a list has. */
  readonly #counts = new Map<readonly Pending[], readonly string[]>();
  readonly #known = new Map<readonly Pending[], { readonly found: Found; readonly until: number }>();
  /** Lists that had nothing in them, as their agent's count says as well. */
  readonly #empty = new Map<
    readonly Pending[],
    { readonly values: readonly RawValue[]; readonly until: number }
  >();

  constructor(settings: { readonly searchEveryMs: number; readonly now: () => number }) {
    this.#settings = settings;
  }

  /** The rows are searched again at the next reading. */
  forget(): void {
    this.#known.clear();
    this.#empty.clear();
  }

  async find({ pending, fleeting }: Plan, reader: CellReader): Promise<Found> {
    const lasting = pending.length === 0 ? nothing : await this.#lasting(pending, reader);
    if (fleeting.length === 0) return lasting;
    const values = await this.#fleeting(fleeting, reader);
    return { items: lasting.items, values: [...lasting.values, ...values] };
  }

  /**
   * Most of the time nothing is listed: an agent that counts none and took its time over an empty list is not asked for it, unless that was
   * long ago. Where the list is answered at once it is asked for at every reading, since a count can be wrong.
   */
  async #fleeting(fleeting: readonly Pending[], reader: CellReader): Promise<readonly RawValue[]> {
    const counts = this.#countsOf(fleeting);
    // The same array each time: its request is encoded once.
    if (counts.length > reader.batch) await reader.read(counts);
    else if (counts.length > 0) await reader.readBatches([counts]);
    const isNone = counts.every((oid) => isZero(reader.cells.get(oid)?.raw));
    const empty = this.#empty.get(fleeting);
    if (isNone && empty !== undefined && this.#settings.now() < empty.until) return empty.values;
    const asked = this.#settings.now();
    const { values } = await search(fleeting, reader);
    const isCheap = this.#settings.now() - asked <= cheapMs;
    if (isNone && !isCheap && values.every(({ raw }) => isZero(raw)))
      this.#empty.set(fleeting, { values, until: this.#settings.now() + believeCountMs });
    else this.#empty.delete(fleeting);
    return values;
  }

  #countsOf(fleeting: readonly Pending[]): readonly string[] {
    let counts = this.#counts.get(fleeting);
    if (counts === undefined) {
      counts = [...new Set(fleeting.flatMap(({ read }) => read.presentWhere ?? []))];
      this.#counts.set(fleeting, counts);
    }
    return counts;
  }

  async #lasting(pending: readonly Pending[], reader: CellReader): Promise<Found> {
    const known = this.#known.get(pending);
    if (known !== undefined && this.#settings.now() < known.until) return known.found;
    const found = await search(pending, reader);
    // Silence is no finding.
    if (found.values.every(({ reason }) => reason !== 'timeout'))
      this.#known.set(pending, { found, until: this.#settings.now() + this.#settings.searchEveryMs });
    return found;
  }
}

const nothing: Found = { items: [], values: [] };

/** A count that is wrong hides a row for so long at most, and none where an empty list is answered within the other. */
const believeCountMs = 10_000;
const cheapMs = 20;

function isZero(raw: RawValue['raw'] | undefined): boolean {
  return raw !== null && raw !== undefined && raw !== '' && Number(raw) === 0;
}

async function search(pending: readonly Pending[], reader: CellReader): Promise<Found> {
  const items: Item[] = [];
  const values: RawValue[] = [];
  const walks = new Walks(reader);
  const tables = new Map<TableRead, readonly TableRow[] | undefined>();
  for (const { table } of pending.map(({ read }) => read)) {
    if (tables.has(table)) continue;
    const reads = pending.flatMap(({ read }) => (read.table === table ? [read] : []));
    tables.set(table, await walks.rowsOf(table, reads));
  }
  await reader.read(pending.flatMap(({ read }) => read.presentWhere ?? []));
  for (const entry of pending) {
    const { point, read } = entry;
    const rows = tables.get(read.table);
    const row = rows === undefined ? undefined : findRow(read, rows);
    const source = `${read.table.entry}.${read.column}`;
    if (rows === undefined) values.push({ point, source, raw: null, reason: 'timeout' });
    else if (read.presence) values.push({ point, source, ...presence(read, { row, rows, reader }) });
    else if (row === undefined) values.push({ point, source, raw: null, reason: 'no-value' });
    else items.push(itemAt(entry, row.index, row.key));
  }
  return { items, values };
}

interface Search {
  readonly row: TableRow | undefined;
  readonly rows: readonly TableRow[];
  readonly reader: CellReader;
}

/** 1 or 0. An agent that does not have the table, or counts alarms and lists none, does not say 0. */
function presence(
  { presentWhere }: ColumnRead,
  { row, rows, reader }: Search,
): Pick<RawValue, 'raw' | 'reason'> {
  if (row !== undefined) return { raw: 1 };
  const count = presentWhere === undefined ? noValue : (reader.cells.get(presentWhere) ?? noValue);
  if (count.raw === null) return count;
  return Number(count.raw) > 0 && rows.length === 0 ? noValue : { raw: 0 };
}

/** The columns of one search, each walked once. */
export class Walks {
  readonly #reader: CellReader;
  readonly #columns = new Map<string, ReadonlyMap<string, string> | undefined>();

  constructor(reader: CellReader) {
    this.#reader = reader;
  }

  /** Every row of a table, with what these reads want to know of it; undefined when the agent stayed silent. */
  async rowsOf(
    table: TableRead,
    reads: readonly Pick<ColumnRead, 'where'>[],
  ): Promise<TableRow[] | undefined> {
    const own = table.columns.map((column) => ({ entry: table.entry, column }));
    // A key in another table names rows of this one, but only its own columns say which there are.
    const listing = table.key?.entry === table.entry && table.key.arcs === undefined ? [table.key] : own;
    const conditions = reads.flatMap(({ where }) =>
      where.flatMap((each) => ('cell' in each ? each.cell : [])),
    );
    const named = [...(table.key === undefined ? [] : [table.key]), ...Object.values(table.labels)];
    for (const cell of [...listing, ...named, ...conditions])
      if ((await this.column(columnOf(cell))) === undefined) return undefined;
    const indices = new Set(
      listing.flatMap((cell) => [...(this.#columns.get(columnOf(cell))?.keys() ?? [])]),
    );
    const text = (cell: CellRef, index: string): string | undefined =>
      this.#columns.get(columnOf(cell))?.get(indexAt(cell, index));
    return [...indices].sort(byArcs).map((index): TableRow => {
      const key = table.key === undefined ? undefined : text(table.key, index);
      const labels = Object.entries(table.labels).map(([name, cell]) => [name, text(cell, index) ?? '']);
      return {
        index,
        ...(key === undefined ? {} : { key }),
        labels: Object.fromEntries(labels),
        text: (cell) => text(cell, index),
      };
    });
  }

  /** Index → text of a column's cells; undefined when the agent stayed silent. */
  async column(oid: string): Promise<ReadonlyMap<string, string> | undefined> {
    if (!this.#columns.has(oid)) {
      const cells = await this.#reader.walk(oid);
      const texts =
        cells && new Map([...cells].map(([index, { raw }]) => [index, raw === null ? '' : plainText(raw)]));
      this.#columns.set(oid, texts);
    }
    return this.#columns.get(oid);
  }
}

/** The row that a point means: of those that fit, the one whose part has the name, or the first. */
function findRow(read: ColumnRead, rows: readonly TableRow[]): TableRow | undefined {
  const fitting = rowsThatFit(read, rows);
  const { part: pattern } = read.table;
  if (pattern === undefined || read.row.part === undefined) return fitting[0];
  return namedRows(pattern, fitting).get(read.row.part);
}

export function rowsThatFit({ row, where }: ColumnRead, rows: readonly TableRow[]): TableRow[] {
  return rows.filter(
    (each) => (row.key === undefined || each.key === row.key) && where.every((one) => holds(one, each)),
  );
}

function holds(condition: RowCondition, row: TableRow): boolean {
  const text = 'arc' in condition ? row.index.split('.')[condition.arc - 1] : row.text(condition.cell);
  if ('isNot' in condition) return text === undefined || !condition.isNot.includes(text);
  if (text === undefined) return false;
  return 'is' in condition ? condition.is.includes(text) : condition.matches.test(text);
}

function byArcs(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (const [position, arc] of left.entries()) {
    const difference = Number(arc) - Number(right[position] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
