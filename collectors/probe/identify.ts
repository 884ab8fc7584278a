import type { Profile, SnmpProfile } from '../../config/schema/profile.ts';
import { plainText } from '../profile/extract.ts';
import type { CellReader } from '../drivers/snmp/cells.ts';
import { snmpReads } from '../../config/build/reads.ts';
import type { Point } from '../../config/model.ts';
import type { TableRead } from '../../config/point-source.ts';
import type { ColumnRead } from '../drivers/snmp/plan.ts';
import { Walks, rowsThatFit } from '../drivers/snmp/rows.ts';
import { namedRows, partOf } from '../profile/parts.ts';

export interface Proposal {
  readonly profile: SnmpProfile;
  /** How many of its values answer: the evidence. */
  readonly reads: number;
  /** How well the agent's names fit; orders profiles that read as much. */
  readonly score: number;
  /** The signs that speak for it. */
  readonly why: readonly string[];
}

/** sysObjectID is often generic or missing, sysDescr is text. */
const weights = { answers: 4, sysObjectID: 2, sysDescr: 1 };
/** A standard MIB alone says what a device speaks, not what it is. */
const generic = 3;

const sysDescr = '1.3.6.1.2.1.1.1.0';
const sysObjectID = '1.3.6.1.2.1.1.2.0';
const sysName = '1.3.6.1.2.1.1.5.0';
const sysLocation = '1.3.6.1.2.1.1.6.0';
const enterprises = '1.3.6.1.4.1';
/** An agent with more makers' MIBs than this is searched as a whole. */
const mostMakers = 20;

/** What an agent says of itself; texts are empty where it says nothing. */
export interface Identity {
  readonly description: string;
  readonly objectId: string;
  readonly name: string;
  readonly location: string;
}

/** What an agent says of itself, in one request. */
export async function readIdentity(reader: CellReader): Promise<Identity> {
  await reader.read([sysDescr, sysObjectID, sysName, sysLocation]);
  const text = (oid: string): string => plainText(reader.cells.get(oid)?.raw ?? '').trim();
  return {
    description: text(sysDescr),
    objectId: text(sysObjectID),
    name: text(sysName),
    location: text(sysLocation),
  };
}

/**
 * SNMP profiles that fit an agent, best first: the one of which most answers. What an agent says of itself is unreliable: it
 * brings a profile into question and orders equals, and a profile of which nothing answers does not fit.
 */
export async function identify(
  profiles: readonly Profile[],
  reader: CellReader,
): Promise<{ readonly proposals: readonly Proposal[]; readonly identity: Identity }> {
  const candidates = profiles.filter((profile) => profile.protocol === 'snmp');
  const identity = await readIdentity(reader);
  const { description, objectId } = identity;
  const makers = await makersOf(reader);
  const answering = new Map<string, boolean>();
  for (const oid of new Set(candidates.flatMap((profile) => profile.identify?.answers ?? [])))
    answering.set(oid, mayHave(makers, oid) && (await reader.answersBelow(oid)));
  const named = candidates.flatMap((profile): Omit<Proposal, 'reads'>[] => {
    const signs = profile.identify;
    if (signs === undefined) return [];
    const answers = signs.answers.filter((oid) => answering.get(oid) === true);
    const object = signs.sysObjectID.filter((oid) => objectId === oid || objectId.startsWith(`${oid}.`));
    const described = signs.sysDescr.filter((pattern) => new RegExp(pattern).test(description));
    const why = [
      ...answers.map((oid) => `answers below ${oid}`),
      ...object.map((oid) => `sysObjectID ${objectId} is below ${oid}`),
      ...described.map((pattern) => `sysDescr "${description}" matches ${pattern}`),
    ];
    const own =
      Math.min(answers.length, 1) * weights.answers +
      Math.min(object.length, 1) * weights.sysObjectID +
      Math.min(described.length, 1) * weights.sysDescr;
    const score = profile.maker === 'any' ? own - generic : own;
    return why.length === 0 ? [] : [{ profile, score, why }];
  });
  const proposals = await answeringOf(named, reader, answering);
  // A card that fills only a part of its maker's MIB may lack just the tables that are its surest signs: any other value is evidence too.
  if (proposals.length === 0 && makers !== undefined)
    proposals.push(...(await answeringOf(ofMakers(candidates, makers), reader, answering)));
  proposals.sort((a, b) => b.reads - a.reads || b.score - a.score || size(b.profile) - size(a.profile));
  return { proposals, identity };
}

/** Those of which something answers. */
async function answeringOf(
  named: readonly Omit<Proposal, 'reads'>[],
  reader: CellReader,
  known: Map<string, boolean>,
): Promise<Proposal[]> {
  const found: Proposal[] = [];
  for (const each of named) {
    const reads = await valuesAnswering(each.profile, reader, known);
    if (reads > 0) found.push({ ...each, reads });
  }
  return found;
}

/** Profiles that read a MIB of one of these enterprises. */
function ofMakers(profiles: readonly SnmpProfile[], makers: ReadonlySet<number>): Omit<Proposal, 'reads'>[] {
  return profiles.flatMap((profile) => {
    const oids = [...profile.points.map(({ oid }) => oid), ...profile.tables.map(({ entry }) => entry)];
    const maker = [...makers].find((each) => oids.some((oid) => oid.startsWith(`${enterprises}.${each}.`)));
    return maker === undefined ? [] : [{ profile, score: 0, why: [`answers below ${enterprises}.${maker}`] }];
  });
}

/**
 * The enterprises of which an agent has anything. Asking from one to the next takes a request for each, where asking for every sign of
 * every profile takes hundreds. Undefined: the agent does not walk in order, or has too many.
 */
async function makersOf(reader: CellReader): Promise<ReadonlySet<number> | undefined> {
  const makers = new Set<number>();
  for (let from = enterprises; makers.size < mostMakers;) {
    const oid = await reader.next(from);
    if (reader.failure !== undefined) return undefined;
    if (oid === undefined || !oid.startsWith(`${enterprises}.`)) return makers;
    const maker = Number(oid.split('.')[6]);
    if ([...makers].some((known) => known >= maker)) return undefined;
    makers.add(maker);
    from = `${enterprises}.${maker + 1}`;
  }
  return undefined;
}

function mayHave(makers: ReadonlySet<number> | undefined, oid: string): boolean {
  if (makers === undefined || !oid.startsWith(`${enterprises}.`)) return true;
  return makers.has(Number(oid.split('.')[6]));
}

/**
 * How many values of a profile an agent has: its scalars, and the columns of its tables that hold something; of a table that describes
 * itself, those of which there is a row that fits.
 */
async function valuesAnswering(
  profile: SnmpProfile,
  reader: CellReader,
  known: Map<string, boolean>,
): Promise<number> {
  const [instance] = await discoverInstances(profile, reader);
  const parts = Object.fromEntries(profile.tables.map(({ group }) => [group, ['any']]));
  const reads = snmpReads(profile, { parts, instance }).map(({ read }) => read);
  const scalars = reads.flatMap((read) =>
    read.by === 'oid' ? [[read.oid, ...read.orElse.map(({ oid }) => oid)]] : [],
  );
  await reader.read(scalars.flat());
  const isThere = (oid: string): boolean => (reader.cells.get(oid)?.raw ?? null) !== null;
  const found = new Set(scalars.flatMap((oids) => oids.find(isThere) ?? []));
  const walks = new Walks(reader);
  let columns = 0;
  for (const read of reads) {
    if (read.by !== 'column' || read.presence) continue;
    const column = `${read.table.entry}.${read.column}`;
    const answers = known.get(column) ?? (await reader.answersBelow(column));
    known.set(column, answers);
    if (!answers) continue;
    const isPlain = read.where.length === 0 && read.row.key === undefined;
    const fits = isPlain || rowsThatFit(read, (await walks.rowsOf(read.table, [read])) ?? []).length > 0;
    if (fits) columns += 1;
  }
  return found.size + columns;
}

function size(profile: SnmpProfile): number {
  return profile.points.length + profile.tables.reduce((sum, table) => sum + table.points.length, 0);
}

export interface Discovery {
  /** Group → the parts a device really has, in the order of their rows. */
  readonly parts: Record<string, string[]>;
  /** Whether a part has a quantity: in a table that describes itself, each has its own. */
  readonly has: (point: Pick<Point, 'part' | 'quantity'>) => boolean;
}

/** Every row of every table with named parts. */
export async function discoverParts(
  profile: SnmpProfile,
  reader: CellReader,
  instance?: string,
): Promise<Discovery> {
  const walks = new Walks(reader);
  const parts: Record<string, string[]> = {};
  const present = new Set(profile.points.map(({ part, quantity }) => `${part ?? ''}/${quantity}`));
  for (const [table, reads] of namedTables(profile, instance)) {
    const rows =
      (await walks.rowsOf(
        table,
        reads.map(({ read }) => read),
      )) ?? [];
    const names = reads.flatMap(({ read, quantity }) => {
      // A row of a table of present alarms comes and goes: what it belongs to is there all the same, where the profile names it.
      const named =
        read.presence && !table.part?.includes('{')
          ? [table.part ?? '']
          : [...namedRows(table.part ?? '', rowsThatFit(read, rows)).keys()];
      for (const name of named) present.add(`${name}/${quantity}`);
      return named;
    });
    const order = new Map(rows.map((row, position) => [partOf(table.part ?? '', row), position]));
    parts[table.group] = [...new Set(names)].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
  return {
    parts,
    has: ({ part, quantity }) => part === undefined || present.has(`${part}/${quantity}`),
  };
}

/** The devices there are behind an agent, by the rows that identify them; none where it is the profile's own choice alone. */
export async function discoverInstances(profile: SnmpProfile, reader: CellReader): Promise<string[]> {
  const { instances } = profile;
  if (instances === undefined) return [];
  const rows = await new Walks(reader).column(instances.below);
  const found = [...(rows?.keys() ?? [])].map((index) => {
    const arcs = index.split('.');
    return instances.arcs === undefined ? index : instances.arcs.map((arc) => arcs[arc - 1] ?? '').join('.');
  });
  return found.every((instance) => instance === instances.default) ? [] : [...new Set(found)];
}

interface NamedRead {
  readonly quantity: string;
  readonly read: ColumnRead;
}

function namedTables(profile: SnmpProfile, instance: string | undefined): Map<TableRead, NamedRead[]> {
  const parts = Object.fromEntries(profile.tables.map(({ group }) => [group, ['any']]));
  const tables = new Map<TableRead, NamedRead[]>();
  for (const { read, quantity } of snmpReads(profile, { parts, instance })) {
    if (read.by !== 'column' || read.table.part === undefined) continue;
    tables.set(read.table, [...(tables.get(read.table) ?? []), { quantity, read }]);
  }
  return tables;
}
