import { encodePack, headLength, lengthBytes, openPack, type Pack } from './codec/pack.ts';
import { rowId, seriesPerShard, shardRows } from './layout.ts';
import { blobOf, createBlobRows } from './rows.ts';
import type { Database } from './schema.ts';

/** What is kept of every hour, a blob a series: `raw` and `minutes`. */
type HourTable = 'raw' | 'minutes';

/** The blobs of one shard and hour, by place in the shard. */
export interface ShardBlobs {
  /** Throws when what says where it is is damaged. */
  readonly of: (local: number) => Uint8Array | undefined;
  readonly locals: () => readonly number[];
  /** False: as a file of layout 1 holds them. */
  readonly isPacked: boolean;
}

/**
 * Packs in rows of equal pieces that fill a page to the last byte (of a pack the last is shorter). Hours that were written in layout 1 have
 * a row for each series, and are read from there until something is added to them.
 */
export interface HourRows {
  /** Of a few series: only the pieces that hold them are read. */
  open(hour: number, shard: number): ShardBlobs;
  /** Of most: everything is read at once. */
  whole(hour: number, shard: number): ShardBlobs;
}
export interface WritableHourRows extends HourRows {
  /** In place of what was there; in a transaction of the caller. */
  put(hour: number, shard: number, blobs: ReadonlyMap<number, Uint8Array>): void;
  /** Of all shards. */
  deleteHour(hour: number): void;
}

/** Eight of them, with what a row costs, fill a page of 8 kB, four one of 4 kB. */
const usualPieceBytes = 1_008;

export function createHourRows(database: Database, table: HourTable): HourRows {
  const piece = database.prepare(`select id, data from ${packs(table)} where id = ?`);
  const pieces = database.prepare(
    `select id, data from ${packs(table)} where id >= ? and id < ? order by id`,
  );
  const single = createBlobRows(database, table);

  function unpacked(hour: number, shard: number, isWhole: boolean): ShardBlobs {
    const all = isWhole ? single.ofShard(hour, shard) : undefined;
    const first = rowId(hour, shard * seriesPerShard);
    return {
      of: (local) => (all === undefined ? single.get(first + local) : all.get(local)),
      locals: () => [...(all ?? single.ofShard(hour, shard)).keys()],
      isPacked: false,
    };
  }

  /** Bytes [from, to) of a pack; those of a piece that is missing or too short are zeros. */
  function bytesOf(
    first: number,
    { from, to, pieceBytes }: { readonly from: number; readonly to: number; readonly pieceBytes: number },
  ): Uint8Array {
    const begin = Math.floor(from / pieceBytes);
    const bytes = new Uint8Array(to - from);
    for (const row of pieces.all(first + begin, first + Math.ceil(to / pieceBytes))) {
      const { id, data } = blobOf(row);
      const at = (id - first) * pieceBytes - from;
      const part = data.subarray(Math.max(0, -at), Math.max(0, to - from - at));
      bytes.set(part, Math.max(0, at));
    }
    return bytes;
  }

  return {
    open(hour, shard) {
      const { from: first } = shardRows(hour, shard);
      const row = piece.get(first);
      if (row === undefined) return unpacked(hour, shard, false);
      const { data } = blobOf(row);
      const pieceBytes = data.length;
      return packed((from, to) =>
        to <= pieceBytes ? data.subarray(from, to) : bytesOf(first, { from, to, pieceBytes }),
      );
    },

    whole(hour, shard) {
      const { from: first, to } = shardRows(hour, shard);
      const rows = pieces.all(first, to).map(blobOf);
      const [head] = rows;
      if (head === undefined) return unpacked(hour, shard, true);
      const pieceBytes = head.data.length;
      const bytes = new Uint8Array(((rows.at(-1)?.id ?? first) - first + 1) * pieceBytes);
      for (const { id, data } of rows) bytes.set(data.subarray(0, pieceBytes), (id - first) * pieceBytes);
      return packed((from, to) => bytes.subarray(from, to));
    },
  };
}

/** `read`: bytes [from, to) of the pack. */
function packed(read: (from: number, to: number) => Uint8Array): ShardBlobs {
  let pack: Pack | undefined;
  const opened = (): Pack => (pack ??= openPack(read(0, headLength(read(0, lengthBytes)))));
  return {
    of(local) {
      const place = opened().place(local);
      return place === undefined ? undefined : read(place.from, place.to);
    },
    locals: () => opened().locals,
    isPacked: true,
  };
}

export function createWritableHourRows(database: Database, table: HourTable): WritableHourRows {
  const rows = createHourRows(database, table);
  const insert = database.prepare(`insert into ${packs(table)} (id, data) values (?, ?)`);
  const tables = [table, packs(table)];
  const deletes = tables.map((each) => database.prepare(`delete from ${each} where id >= ? and id < ?`));
  const remove = (from: number, to: number): void => deletes.forEach((statement) => statement.run(from, to));

  return {
    ...rows,
    put(hour, shard, blobs) {
      const { from, to } = shardRows(hour, shard);
      remove(from, to);
      if (blobs.size === 0) return;
      const pack = encodePack(blobs);
      // No more pieces than there are ids for.
      const pieceBytes = Math.max(usualPieceBytes, Math.ceil(pack.length / seriesPerShard));
      for (let i = 0; i * pieceBytes < pack.length; i += 1)
        insert.run(from + i, pack.subarray(i * pieceBytes, (i + 1) * pieceBytes));
    },
    deleteHour: (hour) => remove(rowId(hour, 0), rowId(hour + 1, 0)),
  };
}

function packs(table: HourTable): string {
  return `${table}_pack`;
}
