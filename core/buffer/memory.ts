import {
  addTallies,
  noTally,
  tallyOf,
  type Batch,
  type BatchName,
  type Buffer,
  type Tally,
} from '../buffer.ts';
import { extendPack, pack, partOfPack, unpack, type Pack } from './codec.ts';

export interface MemoryBuffer extends Buffer {
  /** Batches never handed out so far are dropped from the front when more readings than this wait. */
  readonly maxReadings: number;
  /** What was lost since the last call, and starts a new count. */
  takeLost(): Tally;
}

interface Entry {
  readonly id: number;
  name: BatchName | undefined;
  packed: Pack;
  oldestAt: number;
  taken: boolean;
}

/** Small batches that were never sent are joined up to this size. */
const joinUpTo = 10_000;

/** In columns, 25 bytes a reading. Forgets everything when the process ends. */
export function createMemoryBuffer({ maxReadings }: { readonly maxReadings: number }): MemoryBuffer {
  let entries: Entry[] = [];
  let lastId = 0;
  let count = 0;
  let lost: Tally = noTally;
  let refused = 0;
  let refusedReason: string | null = null;

  const find = (id: number): Entry | undefined => entries.find((entry) => entry.id === id);

  function remove(id: number): Entry | undefined {
    const entry = find(id);
    if (entry === undefined) return undefined;
    entries = entries.filter((each) => each !== entry);
    count -= entry.packed.at.length;
    return entry;
  }

  function keepWithinLimit(): void {
    while (count > maxReadings) {
      const oldest = entries.find(({ taken }) => !taken);
      if (oldest === undefined) return;
      const size = oldest.packed.at.length;
      const surplus = Math.min(count - maxReadings, size);
      lost = addTallies(lost, tallyOf(oldest.packed.at.subarray(0, surplus)));
      if (surplus === size) remove(oldest.id);
      else {
        oldest.packed = partOfPack(oldest.packed, surplus, size);
        oldest.oldestAt = oldestOf(oldest.packed);
        // What is left is no longer the batch that was sent under that name.
        oldest.name = undefined;
        count -= surplus;
      }
    }
  }

  return {
    maxReadings,
    put(readings, { name, taken = false } = {}) {
      count += readings.length;
      const last = entries.at(-1);
      const joinable =
        last !== undefined &&
        name === undefined &&
        !taken &&
        last.name === undefined &&
        !last.taken &&
        last.packed.at.length + readings.length <= joinUpTo;
      if (joinable) {
        last.packed = extendPack(last.packed, readings);
        for (const { at } of readings) last.oldestAt = Math.min(last.oldestAt, at);
      } else {
        lastId += 1;
        const packed = pack(readings);
        entries.push({ id: lastId, name, packed, oldestAt: oldestOf(packed), taken });
      }
      const { id } = entries.at(-1) ?? { id: lastId };
      keepWithinLimit();
      return id;
    },
    next(): Batch | undefined {
      const entry = entries.find(({ taken }) => !taken);
      if (entry === undefined) return undefined;
      entry.taken = true;
      return { id: entry.id, name: entry.name, readings: unpack(entry.packed) };
    },
    accept: (id) => void remove(id),
    reject(id, reason) {
      refused += remove(id)?.packed.at.length ?? 0;
      refusedReason = reason;
    },
    retry(id) {
      const entry = find(id);
      if (entry !== undefined) entry.taken = false;
    },
    split(id) {
      const entry = find(id);
      if (entry === undefined) return;
      const { length } = entry.packed.at;
      const middle = Math.ceil(length / 2);
      lastId += 1;
      const halves = [
        { id, packed: partOfPack(entry.packed, 0, middle) },
        { id: lastId, packed: partOfPack(entry.packed, middle, length) },
      ].map((half) => ({ ...half, name: undefined, oldestAt: oldestOf(half.packed), taken: false }));
      entries = entries.flatMap((each) => (each === entry ? halves : [each]));
    },
    name(id, name) {
      const entry = find(id);
      if (entry !== undefined) entry.name = name;
    },
    tick: () => undefined,
    state: () => ({
      readings: count,
      oldestAt: tallyOf(entries.map(({ oldestAt }) => oldestAt)).from,
      bytes: 0,
      lost,
      refused: { readings: refused, reason: refusedReason },
      problem: null,
    }),
    takeLost() {
      const taken = lost;
      lost = noTally;
      return taken;
    },
    close: () => undefined,
  };
}

function oldestOf({ at }: Pack): number {
  return tallyOf(at).from ?? Infinity;
}
