import { completedReads, completionEntries, gainOf } from '../build/complete.ts';
import { type ReadOptions, readName } from '../build/reads.ts';
import type { DeviceDraft } from '../build/rows.ts';
import type { Completion } from '../model.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { ProfileLookup } from '../load/profiles.ts';
import type { Profile } from '../schema/profile.ts';
import { type Report, reportUnknown } from './report.ts';

interface CompletionContext {
  /** The device's own. */
  readonly profile: Profile;
  readonly options: ReadOptions;
  readonly profiles: ProfileLookup;
}

/** The profiles that complete a device's own, as far as they are known and whole. */
export function knownCompletions(entry: DeviceDraft['entry'], profiles: ProfileLookup): Completion[] {
  return completionEntries(entry).flatMap(({ profile: name, instead }) => {
    const profile = profiles.get(name);
    return profile === undefined || profile === 'broken' ? [] : [{ profile, instead }];
  });
}

/** `completedBy` of one device; returns those that can be read. */
export function checkCompletions(
  { entry, claims, path }: DeviceDraft,
  context: CompletionContext,
  report: Report,
): Completion[] {
  const { profile: own, options, profiles } = context;
  const place = [...path, 'completedBy'];
  const good: Completion[] = [];
  if (entry.completedBy !== undefined && claims.length > 0)
    report(place, { found: 'is not allowed', expected: 'no completedBy, since racks share the device' });
  for (const [index, { profile: name, instead }] of completionEntries(entry).entries()) {
    const at = [...place, index];
    const profile = profiles.get(name);
    if (profile === undefined)
      reportUnknown(report, at, { name, valid: profiles.keys(), expected: 'a profile' });
    if (profile === undefined || profile === 'broken') continue;
    const completion = { profile, instead };
    if (isOutOfPlace(completion, { own, good, at }, report)) continue;
    const before = completedReads(own, good, options);
    if (gainOf(before, completion, options).length === 0)
      report(at, {
        found: `${quote(name)} adds nothing to ${quote(own.name)}`,
        expected: 'a profile with a quantity that the device lacks, or quantities under "instead"',
      });
    checkInstead(completion, { before, options, at: [...at, 'instead'] }, report);
    good.push(completion);
  }
  return good;
}

function isOutOfPlace(
  { profile }: Completion,
  { own, good, at }: { own: Profile; good: readonly Completion[]; at: Path },
  report: Report,
): boolean {
  // That of a device that does not speak SNMP is refused as a whole.
  if (own.protocol !== 'snmp') return true;
  const name = quote(profile.name);
  if (profile.protocol !== 'snmp')
    report(at, {
      found: `${name} is for ${profile.protocol}`,
      expected: 'a profile for snmp, since the same agent answers',
    });
  else if (profile.name === own.name || good.some((each) => each.profile.name === profile.name))
    report(at, { found: `${name} is there already`, expected: 'every profile once' });
  else if (profile.kind !== own.kind && own.kind !== 'any' && profile.kind !== 'any')
    report(at, {
      found: `${name} reads a ${profile.kind}, and the device is a ${own.kind}`,
      expected: `a profile of the same kind; the ${profile.kind} behind this agent is a device of its own with the same address`,
    });
  else return false;
  return true;
}

function checkInstead(
  { profile, instead }: Completion,
  { before, options, at }: { before: ReturnType<typeof completedReads>; options: ReadOptions; at: Path },
  report: Report,
): void {
  const offered = new Set(
    completedReads(profile, [], options).flatMap((read) => [read.quantity, readName(read)]),
  );
  const had = new Set(before.flatMap((read) => [read.quantity, readName(read)]));
  for (const [index, name] of instead.entries())
    if (!offered.has(name))
      reportUnknown(report, [...at, index], {
        name,
        valid: offered,
        expected: `a quantity or part/quantity of ${quote(profile.name)}`,
      });
    else if (!had.has(name))
      report([...at, index], {
        found: `${quote(name)} is in no profile before this one`,
        expected: 'a quantity that both have; what only this one has is taken from it anyway',
      });
}
