import type { Profile, SnmpProfile } from '../../config/schema/profile.ts';
import { plainText } from '../profile/text.ts';
import type { CellReader } from '../drivers/snmp/cells.ts';

export interface Proposal {
  readonly profile: SnmpProfile;
  readonly score: number;
  /** Its own tables answer: it can be read, whatever the agent says that it is. */
  readonly answers: boolean;
  /** The signs that speak for it. */
  readonly why: readonly string[];
}

/** What answers is the surest sign; sysObjectID is often generic or missing, sysDescr is text. */
const weights = { answers: 4, sysObjectID: 2, sysDescr: 1 };
/** A standard MIB alone says what a device speaks, not what it is. */
const generic = 3;

const sysDescr = '1.3.6.1.2.1.1.1.0';
const sysObjectID = '1.3.6.1.2.1.1.2.0';

interface Identity {
  readonly description: string;
  readonly objectId: string;
}

/** SNMP profiles that fit an agent, best first. Identity is unreliable, so every sign is weighed and told. */
export async function identify(
  profiles: readonly Profile[],
  reader: CellReader,
): Promise<{ readonly proposals: readonly Proposal[]; readonly identity: Identity }> {
  const candidates = profiles.filter((profile) => profile.protocol === 'snmp');
  await reader.read([sysDescr, sysObjectID]);
  const description = plainText(reader.cells.get(sysDescr)?.raw ?? '');
  const objectId = String(reader.cells.get(sysObjectID)?.raw ?? '');
  const answering = new Map<string, boolean>();
  for (const oid of new Set(candidates.flatMap((profile) => profile.identify?.answers ?? []))) {
    answering.set(oid, await reader.answersBelow(oid));
  }
  const proposals = candidates.flatMap((profile): Proposal[] => {
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
    return why.length === 0 ? [] : [{ profile, score, why, answers: answers.length > 0 }];
  });
  proposals.sort((a, b) => b.score - a.score || size(b.profile) - size(a.profile));
  return { proposals, identity: { description, objectId } };
}

function size(profile: SnmpProfile): number {
  return profile.points.length + profile.tables.reduce((sum, table) => sum + table.points.length, 0);
}
