import type { Figures } from '../../figures.ts';
import { BitReader, BitWriter } from './bits.ts';
import { checksumBytes, verify, withChecksum } from './checksum.ts';
import {
  fromMiddle, isOfStates, readCounts, tableOf, writeCounts, writeStates, writeValues,
  type Counts, type FigureTable, type Grid,
} from './figures.ts'; // prettier-ignore
import { fresh, type Scratch } from './scratch.ts';

/** The figures of one series' minutes in an hour, and for how long its last reading holds beyond it. */
export interface SeriesMinutes {
  readonly figures: readonly Figures[];
  readonly spillMs: number;
}

const flags = { isState: 1, borrowsCounts: 2 } as const;

/**
 * The minutes of an hour of one shard, by place in the shard. The points of a device are read together and lost together, so all but the
 * first borrow its counts: how many readings each minute has, and what of it is covered.
 */
export function encodeShardMinutes(
  all: ReadonlyMap<number, SeriesMinutes>,
  grid: Grid,
): Map<number, Uint8Array> {
  const lenders = new Map<string, number>();
  const blobs = new Map<number, Uint8Array>();
  const writer = new BitWriter();
  for (const [local, { figures, spillMs }] of all) {
    writeCounts(writer, figures, { grid, spillMs });
    const counts = writer.take();
    const key = counts.join();
    const lender = lenders.get(key);
    if (lender === undefined) lenders.set(key, local);
    const isState = isOfStates(figures);
    writer.bits((isState ? flags.isState : 0) | (lender === undefined ? 0 : flags.borrowsCounts), 8);
    if (lender === undefined) for (const byte of counts) writer.bits(byte, 8);
    else writer.bits(lender, 8);
    writeValues(writer, figures, fromMiddle);
    if (isState) writeStates(writer, figures);
    blobs.set(local, withChecksum(writer.take()));
  }
  return blobs;
}

/** The place of the series whose counts these are; undefined: its own. */
export function lenderOfCounts(blob: Uint8Array): number | undefined {
  const reader = new BitReader(blob, checksumBytes);
  return (reader.bits(8) & flags.borrowsCounts) === 0 ? undefined : reader.bits(8);
}

/**
 * One series of a shard; undefined where there is none. Throws when its blob, or the one whose counts it borrows, is damaged. With
 * `scratch` the table is good until its columns are taken again; `lent` keeps counts that are borrowed by many.
 */
export function decodeMinutes(
  local: number,
  blobOf: (local: number) => Uint8Array | undefined,
  {
    grid,
    scratch = fresh,
    lent,
  }: { readonly grid: Grid; readonly scratch?: Scratch; readonly lent?: Map<number, Counts> },
): FigureTable | undefined {
  const blob = blobOf(local);
  if (blob === undefined) return undefined;
  scratch.reset();
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  const head = reader.bits(8);
  const countsOf = (lender: number): Counts => {
    const known = lent?.get(lender);
    if (known !== undefined) return known;
    const counts = lentCounts(blobOf(lender), grid, scratch);
    lent?.set(lender, counts);
    return counts;
  };
  const counts =
    (head & flags.borrowsCounts) === 0 ? countsIn(reader, grid, scratch) : countsOf(reader.bits(8));
  return tableOf(reader, { counts, isState: (head & flags.isState) !== 0, scratch, from: fromMiddle });
}

function countsIn(reader: BitReader, grid: Grid, scratch: Scratch): Counts {
  const counts = readCounts(reader, grid, scratch);
  reader.toByte();
  return counts;
}

function lentCounts(blob: Uint8Array | undefined, grid: Grid, scratch: Scratch): Counts {
  if (blob === undefined) throw new RangeError('the row with the counts is gone');
  verify(blob);
  const reader = new BitReader(blob, checksumBytes);
  if ((reader.bits(8) & flags.borrowsCounts) !== 0) throw new RangeError('borrowed counts are lent on');
  return readCounts(reader, grid, scratch);
}
