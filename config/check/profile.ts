import { plannedReads, type PlannedRead } from '../build/reads.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { ownQuantities } from '../schema/diagnostics.ts';
import type { Profile, ValueSpec } from '../schema/profile.ts';
import type { Report } from './report.ts';
import { checkIgnored, checkIgnoredBy } from './ignored.ts';
import { checkMqttProfile } from './mqtt-profile.ts';
import { checkSnmpProfile } from './snmp-profile.ts';

/** What one profile must hold by itself, beyond the shape of its file. */
export function checkProfile(profile: Profile, report: Report): void {
  for (const { path, value } of valuesOf(profile)) {
    checkValue(value, path, report);
    checkIgnoredBy(profile, value, path, report);
  }
  if (profile.protocol === 'snmp') checkSnmpProfile(profile, report);
  if (profile.protocol === 'mqtt') checkMqttProfile(profile, report);
  const isEmpty =
    valuesOf(profile).length === 0 && ('inputs' in profile ? Object.keys(profile.inputs).length : 0) === 0;
  if (isEmpty) report([], { found: 'reads nothing', expected: 'at least one point' });
  const twice = firstDuplicate(plannedReads(profile, {}));
  if (twice !== undefined)
    report([], { found: `has ${quote(twice)} twice`, expected: 'each quantity of a part once' });
}

/** States belong to points of unit `state`, and to no others; some quantities are the collector's own. */
export function checkValue(value: ValueSpec, path: Path, report: Report): void {
  if (ownQuantities.has(value.quantity))
    report([...path, 'quantity'], {
      found: `${quote(value.quantity)} is what the collector says of every device`,
      expected: 'another name',
    });
  if (value.unit === 'state' && value.states === undefined)
    report([...path, 'states'], {
      found: 'is missing',
      expected: 'the names of the states, since the unit is "state"',
    });
  if (value.unit !== 'state' && value.states !== undefined)
    report([...path, 'states'], {
      found: 'is not allowed',
      expected: `no states with unit ${quote(value.unit)}, or unit "state"`,
    });
  checkIgnored(value, path, report);
}

/** `part/quantity` that would be two points of one id. */
export function firstDuplicate(reads: readonly PlannedRead[]): string | undefined {
  const seen = new Set<string>();
  for (const read of reads) {
    const name = readName(read);
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

export function readName(read: Pick<PlannedRead, 'part' | 'quantity'>): string {
  return read.part === undefined ? read.quantity : `${read.part}/${read.quantity}`;
}

function valuesOf(profile: Profile): { path: Path; value: ValueSpec }[] {
  const plain = profile.points.map((value, index) => ({ path: ['points', index], value }));
  const key = profile.protocol === 'snmp' ? 'tables' : 'groups';
  const groups: readonly { points: readonly ValueSpec[] }[] =
    profile.protocol === 'snmp' ? profile.tables : profile.groups;
  const grouped = groups.flatMap((group, at) =>
    group.points.map((value, index) => ({ path: [key, at, 'points', index], value })),
  );
  const fields = profile.protocol === 'modbus' ? profile.fields : [];
  return [...plain, ...grouped, ...fields.map((value, index) => ({ path: ['fields', index], value }))];
}
