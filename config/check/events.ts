import { nearestName } from '../../core/names.ts';
import { accessAttributes, accessDirections, accessKinds, accessMethods } from '../../core/access-event.ts';
import { partAttribute, sourceTimeAttribute, timeFlagAttribute } from '../../core/field-event.ts';
import { partGroups } from '../build/reads.ts';
import { oneOf, quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { parseRange } from '../schema/ranges.ts';
import type { EventEntry } from '../schema/profile/events.ts';
import type { MqttProfile, PushProfile } from '../schema/profile.ts';
import type { Report } from './report.ts';

/** Set where the event is received; a profile may not give them another meaning. */
const reservedAttributes: ReadonlySet<string> = new Set([
  sourceTimeAttribute,
  timeFlagAttribute,
  partAttribute,
  accessAttributes.clockOffset,
]);

/** Kinds that the server finds by itself. */
const foundKinds: ReadonlySet<string> = new Set(['events-missed', 'controller-restarted']);

/** What the events of a profile must hold beyond their shape: known groups and kinds, words that are ours, times that tell events apart. */
export function checkEvents(profile: MqttProfile | PushProfile, report: Report): void {
  const groups = [...partGroups(profile).keys()];
  for (const [index, entry] of profile.events.entries()) {
    const path: Path = ['events', index];
    checkParts(entry, { path, groups }, report);
    if (entry.restarts && entry.time === undefined && profile.time === undefined)
      report([...path, 'restarts'], {
        found: 'has no time that tells the events apart',
        expected: 'time: { pointer, format } of the event or the profile',
      });
    checkKinds(entry, path, report);
    checkAttributes(entry, path, report);
    for (const [place, where] of [
      [[...path, 'where'], entry.where],
      ...entry.kinds.map(({ where }, at) => [[...path, 'kinds', at, 'where'], where] as const),
    ] as const)
      checkRanges(where, place, report);
  }
}

function checkParts(
  { group, part }: EventEntry,
  { path, groups }: { readonly path: Path; readonly groups: readonly string[] },
  report: Report,
): void {
  if (group !== undefined && !groups.includes(group))
    report([...path, 'group'], {
      found: `${quote(group)} is unknown`,
      expected: 'a group of this profile',
      nearest: nearestName(group, groups),
    });
  if (part !== undefined && group === undefined)
    report([...path, 'group'], {
      found: 'is missing',
      expected: 'the group whose parts the message names',
    });
}

function checkKinds({ kinds }: EventEntry, path: Path, report: Report): void {
  for (const [at, { kind, set = {} }] of kinds.entries()) {
    const place = [...path, 'kinds', at];
    // A kind that is nearly one of ours would be stored and never judged.
    const nearest = accessKinds.some((each) => each === kind) ? undefined : nearestName(kind, accessKinds);
    if (nearest !== undefined)
      report([...place, 'kind'], {
        found: `${quote(kind)} is no kind that is judged`,
        expected: oneOf(accessKinds.filter((each) => !foundKinds.has(each))),
        nearest,
      });
    if (kind === 'events-missed')
      report([...place, 'kind'], {
        found: `${quote(kind)} is what the server finds in the numbering`,
        expected: 'another kind',
      });
    for (const [name, word] of Object.entries(set)) {
      if (reservedAttributes.has(name))
        report([...place, 'set', name], { found: 'is an attribute that we set', expected: 'another name' });
      checkWord({ name, word }, [...place, 'set', name], report);
    }
  }
}

function checkAttributes({ attributes }: EventEntry, path: Path, report: Report): void {
  for (const [name, at] of Object.entries(attributes)) {
    const place = [...path, 'attributes', name];
    if (reservedAttributes.has(name))
      report(place, { found: 'is an attribute that the collector sets', expected: 'another name' });
    if (typeof at === 'string') continue;
    for (const [code, word] of Object.entries(at.codes ?? {}))
      checkWord({ name, word }, [...place, 'codes', code], report);
  }
}

/** Methods and directions have closed lists: another word would be no method at all. */
function checkWord(
  { name, word }: { readonly name: string; readonly word: string },
  path: Path,
  report: Report,
): void {
  const valid: readonly string[] | undefined =
    name === accessAttributes.method
      ? accessMethods
      : name === accessAttributes.direction
        ? accessDirections
        : undefined;
  if (valid !== undefined && !valid.includes(word))
    report(path, {
      found: `${quote(word)} is unknown`,
      expected: oneOf(valid),
      nearest: nearestName(word, valid),
    });
}

function checkRanges(where: EventEntry['where'], path: Path, report: Report): void {
  for (const [pointer, wanted] of Object.entries(where ?? {}))
    for (const text of [wanted].flat()) {
      const range = parseRange(text);
      if (range !== undefined && range.low > range.high)
        report([...path, pointer], {
          found: `${quote(text)} holds no number`,
          expected: 'the lower end of the range first',
        });
    }
}
