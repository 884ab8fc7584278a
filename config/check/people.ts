import { nearestName } from '../../core/names.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { addressOf, webhookChannels, type People, type StepEntry } from '../schema/people.ts';
import { reportUnset, type Report, type Secrets } from './report.ts';

/** References between persons, layers, steps and sites, and whether a step reaches anybody. */
export function checkPeople(
  people: People,
  { sites, secrets }: { readonly sites: readonly string[]; readonly secrets: Secrets | undefined },
  report: Report,
): void {
  for (const name of webhookChannels) {
    const entry = people.channels[name];
    reportUnset(secrets, entry?.token, ['channels', name, 'token'], report);
    reportUnset(secrets, entry?.secret, ['channels', name, 'secret'], report);
  }
  const persons = new Map(people.persons.map((entry) => [entry.person, entry]));
  const layers = new Map(people.onCall.map((entry) => [entry.layer, entry]));
  twice(people.persons.map(({ person }) => person), (place) => ['persons', place, 'person'], report);
  twice(people.onCall.map(({ layer }) => layer), (place) => ['onCall', place, 'layer'], report);
  for (const [place, { members, sites: own }] of people.onCall.entries()) {
    for (const [index, name] of members.entries())
      known(name, { valid: persons.keys(), what: 'a person of this file', at: ['onCall', place, 'members', index] }, report);
    for (const [index, name] of (own ?? []).entries())
      known(name, { valid: sites, what: 'a site of pantau.yaml', at: ['onCall', place, 'sites', index] }, report);
  }
  for (const [priority, steps] of Object.entries(people.escalation)) {
    for (const [place, step] of steps.entries()) {
      const at: Path = ['escalation', priority, place];
      const before = steps[place - 1];
      if (before !== undefined && step.after <= before.after)
        report([...at, 'after'], {
          found: 'is not later than the step before it',
          expected: 'steps in the order in which they are taken',
        });
      for (const [index, target] of step.notify.entries()) {
        const [kind, name = ''] = target.split(':');
        const place = [...at, 'notify', index];
        if (kind === 'layer') known(name, { valid: layers.keys(), what: 'a layer of onCall', at: place }, report);
        if (kind === 'person') known(name, { valid: persons.keys(), what: 'a person of this file', at: place }, report);
        for (const entry of reached(target, people)) {
          const person = persons.get(entry);
          if (person !== undefined && !step.channels.some((channel) => addressOf(person, channel) !== undefined))
            report(place, {
              found: `${quote(entry)} cannot be reached by ${step.channels.join(', ')}`,
              expected: `${needed(step)} on that person, or another channel in the step`,
            });
        }
      }
    }
  }
} // prettier-ignore

function needed({ channels }: StepEntry): string {
  return channels.map((channel) => quote(channel)).join(' or ');
}

/** Persons that a target may mean, by name. */
function reached(target: string, people: People): readonly string[] {
  if (target === 'everyone') return people.persons.map(({ person }) => person);
  const [kind, name = ''] = target.split(':');
  if (kind === 'person') return [name];
  return people.onCall.find(({ layer }) => layer === name)?.members ?? [];
}

function twice(names: readonly string[], at: (place: number) => Path, report: Report): void {
  for (const [place, name] of names.entries())
    if (names.indexOf(name) < place) report(at(place), { found: `${quote(name)} is named twice`, expected: 'every name once' });
} // prettier-ignore

interface Known {
  readonly valid: Iterable<string>;
  readonly what: string;
  readonly at: Path;
}

function known(name: string, { valid, what, at }: Known, report: Report): void {
  const names = [...valid];
  if (!names.includes(name))
    report(at, { found: `${quote(name)} is unknown`, expected: what, nearest: nearestName(name, names) });
}
