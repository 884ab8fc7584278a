import type { SnmpProfile } from '../../config/schema/profile.ts';
import { grouped } from '../../core/grouped.ts';
import { absentPhases } from './phases.ts';
import type { ProbeRow } from './row.ts';

/** What an agent answered by one profile, as one of the devices that the profile finds there. */
export interface Section {
  readonly profile: SnmpProfile;
  /** Which of several devices behind the agent; undefined: the only one. */
  readonly instance: string | undefined;
  /** Group → the parts that are there. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly ProbeRow[];
}

/** One device behind an agent: the profile by which most of it is read, and those that add what it lacks. */
export interface Combination {
  readonly base: SnmpProfile;
  readonly completions: readonly ProposedCompletion[];
  readonly instance: string | undefined;
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly ProbeRow[];
  /** Phases that the agent lists and the device does not have: in neither parts nor rows. */
  readonly absent: readonly string[];
  /** Why it may be no device of its own; null: nothing speaks against it. */
  readonly doubt: string | null;
}

interface ProposedCompletion {
  readonly profile: SnmpProfile;
  /** What the profiles before it name, and this agent answers only here. */
  readonly instead: readonly string[];
  /** Good values that are read only with it. */
  readonly gains: number;
}

/**
 * The devices behind one agent, by what answers: of the sections of a kind the richest is the base, others complete it where they add good
 * values. Sections come best first, which decides between equals. A kind whose values are all read by a richer kind already is none.
 */
export function combine(sections: readonly Section[]): Combination[] {
  const useful = sections.filter(({ rows }) => rows.some(isGood));
  const kinds = [...new Set(useful.map(({ profile }) => profile.kind))];
  const bases = kinds
    .map((kind) => richestFirst(useful.filter(({ profile }) => profile.kind === kind)))
    .sort(([a], [b]) => comparedAs(a, b));
  const seen = new Set<string>();
  const found: Combination[] = [];
  for (const [base, ...others] of bases) {
    if (base === undefined) continue;
    const siblings = others.filter(({ profile }) => profile.name === base.profile.name);
    const devices =
      siblings.length > 0
        ? [base, ...siblings].map((section) => completed(section, []))
        : [completed(base, others)];
    for (const device of devices) {
      const sources = device.rows.filter(isGood).map(({ source }) => source);
      const fresh = sources.filter((source) => !seen.has(source)).length;
      if (fresh === 0) continue;
      for (const source of sources) seen.add(source);
      found.push({ ...device, doubt: doubtOf(device.base, { found, share: fresh / sources.length }) });
    }
  }
  return found;
}

/** Of these kinds a standard MIB may only tell of the card itself: its ports, its own temperature. */
const describesCard: ReadonlySet<string> = new Set(['router', 'env']);

/** What speaks against a further device behind the same agent. `share`: how much of what it reads is not read already. */
function doubtOf(
  base: SnmpProfile,
  { found, share }: { readonly found: readonly Combination[]; readonly share: number },
): string | null {
  const [first] = found;
  if (first === undefined || first.base.kind === base.kind) return null;
  const beside = `the agent is a ${first.base.kind} by ${first.base.name}`;
  if (base.maker === 'any' && describesCard.has(base.kind))
    return `${beside}, and a standard MIB of the card’s own ports or sensors need not mean a ${base.kind}`;
  if (share < 0.5) return `${beside}, which reads most of these values already`;
  if (base.toBeConfirmed !== undefined) return `${beside}, and the map of ${base.name} is to be confirmed`;
  return null;
}

function completed(base: Section, others: readonly Section[]): Omit<Combination, 'doubt'> {
  let rows = base.rows;
  let parts = base.parts;
  const completions: ProposedCompletion[] = [];
  for (const other of others) {
    const gain = gainOf(rows, other.rows);
    if (gain.rows.length === 0) continue;
    completions.push({ profile: other.profile, instead: gain.instead, gains: gain.rows.length });
    const replaced = new Set(gain.instead);
    rows = [...rows.filter((row) => !replaced.has(nameOf(row)) && !replaced.has(row.quantity)), ...gain.rows];
    parts = united(parts, other.parts);
  }
  return { base: base.profile, completions, instance: base.instance, ...withoutAbsent(parts, rows) };
}

function withoutAbsent(
  parts: Combination['parts'],
  rows: readonly ProbeRow[],
): Pick<Combination, 'parts' | 'rows' | 'absent'> {
  const absent = absentPhases(rows);
  if (absent.size === 0) return { parts, rows, absent: [] };
  const isThere = (part: string): boolean => !absent.has(part);
  return {
    parts: Object.fromEntries(Object.entries(parts).map(([group, all]) => [group, all.filter(isThere)])),
    rows: rows.filter(({ part }) => part === null || isThere(part)),
    absent: [...absent],
  };
}

interface Gain {
  readonly rows: readonly ProbeRow[];
  /** As in a configuration: what is taken although a profile before it names it. */
  readonly instead: readonly string[];
}

/** Names of parts that are different things of one device, whatever number stands behind: a current of a bank is none of an outlet. */
const things: readonly RegExp[] = [
  /^(?:outlet|socket|port)\b/,
  /^(?:bank|branch|breaker|circuit|section)\b/,
  /^(?:l\d|phase|line|inlet|infeed|input|cord)/,
];

/** Which kind of thing a part is; undefined: its name does not say. */
function thingOf(part: string): number | undefined {
  const found = things.findIndex((each) => each.test(part));
  return found === -1 ? undefined : found;
}

/** Whether what is offered of this part is of another kind of thing than all that is read so far. */
function isOtherThing(part: string, before: readonly ProbeRow[]): boolean {
  const thing = thingOf(part);
  return (
    thing !== undefined &&
    before.length > 0 &&
    before.every((row) => {
      const known = row.part === null ? undefined : thingOf(row.part);
      return known !== undefined && known !== thing;
    })
  );
}

/**
 * Good rows of quantities that are not read well so far. The same quantity of parts with other names is most likely the same thing: it is
 * taken as a whole, and only where nothing good is read of it, unless the names tell that it is another thing.
 */
function gainOf(before: readonly ProbeRow[], offered: readonly ProbeRow[]): Gain {
  const named = new Map(before.map((row) => [nameOf(row), row]));
  const parts = before.filter(({ part }) => part !== null);
  const well = grouped(parts.filter(isGood), ({ quantity }) => quantity);
  const illByParts = new Set(parts.map(({ quantity }) => quantity).filter((each) => !well.has(each)));
  const instead = new Set<string>();
  const rows = offered.filter((row) => {
    const known = named.get(nameOf(row));
    if (!isGood(row) || (known !== undefined && isGood(known))) return false;
    if (known === undefined && row.part === null) return true;
    if (known === undefined && illByParts.has(row.quantity)) instead.add(row.quantity);
    else if (known !== undefined && (row.part !== null || !well.has(row.quantity))) instead.add(nameOf(row));
    else if (known !== undefined) return false;
    else if (row.part !== null && isOtherThing(row.part, well.get(row.quantity) ?? []))
      instead.add(nameOf(row));
    else return !well.has(row.quantity);
    return true;
  });
  return { rows, instead: [...instead] };
}

function united(one: Combination['parts'], other: Combination['parts']): Record<string, readonly string[]> {
  const all: Record<string, readonly string[]> = { ...one };
  for (const [group, parts] of Object.entries(other))
    all[group] = [...new Set([...(all[group] ?? []), ...parts])];
  return all;
}

function richestFirst(sections: readonly Section[]): Section[] {
  return [...sections].sort((a, b) => goodPlaces(b) - goodPlaces(a));
}

/** Of the places of the larger one: two kinds that read almost the same cannot both be the device. */
const sameShare = 0.8;

/**
 * Which of two kinds the agent is first: the one of which more is read. Where both read almost the same places, the one that is read more
 * wholly: a cabinet that only lacks all that a UPS has besides is no UPS.
 */
function comparedAs(a: Section | undefined, b: Section | undefined): number {
  const [one, other] = [placesOf(a), placesOf(b)];
  const [smaller, larger] = one.size < other.size ? [one, other] : [other, one];
  const common = [...smaller].filter((place) => larger.has(place)).length;
  const isSame = common >= sameShare * larger.size;
  return isSame ? wholeness(b) - wholeness(a) : other.size - one.size;
}

function wholeness(section: Section | undefined): number {
  const rows = section?.rows ?? [];
  return rows.filter(isGood).length / Math.max(1, rows.length);
}

/** By places: what is read of one list of present alarms counts once. */
function goodPlaces(section: Section | undefined): number {
  return placesOf(section).size;
}

function placesOf(section: Section | undefined): ReadonlySet<string> {
  return new Set(section?.rows.filter(isGood).map(({ source }) => source));
}

function isGood({ value }: ProbeRow): boolean {
  return value !== null;
}

/** As in a configuration: `quantity` or `part/quantity`. */
function nameOf({ part, quantity }: ProbeRow): string {
  return part === null ? quantity : `${part}/${quantity}`;
}
