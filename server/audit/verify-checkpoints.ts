import type { LogCheckpointTable, LogWitnessTable } from '../db/schema/log.ts';
import type { Findings } from './findings.ts';
import {
  countersignedAt,
  isCountersigned,
  isSigned,
  originOf,
  parseCheckpoint,
  splitNote,
} from '../../core/log/note.ts';
import type { Hash } from '../../core/log/tree.ts';

/** What a collector elsewhere has kept: checkpoints, each with its own countersignature. */
export interface Witness {
  readonly name: string;
  readonly publicKey: string;
  /** The key of the server, as it was when the witness first saw it. */
  readonly serverKey: string;
  readonly checkpoints: readonly {
    readonly number: number;
    readonly size: number;
    readonly root: Hash;
    readonly note: string;
    readonly line: string;
  }[];
}

interface Checking {
  readonly checkpoints: readonly LogCheckpointTable[];
  /** The latest countersignatures, as the server has them. */
  readonly cosigners: readonly LogWitnessTable[];
  /** How many there should be, at least and at most. */
  readonly expected: readonly [number, number];
  /** Keys that the log was signed with, in their order. */
  readonly keys: readonly { readonly sequence: number; readonly publicKey: string }[];
  readonly publicKey: string | undefined;
  readonly witnesses: readonly Witness[];
  readonly entries: number;
  /** By size; undefined: entries are missing, so that none can be computed. */
  readonly roots: ReadonlyMap<number, Hash> | undefined;
  readonly findings: Findings;
}

/** Signed tree heads against the tree. Returns how many of the witnesses' checkpoints agree. */
export function checkCheckpoints(checking: Checking): number {
  const { checkpoints, cosigners, keys, publicKey, witnesses, findings } = checking;
  const [first, ...others] = keys;
  for (const { sequence } of others)
    findings.add(
      'key-changed',
      sequence,
      `entry ${sequence}: the log is signed with another key from here on`,
    );
  if (first === undefined && checkpoints.length > 0)
    findings.add('deleted', null, 'the log has no entry of the key that its checkpoints are signed with');
  if (publicKey !== undefined && keys.every((key) => key.publicKey !== publicKey))
    findings.add('key-changed', null, 'the key of the log is not the one that is known of this installation');

  checkNumbers(checking);
  for (const checkpoint of checkpoints) checkCheckpoint(checkpoint, checking);
  const byNumber = new Map(checkpoints.map((checkpoint) => [checkpoint.number, checkpoint]));
  for (const { name, key, number, at, line } of cosigners) {
    const note = byNumber.get(number)?.note;
    if (note === undefined) findings.add('deleted', null, `checkpoint ${number}, which ${name} countersigned, is missing`); // prettier-ignore
    else if (!isCountersigned(note, line, { name, publicKey: key }) || countersignedAt(line) !== at)
      findings.add('edited', null, `log_witness: the countersignature of ${name} does not fit checkpoint ${number}`); // prettier-ignore
  }
  return witnesses.reduce((agreed, witness) => agreed + checkWitness(witness, { ...checking, byNumber }), 0);
}

/** The key that signed at that size: each holds from its entry on. */
function keyAt({ keys }: Pick<Checking, 'keys'>, size: number): string | undefined {
  return (keys.findLast(({ sequence }) => sequence < size) ?? keys[0])?.publicKey;
}

function checkNumbers({ checkpoints, expected, findings }: Checking): void {
  let next = 1;
  let size = 0;
  for (const checkpoint of checkpoints) {
    if (checkpoint.number !== next) {
      const [what, words] = checkpoint.number > next ? (['deleted', `checkpoint ${next} was deleted`] as const) : (['inserted', `checkpoint ${checkpoint.number} was inserted`] as const); // prettier-ignore
      findings.add(what, null, words);
    }
    if (checkpoint.size < size)
      findings.add('edited', null, `checkpoint ${checkpoint.number} is of a smaller log than the one before`);
    next = checkpoint.number + 1;
    size = checkpoint.size;
  }
  const [least, most] = expected;
  if (next - 1 > most) findings.add('inserted', null, `checkpoints ${most + 1} to ${next - 1} were inserted`);
  if (next - 1 < least) findings.add('deleted', null, `checkpoints ${next} to ${least} were deleted`);
}

function checkCheckpoint(row: LogCheckpointTable, checking: Checking): void {
  const { entries, roots, findings } = checking;
  const named = `checkpoint ${row.number}`;
  const told = parseCheckpoint(row.note);
  if (told === undefined) {
    findings.add('edited', null, `${named}: its text is no checkpoint`);
    return;
  }
  for (const column of ['number', 'size', 'root', 'at'] as const)
    if (told[column] !== row[column])
      findings.add('edited', null, `${named}: ${column} is not what its text says`);
  const publicKey = keyAt(checking, told.size);
  if (publicKey === undefined) return;
  const name = originOf(publicKey);
  if (!isSigned(row.note, { name, publicKey }) || splitNote(row.note)[1].length !== 1) {
    const otherKey = told.origin !== name;
    findings.add(otherKey ? 'key-changed' : 'edited', null, `${named}: ${otherKey ? `is signed by ${told.origin}, not by the key of the log` : 'its signature does not fit'}`); // prettier-ignore
    return;
  }
  if (told.size > entries)
    findings.add('truncated', entries, `${named} is of ${told.size} entries; the log has ${entries}`);
  else if (roots !== undefined && roots.get(told.size) !== told.root)
    findings.add('edited', null, `${named}: the first ${told.size} entries are not what was signed`);
}

function checkWitness(
  witness: Witness,
  {
    byNumber,
    cosigners,
    roots,
    entries,
    keys,
    findings,
  }: Checking & { byNumber: Map<number, LogCheckpointTable> },
): number {
  const { name, publicKey, serverKey, checkpoints } = witness;
  if (keys.every((key) => key.publicKey !== serverKey))
    findings.add('key-changed', null, `witness ${name} knows this log by another key`);
  if (checkpoints.length > 0 && cosigners.every((cosigner) => cosigner.name !== name))
    findings.add('deleted', null, `log_witness: the countersignatures of ${name} were deleted`);
  let agreed = 0;
  for (const { number, size, root, note, line } of checkpoints) {
    const told = parseCheckpoint(note);
    const named = `checkpoint ${number} of witness ${name}`;
    if (
      told === undefined ||
      told.number !== number ||
      told.size !== size ||
      told.root !== root ||
      !isSigned(note, { name: originOf(serverKey), publicKey: serverKey }) ||
      !isCountersigned(note, line, { name, publicKey })
    ) {
      findings.add('edited', null, `${named}: the witness's own file was edited`);
    } else if (size > entries) {
      findings.add('truncated', entries, `${named} is of ${size} entries; the log has ${entries}`);
    } else if (roots !== undefined && roots.get(size) !== root) {
      findings.add('forked', null, `${named}: its first ${size} entries were others: the log was written again`); // prettier-ignore
    } else if (byNumber.get(number)?.root !== root) {
      findings.add('forked', null, `${named} is not among the checkpoints of the server`);
    } else agreed += 1;
  }
  return agreed;
}
