/** Rows that are worked on between two turns of the event loop: some milliseconds at most. */
const rowsPerSlice = 500;

/** Lets everything else that waits have its turn: timers, sockets, polls. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The rows in slices with a turn of the event loop after each. Throws the signal's reason once it has aborted. */
export async function* slicesOf<Row>(rows: readonly Row[], signal?: AbortSignal): AsyncGenerator<Row[]> {
  for (let from = 0; from < rows.length; from += rowsPerSlice) {
    signal?.throwIfAborted();
    yield rows.slice(from, from + rowsPerSlice);
    await nextTurn();
  }
}

/** `rows.map(view)` that never holds up the process. Rejects with the signal's reason once it has aborted. */
export async function mapInSlices<Row, Item>(
  rows: readonly Row[],
  view: (row: Row) => Item,
  signal?: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const slice of slicesOf(rows, signal)) for (const row of slice) items.push(view(row));
  return items;
}
