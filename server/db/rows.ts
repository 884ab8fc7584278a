/** Rows in one statement: SQLite takes 32,766 variables at most. */
const rowsAtOnce = 500;

/** Runs a statement for every few hundred rows, one after the other. */
export async function inChunks<Row>(
  rows: readonly Row[],
  run: (chunk: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) await run(rows.slice(from, from + rowsAtOnce));
}

/**
 * The numbered rows that an earlier attempt did not write: a connection that breaks during the commit leaves it open
 * whether that happened. Rows that are stored already must be the very same; throws RangeError when another row has
 * taken the number, which means that two processes write.
 */
export async function withoutWritten<Row extends { readonly sequence: number }>(
  rows: readonly Row[],
  stored: (first: number, last: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return rows;
  const written = new Map(
    (await stored(first.sequence, last.sequence)).map((row) => [row.sequence, contents(row)]),
  );
  return rows.filter((row) => {
    const taken = written.get(row.sequence);
    if (taken !== undefined && taken !== contents(row))
      throw new RangeError(
        `entry ${row.sequence} was written by another process: only one server may evaluate alarms on one database`,
      );
    return taken === undefined;
  });
}

function contents(row: object): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
