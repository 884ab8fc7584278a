import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import { addressOf, webhookChannels, type People, type StepEntry } from '../schema/people.ts';
import { known, twice } from './references.ts';
import { checkShifts } from './shifts.ts';
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
  checkCards(people, report);
  twice(people.onCall.map(({ layer }) => layer), (place) => ['onCall', place, 'layer'], report);
  for (const [place, { members, sites: own }] of people.onCall.entries()) {
    for (const [index, name] of members.entries())
      known(name, { valid: persons.keys(), what: 'a person of this file', at: ['onCall', place, 'members', index] }, report);
    for (const [index, name] of (own ?? []).entries())
      known(name, { valid: sites, what: 'a site of pantau.yaml', at: ['onCall', place, 'sites', index] }, report);
  }
  for (const [place, name] of (people.reports ?? []).entries()) {
    known(name, { valid: persons.keys(), what: 'a person of this file', at: ['reports', place] }, report);
    if (persons.has(name) && persons.get(name)?.email === undefined)
      report(['reports', place], { found: `${quote(name)} has no e-mail address`, expected: '"email" on that person' });
  }
  checkShifts(people, report);
  checkReach(people, sites, report);
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
        if (target === 'shift' && people.shifts === undefined)
          report(place, { found: 'nobody is on shift', expected: '"shifts" in this file, or another target' });
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

/** A card that two persons have would name the wrong one. */
function checkCards({ persons }: People, report: Report): void {
  const owners = new Map<string, string>();
  for (const [place, { person, cards = [] }] of persons.entries())
    for (const [index, card] of cards.entries()) {
      const owner = owners.get(card);
      if (owner !== undefined)
        report(['persons', place, 'cards', index], {
          found: `${quote(card)} is already a card of ${quote(owner)}`,
          expected: 'every card once',
        });
      owners.set(card, person);
    }
}

/** Every site must have somebody who is told of a P1: a layer of other sites means nobody there. */
function checkReach({ escalation, onCall }: People, sites: readonly string[], report: Report): void {
  const meansSomebody = (target: string, site: string): boolean => {
    const [kind, name] = target.split(':');
    if (kind !== 'layer') return true;
    const layer = onCall.find((each) => each.layer === name);
    // One that is unknown was reported above.
    return layer?.sites === undefined || layer.sites.includes(site);
  };
  for (const site of sites)
    if (!escalation.P1.some(({ notify }) => notify.some((target) => meansSomebody(target, site))))
      report(['escalation', 'P1'], {
        found: `a P1 at ${quote(site)} is told to nobody`,
        expected: 'a step whose layer answers for that site, or names a person',
      });
}

function needed({ channels }: StepEntry): string {
  return channels.map((channel) => quote(channel)).join(' or ');
}

/** Persons that a target may mean, by name. */
function reached(target: string, people: People): readonly string[] {
  if (target === 'everyone') return people.persons.map(({ person }) => person);
  if (target === 'shift') return people.shifts?.teams.flatMap(({ members }) => members) ?? [];
  const [kind, name = ''] = target.split(':');
  if (kind === 'person') return [name];
  return people.onCall.find(({ layer }) => layer === name)?.members ?? [];
}
