import { z } from 'zod';
import { badInput } from './problem.ts';

export const maxLimit = 5_000;

/** The query of every list; spread into a `z.strictObject`. */
export const pageQuery = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(maxLimit).default(500),
};
export interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A place in a list, opaque to the client: what the last item was sorted by. */
function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Undefined at the first page; a cursor that this list did not make is a 400. */
export function decodeCursor<Place extends z.ZodType>(
  cursor: string | undefined,
  place: Place,
): z.output<Place> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw badInput('query.cursor', 'is not a cursor of this list; start again without it');
  return parsed.data;
}

/**
 * A page from `limit + 1` rows that came sorted: asking for one more than shown tells whether there is a next page.
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { view, place }: { view: (row: Row) => Item; place: (row: Row) => readonly (string | number)[] },
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    next: rows.length > limit && last !== undefined ? encodeCursor(place(last)) : null,
  };
}

/** A page of a list in memory that does not change its order while the program runs; the cursor is the index. */
export function pageOfArray<Row, Item>(
  rows: readonly Row[],
  query: PageQuery,
  view: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const [from] = decodeCursor(query.cursor, z.tuple([z.int().min(0)])) ?? [0];
  const to = from + query.limit;
  return { items: rows.slice(from, to).map(view), next: to < rows.length ? encodeCursor([to]) : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
