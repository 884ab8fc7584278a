import type { SnmpProfile } from '../../config/schema/profile.ts';
import { FieldError } from '../drivers/driver.ts';
import type { TypedFound } from '../drivers/snmp/ask.ts';
import { tags } from '../drivers/snmp/ber.ts';
import type { CellReader } from '../drivers/snmp/cells.ts';
import { plainText } from '../profile/extract.ts';

const sysDescr = '1.3.6.1.2.1.1.1';
const sysObjectID = '1.3.6.1.2.1.1.2';
/** An agent holds what its site calls it; a recording holds what the profile reads, and what identifies the model. */
const identity = [sysDescr, sysObjectID];

/** Every place that a profile names, without those below another one. */
export function rootsOf(profile: SnmpProfile): string[] {
  const named = new Set(identity);
  JSON.stringify({ ...profile, identify: undefined, source: '', traps: [] }, (_key, value: unknown) => {
    if (typeof value === 'string' && /^1\.3\.6\.1(\.\d+){3,}(\.\{instance\}.*)?$/.test(value))
      named.add(value.replace(/\.\{instance\}.*$/, '').replace(/\.0$/, ''));
    return value;
  });
  const roots = [...named];
  return roots.filter((oid) => !roots.some((other) => oid.startsWith(`${other}.`))).sort(byArcs);
}

/**
 * What an agent holds below the places that a profile reads, as lines `OID|TAG|VALUE`; floats in Opaque have no form there. Rejects when it falls silent: half a recording
 * is none.
 */
export async function recordAgent(profile: SnmpProfile, reader: CellReader): Promise<string[]> {
  const found = new Map<string, TypedFound>();
  for (const root of rootsOf(profile)) {
    const rows = await reader.walkFound(root);
    if (rows === undefined) throw reader.failure ?? new FieldError('timeout', 'the agent fell silent');
    for (const row of rows) if (row.tag !== tags.opaque) found.set(row.oid, row);
  }
  return [...found.values()].sort((a, b) => byArcs(a.oid, b.oid)).map(lineOf);
}

function lineOf({ oid, tag, cell: { raw } }: TypedFound): string {
  if (raw === null) return `${oid}|${tags.null}|`;
  if (typeof raw !== 'string') return `${oid}|${tag === tags.unsigned32 ? tags.gauge32 : tag}|${raw}`;
  if (tag === tags.octets && !/^[\x20-\x7e]*$/.test(raw))
    return `${oid}|4x|${Buffer.from(raw, 'latin1').toString('hex')}`;
  return `${oid}|${tag}|${tag === tags.octets ? raw : plainText(raw)}`;
}

function byArcs(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (const [position, arc] of left.entries()) {
    const difference = arc - (right[position] ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
