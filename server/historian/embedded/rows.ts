import { shardRows, seriesOfRow, seriesPerShard } from './layout.ts';
import type { Database } from './schema.ts';

/** The tables of one blob by id. */
type BlobTable = 'raw' | 'minutes' | 'hours' | 'days';

/** Reads blobs; by hand, since tens of thousands are read for one answer and a schema would cost more than the query. */
export interface BlobRows {
  get(id: number): Uint8Array | undefined;
  /** The rows of a shard in a block, by place in the shard. */
  ofShard(block: number, shard: number): Map<number, Uint8Array>;
}

export function createBlobRows(database: Database, table: BlobTable): BlobRows {
  const one = database.prepare(`select id, data from ${table} where id = ?`);
  const some = database.prepare(`select id, data from ${table} where id >= ? and id < ? order by id`);
  return {
    get(id) {
      const row = one.get(id);
      return row === undefined ? undefined : blobOf(row).data;
    },
    ofShard(block, shard) {
      const { from, to } = shardRows(block, shard);
      const found = new Map<number, Uint8Array>();
      for (const row of some.all(from, to)) {
        const { id, data } = blobOf(row);
        found.set(seriesOfRow(id) % seriesPerShard, data);
      }
      return found;
    },
  };
}

/** A row of id and blob. */
export function blobOf(row: unknown): { id: number; data: Uint8Array } {
  if (typeof row === 'object' && row !== null && 'id' in row && 'data' in row) {
    const { id, data } = row;
    if (typeof id === 'number' && data instanceof Uint8Array) return { id, data };
  }
  throw new TypeError('a row is not one of id and blob');
}
