import { sql, type RawBuilder, type SqlBool } from 'kysely';

/**
 * Where a page of a list in order of a time (`at`, unless another column is named) and `id` ended. As a row value, which both databases look up in an index: the same written with
 * `or` makes SQLite read every row before the place.
 */
export type ListPlace = readonly [at: number, id: string];

/** Rows before the place in that order: the next page of a list that is newest first. */
export function before([at, id]: ListPlace, column = 'at'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(column)}, id) < (${at}, ${id})`;
}

/** Rows after the place: the next page of a list that is oldest first. */
export function behind([at, id]: ListPlace, column = 'at'): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(column)}, id) > (${at}, ${id})`;
}
