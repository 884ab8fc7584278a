import { sql } from 'kysely';
import type { Executor } from '../../server/db/schema.ts';

/** Tables whose every column is proven, with the columns that name a row. */
const tables = {
  log_entry: ['sequence'],
  log_node: ['level', 'place'],
  log_personal: ['sequence', 'field'],
  log_head: ['id'],
  log_checkpoint: ['number'],
  log_witness: ['name'],
  field_event: ['id'],
  ticket_event: ['id'],
  ticket: ['id'],
  ticket_room: ['ticket', 'room'],
  audit_entry: ['id'],
  handover: ['id'],
  identity_lookup: ['id'],
  personal_erasure: ['id'],
} as const;
type Table = keyof typeof tables;
type Row = Readonly<Record<string, string | number | null>>;

/** Whole numbers from 0 to below `n`. */
export type Draw = (n: number) => number;

/** A random change of the stored rows, as somebody with the database's password makes it. Its description; undefined: it changed nothing. */
export async function tamper(db: Executor, draw: Draw): Promise<string | undefined> {
  const names = Object.keys(tables).filter((name): name is Table => name in tables);
  const table = pick(names, draw);
  const rows = await rowsOf(db, table);
  if (rows.length === 0) return undefined;
  const row = pick(rows, draw);
  const kind = draw(10);
  if (kind < 6) return edit(db, { table, row, draw });
  if (kind === 6) return remove(db, table, row);
  if (kind === 7) return duplicate(db, { table, row, draw });
  if (kind === 8) return exchange(db, { table, rows, row, draw });
  return cutOff(db, { table, rows, draw });
}

interface Target {
  readonly table: Table;
  readonly row: Row;
  readonly draw: Draw;
}

async function edit(db: Executor, { table, row, draw }: Target): Promise<string | undefined> {
  // When somebody came in is told by an access event; the ticket only repeats it.
  const column = pick(Object.keys(row).filter((name) => name !== 'entered_at'), draw); // prettier-ignore
  const value = row[column];
  const other = otherThan(value ?? null, column, draw);
  if (other === value) return undefined;
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${other} where ${same(table, row)}`.execute(
    db,
  );
  return `${table}.${column}: ${JSON.stringify(value)} → ${JSON.stringify(other)}`;
}

async function remove(db: Executor, table: Table, row: Row): Promise<string> {
  await sql`delete from ${sql.table(table)} where ${same(table, row)}`.execute(db);
  return `${table}: ${JSON.stringify(row)} deleted`;
}

async function duplicate(db: Executor, { table, row, draw }: Target): Promise<string> {
  const [key = ''] = tables[table];
  const value = row[key];
  const copy = { ...row, [key]: typeof value === 'number' ? 1_000 + draw(1_000) : `${value}x${draw(1_000)}` };
  await insert(db, table, copy);
  return `${table}: a copy of ${JSON.stringify(row)} inserted as ${JSON.stringify(copy[key])}`;
}

/** Two rows change places: each has the other's values, and keeps its own name. */
async function exchange(
  db: Executor,
  { table, rows, row, draw }: Target & { readonly rows: readonly Row[] },
): Promise<string | undefined> {
  const other = pick(rows, draw);
  const keys: readonly string[] = tables[table];
  const values = Object.keys(row).filter((column) => !keys.includes(column));
  if (values.every((column) => row[column] === other[column])) return undefined;
  // Both are taken out first: values may be unique.
  for (const each of [row, other]) await remove(db, table, each);
  const named = (of: Row, by: Row): Row => ({
    ...of,
    ...Object.fromEntries(keys.map((key) => [key, by[key] ?? null])),
  });
  await insert(db, table, named(other, row));
  await insert(db, table, named(row, other));
  return `${table}: ${JSON.stringify(row)} and ${JSON.stringify(other)} exchanged`;
}

async function cutOff(
  db: Executor,
  { table, rows, draw }: { readonly table: Table; readonly rows: readonly Row[]; readonly draw: Draw },
): Promise<string> {
  const last = rows.slice(-1 - draw(Math.min(5, rows.length)));
  for (const row of last) await remove(db, table, row);
  return `${table}: the last ${last.length} rows deleted`;
}

async function rowsOf(db: Executor, table: Table): Promise<Row[]> {
  const order = sql.join(tables[table].map((key) => sql.ref(key)));
  return (await sql<Row>`select * from ${sql.table(table)} order by ${order}`.execute(db)).rows;
}

async function insert(db: Executor, table: Table, row: Row): Promise<void> {
  const columns = Object.keys(row);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const values = sql.join(columns.map((column) => sql`${row[column] ?? null}`));
  await sql`insert into ${sql.table(table)} (${names}) values (${values})`.execute(db);
}

function same(table: Table, row: Row) {
  return sql.join(tables[table].map((key) => sql`${sql.ref(key)} = ${row[key] ?? null}`), sql` and `); // prettier-ignore
}

function otherThan(value: string | number | null, column: string, draw: Draw): string | number | null {
  if (value === null) return column.endsWith('_at') ? 1_700_000_000_000 : 'ditambahkan';
  if (typeof value === 'number') return pick([value + 1, value - 1, value + 1_000, 0, 1], draw);
  const at = draw(Math.max(1, value.length));
  const letter = pick(['a', 'b', '0', 'Z', '=', ' ', '"'], draw);
  return pick(
    [
      value.slice(0, at) + letter + value.slice(at + 1),
      value.slice(0, at) + value.slice(at + 1),
      value.slice(0, at) + letter + value.slice(at),
      '',
      ...(value.length > 1 ? [value.slice(0, -1)] : []),
    ],
    draw,
  );
}

function pick<Item>(items: readonly Item[], draw: Draw): Item {
  const item = items[draw(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Repeatable random numbers (mulberry32). */
export function drawOf(seed: number): Draw {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}
