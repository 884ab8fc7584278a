import { addressForm, isAddress } from '../build/address.ts';
import { brokerOf } from '../topology/parts.ts';
import { doorParts } from '../build/doors.ts';
import { readOptions } from '../build/points.ts';
import { completedReads } from '../build/complete.ts';
import { partGroups, readName } from '../build/reads.ts';
import { isOfZone } from '../build/zone.ts';
import type { DeviceDraft } from '../build/rows.ts';
import type { PointRead } from '../point-source.ts';
import { oneOf, quote } from '../problem.ts';
import { slug } from '../schema/common.ts';
import { registersByType } from '../schema/profile/modbus.ts';
import type { Profile } from '../schema/profile.ts';
import { outside, type SiteFile } from '../schema/site.ts';
import { checkCompletions, knownCompletions } from './completion.ts';
import { checkValue, firstDuplicate } from './profile.ts';
import { type Report, reportShortKey, reportUnknown, reportUnset } from './report.ts';
import type { SiteContext } from './site.ts';

type RegisterRead = Extract<PointRead, { by: 'register' }>;

interface DeviceContext extends SiteContext {
  readonly file: SiteFile;
  readonly rooms: readonly string[];
  readonly rackIds: ReadonlySet<string>;
}

/** One device against its site and its profile. */
export function checkDevice(draft: DeviceDraft, context: DeviceContext, report: Report): void {
  const { entry, path } = draft;
  const fromRow = path[0] === 'rows';
  if (!slug.safeParse(entry.device).success && fromRow && !/[{}]/.test(entry.device))
    report([...path, 'device'], {
      found: `makes ${quote(entry.device)}`,
      expected: 'lower-case letters, digits and single hyphens',
    });
  // A row's room is checked with the row.
  if (!fromRow && !context.rooms.includes(entry.room))
    reportUnknown(report, [...path, 'room'], {
      name: entry.room,
      valid: context.rooms,
      expected: 'a room of this site',
    });
  if (!fromRow && entry.rack !== undefined && !context.rackIds.has(entry.rack) && !context.unsure.has('rows'))
    reportUnknown(report, [...path, 'rack'], {
      name: entry.rack,
      valid: context.rackIds,
      expected: 'a rack of this site',
    });
  if (entry.snmp?.version === '3') {
    reportUnset(context.secrets, entry.snmp.auth?.key, [...path, 'snmp', 'auth', 'key'], report);
    reportUnset(context.secrets, entry.snmp.priv?.key, [...path, 'snmp', 'priv', 'key'], report);
    reportShortKey(context.secrets, entry.snmp.auth?.key, [...path, 'snmp', 'auth', 'key'], report);
    reportShortKey(context.secrets, entry.snmp.priv?.key, [...path, 'snmp', 'priv', 'key'], report);
  }
  const profile = context.profiles.get(entry.profile);
  if (profile === undefined)
    reportUnknown(report, [...path, 'profile'], {
      name: entry.profile,
      valid: context.profiles.keys(),
      expected: 'a profile',
    });
  else if (profile !== 'broken') checkAgainstProfile(draft, profile, context, report);
}

function checkAgainstProfile(
  draft: DeviceDraft,
  profile: Profile,
  context: DeviceContext,
  report: Report,
): void {
  const { entry, path } = draft;
  // An unknown placeholder is reported at the pattern.
  if (!isAddress(profile, draft.address) && !/[{}]/.test(draft.address))
    report(draft.addressPath, {
      found: `${quote(draft.address)} is not an address`,
      expected: addressForm(profile),
    });
  if (profile.protocol === 'mqtt' && !context.unsure.has('brokers')) checkBroker(draft, context, report);
  checkKind(draft, profile, report);
  checkProtocolKeys(draft, profile, report);
  checkInstance(draft, profile, report);
  if (profile.protocol === 'push') checkKey(draft, context, report);
  checkParts(
    draft,
    [profile, ...knownCompletions(entry, context.profiles).map((each) => each.profile)],
    report,
  );
  checkInputs(draft, profile, report);
  checkProtects(draft, profile, context, report);
  checkLeads(draft, profile, context, report);
  const options = readOptions(profile, entry, draft.claims);
  const completions = checkCompletions(draft, { profile, options, profiles: context.profiles }, report);
  const reads = completedReads(profile, completions, options);
  const twice = firstDuplicate(reads);
  if (twice !== undefined)
    report(path, {
      found: `has ${quote(twice)} twice`,
      expected: 'each quantity of a part once',
    });
  const outside = reads.find(
    ({ read }) => read.by === 'register' && (read.address < 0 || lastAddress(read) > 65_535),
  );
  if (outside !== undefined)
    report(
      [...path, ...(entry.modbus?.addressOffset === undefined ? ['profile'] : ['modbus', 'addressOffset'])],
      {
        found: `takes ${quote(readName(outside))} out of the addresses there are`,
        expected: 'every address from 0 to 65535',
      },
    );
  const names = new Set(reads.flatMap((read) => [readName(read), read.quantity]));
  for (const name of Object.keys(entry.override ?? {}))
    if (!names.has(name))
      reportUnknown(report, [...path, 'override', name], {
        name,
        valid: names,
        expected: 'a quantity or part/quantity of the device',
      });
  for (const name of Object.keys(entry.rating?.limits ?? {}))
    if (!names.has(name))
      reportUnknown(report, [...path, 'rating', 'limits', name], {
        name,
        valid: names,
        expected: 'a quantity or part/quantity of the device',
      });
}

function checkInstance({ entry, path }: DeviceDraft, profile: Profile, report: Report): void {
  const isShared = profile.protocol === 'mqtt' && JSON.stringify(profile.events).includes('{instance}');
  if (isShared && entry.instance === undefined)
    report([...path, 'instance'], {
      found: 'is missing',
      expected: 'the number by which the messages name the device, since several share them',
    });
  if (entry.instance === undefined || isShared) return;
  if (profile.protocol !== 'snmp' || profile.instances === undefined)
    report([...path, 'instance'], {
      found: `is not allowed with ${quote(profile.name)}`,
      expected: 'a profile of several devices behind one agent (instances)',
    });
}

/** Everybody who reaches the server could send door events: without a secret nobody may. */
function checkKey({ entry, path }: DeviceDraft, context: DeviceContext, report: Report): void {
  if (entry.key === undefined)
    report([...path, 'key'], {
      found: 'is missing',
      expected: 'key: { env: NAME } with the secret that the controller shares with this server',
    });
  reportUnset(context.secrets, entry.key, [...path, 'key'], report);
  const value = entry.key === undefined ? undefined : context.secrets?.[entry.key.env];
  if (value !== undefined && value !== '' && !/^[A-Za-z0-9._~-]{12,128}$/.test(value))
    report([...path, 'key'], {
      found: 'is too short, or holds characters that a terminal cannot send',
      expected: '12 to 128 of A–Z, a–z, 0–9, "-", "_", "." and "~"',
    });
}

function checkProtects(
  { entry, claims, path }: DeviceDraft,
  profile: Profile,
  { rooms, profiles }: DeviceContext,
  report: Report,
): void {
  const completions = knownCompletions(entry, profiles);
  const reads = completedReads(profile, completions, readOptions(profile, entry, claims));
  const parts = new Set(reads.flatMap(({ part }) => part ?? []));
  for (const [part, room] of Object.entries(entry.protects ?? {})) {
    if (!parts.has(part))
      reportUnknown(report, [...path, 'protects', part], {
        name: part,
        valid: parts,
        expected: 'a part of the device',
      });
    if (!rooms.includes(room))
      reportUnknown(report, [...path, 'protects', part], {
        name: room,
        valid: rooms,
        expected: 'a room of this site',
      });
  }
  if (entry.kind !== 'fire-panel') return;
  for (const [place, { part, quantity }] of (entry.inputs ?? []).entries())
    if (part !== undefined && isOfZone(quantity) && entry.protects?.[part] === undefined)
      report([...path, 'inputs', place, 'quantity'], {
        found: `${quote(quantity)} names a zone, ${quote(part)}, and no room`,
        expected: `under "protects" the room of that part; or no "part" where the panel tells no zones apart: then it is about the whole site`,
      });
}

/** Who is inside a room is known by the doors that lead into it. */
function checkLeads(
  { entry, claims, path }: DeviceDraft,
  profile: Profile,
  { rooms }: DeviceContext,
  report: Report,
): void {
  if (entry.leads === undefined) return;
  const kind = entry.kind ?? profile.kind;
  if (kind !== 'door') {
    report([...path, 'leads'], { found: `is not allowed of a ${kind}`, expected: 'none: only a door leads somewhere' });
    return;
  }
  const parts = doorParts(entry, { profile, claims });
  for (const [part, sides] of Object.entries(entry.leads)) {
    if (!parts.includes(part))
      reportUnknown(report, [...path, 'leads', part], { name: part, valid: parts, expected: 'a door of the device' });
    for (const side of ['from', 'to'] as const)
      if (sides[side] !== outside && !rooms.includes(sides[side]))
        reportUnknown(report, [...path, 'leads', part, side], {
          name: sides[side],
          valid: [...rooms, outside],
          expected: `a room of this site, or "${outside}"`,
        });
    if (sides.from === sides.to)
      report([...path, 'leads', part, 'to'], {
        found: `${quote(sides.to)} is on both sides`,
        expected: 'another room than "from"',
      });
  }
} // prettier-ignore

/** A value of several registers must end inside the address space too. */
function lastAddress({ function: code, address, type }: RegisterRead): number {
  const bits = code === 'coil' || code === 'discrete';
  return address + (bits ? 1 : registersByType[type]) - 1;
}

function checkBroker(draft: DeviceDraft, { file }: DeviceContext, report: Report): void {
  const valid = Object.keys(file.brokers);
  const name = brokerOf(draft.entry, file);
  const place = [...draft.path, 'broker'];
  if (name === undefined)
    report(place, {
      found: 'is missing',
      expected: valid.length === 0 ? 'a broker among the brokers of the site' : oneOf(valid),
    });
  else if (!Object.hasOwn(file.brokers, name))
    reportUnknown(report, place, { name, valid, expected: 'a broker of this site' });
}

/** Settings of another protocol would be ignored. `modbus` is checked with the gateways. */
function checkProtocolKeys({ entry, path }: DeviceDraft, profile: Profile, report: Report): void {
  for (const [key, protocol] of [
    ['snmp', 'snmp'],
    ['completedBy', 'snmp'],
    ['broker', 'mqtt'],
    ['key', 'push'],
  ] as const)
    if (entry[key] !== undefined && profile.protocol !== protocol)
      report([...path, key], {
        found: `is not allowed with ${quote(profile.name)}`,
        expected: `no ${key}, since the device speaks ${profile.protocol}`,
      });
}

function checkKind({ entry, path }: DeviceDraft, profile: Profile, report: Report): void {
  const place = [...path, 'kind'];
  if (profile.kind === 'any') {
    if (entry.kind === undefined)
      report(place, {
        found: 'is missing',
        expected: `what the device is, since ${quote(profile.name)} may be any`,
      });
  } else if (entry.kind !== undefined && entry.kind !== profile.kind)
    report(place, {
      found: `${quote(entry.kind)} contradicts the profile`,
      expected: `${quote(profile.kind)} or no kind`,
    });
  if ((entry.kind ?? profile.kind) !== 'genset') return;
  const { kw, fuelCurve } = entry.rating ?? {};
  if (kw === undefined)
    report([...path, 'rating', 'kw'], { found: 'is missing', expected: 'the rated power of the genset, kW' });
  if (fuelCurve === undefined)
    report([...path, 'rating', 'fuelCurve'], {
      found: 'is missing',
      expected: 'the fuel at load of the genset',
    });
}

function checkParts(
  { entry, claims, path }: DeviceDraft,
  [profile, ...others]: readonly [Profile, ...Profile[]],
  report: Report,
): void {
  const own = partGroups(profile);
  const groups = new Map([...others.flatMap((each) => [...partGroups(each)]), ...own]);
  if (claims.length > 0 && own.size !== 1)
    report([...path, 'part'], {
      found: `${quote(profile.name)} has ${own.size} groups of parts`,
      expected: 'a profile with one, since racks share the device',
    });
  for (const [group, parts] of Object.entries(entry.parts ?? {})) {
    const known = groups.get(group);
    if (known === undefined) {
      reportUnknown(report, [...path, 'parts', group], {
        name: group,
        valid: groups.keys(),
        expected: 'a group of the profile',
      });
      continue;
    }
    // Only Modbus profiles know all parts; elsewhere the device names its rows and topics.
    if (profile.protocol !== 'modbus') continue;
    parts.forEach((part, index) => {
      if (!known.includes(part))
        reportUnknown(report, [...path, 'parts', group, index], {
          name: part,
          valid: known,
          expected: 'a part of the profile',
        });
    });
  }
}

function checkInputs({ entry, path }: DeviceDraft, profile: Profile, report: Report): void {
  const terminals = 'inputs' in profile ? Object.keys(profile.inputs) : [];
  entry.inputs?.forEach((input, index) => {
    const place = [...path, 'inputs', index];
    checkValue(input, place, report);
    if (!terminals.includes(input.input))
      reportUnknown(report, [...place, 'input'], {
        name: input.input,
        valid: terminals,
        expected: 'an input of the profile',
      });
  });
}
