import { z } from 'zod';
import {
  addressOf,
  channel,
  type Channel,
  type LayerEntry,
  type People as PeopleFile,
  type PersonEntry,
} from '../../config/schema/people.ts';
import type { Priority } from '../../config/schema/common.ts';
import { isOff, standsInFor, whoAt, type RosterChanges } from './on-call.ts';
import { crewAt } from './shift.ts';

/** What of people.yaml decides whom an incident is told to. */
export type People = Pick<
  PeopleFile,
  'persons' | 'onCall' | 'shifts' | 'escalation' | 'nextChannelAfter' | 'repeatEvery'
>;

/** A person to be told, and how, in the order in which channels are tried. */
export interface Recipient {
  readonly person: string;
  readonly channels: readonly Channel[];
}

/** Whom an incident is told to, fixed when it is opened: a change of the roster does not reach into it. */
export interface EscalationPlan {
  readonly steps: readonly { readonly afterMs: number; readonly recipients: readonly Recipient[] }[];
  readonly nextChannelAfterMs: number;
  readonly repeatEveryMs: number;
}

export interface Question {
  readonly site: string;
  readonly priority: Priority;
  readonly at: number;
  /** Channels that are set up; nobody is told by another one. */
  readonly usable: ReadonlySet<Channel>;
}

/** Why a person is not reached by a channel. */
type Obstacle = 'no-address' | 'no-channel' | 'failing' | 'expired';
/** Undefined: the person can be reached by it. */
export type Reach = (person: PersonEntry, by: Channel) => Obstacle | undefined;

/** Somebody, or nobody, whom a step means and does not reach. */
export interface Missed {
  /** As the step names it: `layer:utama`. */
  readonly target: string;
  /** Null: the target names nobody at that time. */
  readonly person: string | null;
  readonly why: 'nobody' | 'off' | 'unreachable';
  /** With `unreachable`: what is in the way of each channel of the step. */
  readonly obstacles: readonly { readonly channel: Channel; readonly why: Obstacle }[];
}

/** What one step of an escalation comes to, and why it reaches no more. */
export interface StepAnswer {
  readonly afterMs: number;
  readonly recipients: readonly Recipient[];
  readonly missed: readonly Missed[];
}

/** Step by step, whom an incident that is opened at that moment would be told to; each person once a step. Pure. */
export function answerFor(
  people: People,
  changes: RosterChanges,
  { site, priority, at, reach }: Omit<Question, 'usable'> & { readonly reach: Reach },
): StepAnswer[] {
  const persons = new Map(people.persons.map((entry) => [entry.person, entry]));
  return people.escalation[priority].map(({ after, notify, channels }) => {
    const recipients = new Map<string, Recipient>();
    const missed: Missed[] = [];
    for (const target of notify)
      for (const named of namedBy(people, changes, { target, site, at: at + after })) {
        if (named.why !== undefined) {
          missed.push({ target, person: named.person, why: named.why, obstacles: [] });
          continue;
        }
        const person = persons.get(named.person);
        const tried = channels.map((each) => ({
          channel: each,
          why: person === undefined ? ('no-address' as const) : reach(person, each),
        }));
        const ways = tried.flatMap((each) => (each.why === undefined ? [each.channel] : []));
        if (ways.length > 0) recipients.set(named.person, { person: named.person, channels: ways });
        else {
          const obstacles = tried.flatMap((each) => each.why === undefined ? [] : [{ channel: each.channel, why: each.why }]);
          missed.push({ target, person: named.person, why: 'unreachable', obstacles });
        }
      }
    return { afterMs: after, recipients: [...recipients.values()], missed };
  });
} // prettier-ignore

/**
 * Who cannot be reached by any channel of a step is left out, and so is who is off. Unless that leaves nobody at all: a person who is off
 * and is woken is better than an incident that nobody hears of. Pure.
 */
export function escalationFor(
  people: People,
  changes: RosterChanges,
  { usable, ...question }: Question,
): EscalationPlan {
  const reach: Reach = (person, by) => {
    if (!usable.has(by)) return 'no-channel';
    return addressOf(person, by) === undefined ? 'no-address' : undefined;
  };
  const answer = answerFor(people, changes, { ...question, reach });
  const steps = answer.some(({ recipients }) => recipients.length > 0)
    ? answer
    : answerFor(people, { ...changes, timeOff: [] }, { ...question, reach });
  return {
    steps: steps.map(({ afterMs, recipients }) => ({ afterMs, recipients })),
    nextChannelAfterMs: people.nextChannelAfter,
    repeatEveryMs: people.repeatEvery,
  };
}

type Named =
  | { readonly person: string; readonly why?: undefined }
  | { readonly person: string; readonly why: 'off' }
  | { readonly person: null; readonly why: 'nobody' };

interface Target {
  readonly target: string;
  readonly site: string;
  readonly at: number;
}

/** Whom a target of a step means at a time. A layer of other sites means nobody, and that is no mistake. */
function namedBy(people: People, changes: RosterChanges, { target, site, at }: Target): Named[] {
  if (target === 'everyone')
    return people.persons.map(({ person }) =>
      isOff(changes.timeOff, person, at) ? { person, why: 'off' } : { person },
    );
  if (target === 'shift') {
    const crew = people.shifts === undefined ? undefined : crewAt(people.shifts, changes.timeOff, at);
    const present = (crew?.present ?? []).map((person): Named => ({ person }));
    return present.length > 0 ? present : [{ person: null, why: 'nobody' }];
  }
  const [kind, name = ''] = target.split(':');
  if (kind === 'person')
    return [isOff(changes.timeOff, name, at) ? { person: name, why: 'off' } : { person: name }];
  const here = ({ sites }: LayerEntry): boolean => sites === undefined || sites.includes(site);
  const layer = people.onCall.find((each) => each.layer === name);
  if (layer === undefined || !here(layer)) return [];
  const own = whoAt(layer, changes, at).person;
  const person = own ?? standsInFor(layer, people.onCall.filter(here), { changes, at });
  return [person === null ? { person: null, why: 'nobody' } : { person }];
}

const recipient = z.object({ person: z.string(), channels: z.array(channel) });
const plan = z.object({
  steps: z.array(z.object({ afterMs: z.number(), recipients: z.array(recipient) })),
  nextChannelAfterMs: z.number(),
  repeatEveryMs: z.number(),
});

/** A plan as its row keeps it. */
export function parsePlan(text: string): EscalationPlan {
  return plan.parse(JSON.parse(text));
}
