import { type PlannedRead, plannedReads, readName } from '../build/reads.ts';
import { oneOf, quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { canonicalStatesOf } from '../schema/canonical.ts';
import { ownQuantities } from '../schema/diagnostics.ts';
import type { MqttProfile, Profile, SnmpProfile, ValueSpec } from '../schema/profile.ts';
import { stateMeanings } from '../schema/states.ts';
import { type Report, checkIgnored, checkIgnoredBy } from './report.ts';
import { nearestName } from '../../core/names.ts';
import { checkEvents } from './events.ts';
import { checkTraps } from './traps.ts';

/** What one profile must hold by itself, beyond the shape of its file. */
export function checkProfile(profile: Profile, report: Report): void {
  for (const { path, value } of valuesOf(profile)) {
    checkValue(value, path, report);
    checkIgnoredBy(profile, value, path, report);
  }
  if (profile.protocol === 'snmp') checkSnmpProfile(profile, report);
  if (profile.protocol === 'mqtt') checkMqttProfile(profile, report);
  if (profile.protocol === 'push') checkEvents(profile, report);
  const isEmpty =
    valuesOf(profile).length === 0 &&
    ('events' in profile ? profile.events.length : 0) === 0 &&
    ('inputs' in profile ? Object.keys(profile.inputs).length : 0) === 0;
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
  checkCanonical(value, path, report);
  checkIgnored(value, path, report);
}

/** A state that no rule knows would be shown and never judged. */
function checkCanonical({ quantity, states }: ValueSpec, path: Path, report: Report): void {
  const valid = canonicalStatesOf(quantity);
  if (valid === undefined || states === undefined) return;
  for (const [raw, { name, bad }] of stateMeanings(states))
    if (bad === undefined && !valid.includes(name))
      report([...path, 'states', raw], {
        found: `${quote(name)} is no state of ${quote(quantity)}`,
        expected: `${oneOf(valid)}, with the maker's name as "word"`,
        nearest: nearestName(name, valid),
      });
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

function valuesOf(profile: Profile): { path: Path; value: ValueSpec }[] {
  if (profile.protocol === 'push') return [];
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

type Message = MqttProfile['inputs'][string];

/** A metric is named where the payload is Sparkplug, and nothing else; and nowhere else. */
function checkMqttProfile(profile: MqttProfile, report: Report): void {
  const messages = messagesOf(profile);
  checkEvents(profile, report);
  checkMqttEvents(profile, report);
  if (profile.payload === 'json') {
    for (const { path, message } of messages)
      if (message.metric !== undefined)
        report([...path, 'metric'], {
          found: 'is not allowed, since the payload is "json"',
          expected: 'a pointer, or payload: sparkplug',
        });
    return;
  }
  for (const { path, message } of messages) {
    if (message.metric === undefined)
      report([...path, 'metric'], {
        found: 'is missing',
        expected: 'the full name of the metric, as the birth of the node or device tells it',
      });
    const { topic, pointer, where, unitCell } = message;
    refuse({ topic: topic === '{topic}' ? undefined : topic, pointer, where, unitCell }, path, report);
  }
  const { time, availability, empty } = profile;
  refuse({ time, availability, empty }, [], report);
}

/** What events over MQTT must hold beyond those of every profile: how their topic and their parts belong together. */
function checkMqttEvents({ events, payload }: MqttProfile, report: Report): void {
  for (const [index, { topic, group, part }] of events.entries()) {
    const path = ['events', index];
    if (payload === 'sparkplug')
      report(path, { found: 'is not allowed, since the payload is "sparkplug"', expected: 'payload: json' });
    const hasPart = topic.includes('{part}');
    if (hasPart && part !== undefined)
      report([...path, 'part'], {
        found: 'is of no use, since the topic names the part',
        expected: 'a topic without {part}, or no part',
      });
    if (hasPart && group === undefined)
      report([...path, 'group'], {
        found: 'is missing',
        expected: 'the group whose parts the topic names by {part}',
      });
    else if (!hasPart && part === undefined && group !== undefined)
      report([...path, 'topic'], {
        found: 'does not hold {part}',
        expected: 'a topic of its own for each part of the group, a "part" in the message, or no group',
      });
  }
}

/** What Sparkplug itself defines. */
function refuse(settings: Readonly<Record<string, unknown>>, path: Path, report: Report): void {
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined)
      report([...path, name], {
        found: 'is not allowed, since the payload is "sparkplug"',
        expected: 'only metric names: topics, times, births and deaths are those of the standard',
      });
}

function messagesOf({ points, groups, inputs }: MqttProfile): { path: Path; message: Message }[] {
  return [
    ...points.map((message, index) => ({ path: ['points', index], message })),
    ...groups.flatMap((group, at) =>
      group.points.map((message, index) => ({ path: ['groups', at, 'points', index], message })),
    ),
    ...Object.entries(inputs).map(([name, message]) => ({ path: ['inputs', name], message })),
  ];
}

type Table = SnmpProfile['tables'][number];
type Scale =
  SnmpProfile['points'][number]['scaleCells'][number] | Table['points'][number]['scaleCells'][number];

/** What the tables, the cells beside a value, the instances and the traps of an SNMP profile must hold beyond their shape. */
function checkSnmpProfile(profile: SnmpProfile, report: Report): void {
  checkInstances(profile, report);
  checkTraps(profile, report);
  for (const [index, { scaleCells, insteadWhile, states }] of profile.points.entries()) {
    checkScales(scaleCells, ['points', index, 'scaleCells'], report);
    if (insteadWhile !== undefined && (states === undefined || !Object.hasOwn(states, insteadWhile.raw)))
      report(['points', index, 'insteadWhile', 'raw'], {
        found: `${quote(insteadWhile.raw)} is no state of this value`,
        expected: states === undefined ? 'a value of unit "state"' : oneOf(Object.keys(states)),
      });
  }
  for (const [index, table] of profile.tables.entries()) {
    const path = ['tables', index];
    checkPart(table, path, report);
    for (const [at, point] of table.points.entries()) {
      checkScales(point.scaleCells, [...path, 'points', at, 'scaleCells'], report);
      checkPresence(point, [...path, 'points', at], report);
      if (point.presence === true && point.unit !== 'state')
        report([...path, 'points', at, 'unit'], {
          found: `${quote(point.unit)} cannot be whether a row is there`,
          expected: '"state", with names for 0 and 1',
        });
    }
  }
}

/** An agent that lacks the table has no rows either: absence alone is no evidence that all is well. */
function checkPresence(
  { presence, presentWhere }: Table['points'][number],
  path: Path,
  report: Report,
): void {
  if ((presence === true) === (presentWhere !== undefined)) return;
  report([...path, 'presentWhere'], {
    found: presence === true ? 'is missing' : 'is of no use',
    expected:
      presence === true
        ? 'the OID at which the agent counts the rows of this table, since without it an absent row says nothing'
        : 'presence: true beside it',
  });
}

function checkInstances(profile: SnmpProfile, report: Report): void {
  const named = JSON.stringify([profile.points, profile.tables, profile.traps]).includes('{instance}');
  if (named && profile.instances === undefined)
    report(['instances'], {
      found: 'is missing',
      expected:
        'where the instances stand (below) and which is read by default, since an OID holds {instance}',
    });
  if (!named && profile.instances !== undefined)
    report(['instances'], { found: 'is of no use', expected: 'an OID that holds {instance}' });
}

function checkScales(scales: readonly Scale[], path: Path, report: Report): void {
  for (const [index, { kind, units }] of scales.entries()) {
    if ((kind === 'units') === (units !== undefined)) continue;
    report([...path, index, 'units'], {
      found: units === undefined ? 'is missing' : 'is not allowed',
      expected: 'what the cell says → factor or unit, with kind "units" and no other',
    });
  }
}

function checkPart({ part, labels }: Table, path: Path, report: Report): void {
  const valid = ['index', 'name', ...Object.keys(labels)];
  for (const [, name = ''] of (part ?? '').matchAll(/\{([^}.]*)/g))
    if (!valid.includes(name))
      report([...path, 'part'], {
        found: `{${name}} is unknown`,
        expected: `{index}, {index.N}, {index.text}, {name} or one of the labels`,
        nearest: nearestName(name, valid),
      });
}
