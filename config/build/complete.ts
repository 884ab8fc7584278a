import type { Completion } from '../model.ts';
import type { Profile } from '../schema/profile.ts';
import type { DeviceEntry } from '../schema/site.ts';
import { type PlannedRead, type ReadOptions, plannedReads, readName } from './reads.ts';

/** What an entry says of another profile, in its long form. */
export interface CompletionEntry {
  readonly profile: string;
  readonly instead: readonly string[];
}

export function completionEntries({ completedBy }: Pick<DeviceEntry, 'completedBy'>): CompletionEntry[] {
  return (completedBy ?? []).map((each) =>
    typeof each === 'string' ? { profile: each, instead: [] } : each,
  );
}

/**
 * Everything that is read from a device by its own profile and those that complete it, in their order. A quantity is read once: by the first
 * profile that has it, or by the one that has it `instead`. Of parts, it is the quantity as a whole: two profiles that name
 * the parts differently would measure the same thing twice.
 */
export function completedReads(
  profile: Profile,
  completions: readonly Completion[],
  options: ReadOptions,
): PlannedRead[] {
  let reads = plannedReads(profile, options);
  for (const completion of completions) {
    const { taken, left } = divided(reads, completion, options);
    reads = [...left, ...taken];
  }
  return reads;
}

/** What the device would gain; empty: the profile adds nothing. */
export function gainOf(
  before: readonly PlannedRead[],
  completion: Completion,
  options: ReadOptions,
): readonly PlannedRead[] {
  return divided(before, completion, options).taken;
}

function divided(
  before: readonly PlannedRead[],
  { profile, instead }: Completion,
  options: ReadOptions,
): { taken: PlannedRead[]; left: readonly PlannedRead[] } {
  const known = new Set(before.map(readName));
  const byParts = new Set(before.flatMap(({ part, quantity }) => (part === undefined ? [] : [quantity])));
  const taken = plannedReads(profile, options)
    .filter(
      (read) =>
        isNamed(read, instead) ||
        (!known.has(readName(read)) && (read.part === undefined || !byParts.has(read.quantity))),
    )
    .map((read) => ({ ...read, by: profile.name }));
  const replaced = new Set(taken.map(readName));
  const left = before.filter((read) => !replaced.has(readName(read)) && !instead.includes(read.quantity));
  return { taken, left };
}

/** Whether a list of quantities and part/quantity names a read. */
function isNamed(read: Pick<PlannedRead, 'part' | 'quantity'>, names: readonly string[]): boolean {
  return names.includes(read.quantity) || names.includes(readName(read));
}
