import { DateTime } from 'luxon';
import { z } from 'zod';
import {
  addressOf,
  channel,
  type Channel,
  type LayerEntry,
  type People as PeopleFile,
} from '../../config/schema/people.ts';
import type { Priority } from '../../config/schema/common.ts';

type People = Pick<PeopleFile, 'persons' | 'onCall' | 'escalation' | 'nextChannelAfter' | 'repeatEvery'>;

/** Somebody takes over for another one, or for whoever is on call in the layer. Epoch ms, [from, to). */
export interface Override {
  readonly id: string;
  readonly layer: string;
  readonly person: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Who is on call, and why. */
export interface OnCall {
  readonly layer: string;
  readonly person: string;
  readonly because: 'rotation' | 'override';
  /** When this ends by the rotation or the override, epoch ms. */
  readonly until: number;
}

const zone = 'Asia/Jakarta';

/** Turns begin at `handover` of every day or week since `start`, WIB; before the first one the first member has it. Pure. */
export function onCallAt(layer: LayerEntry, overrides: readonly Override[], at: number): OnCall {
  const taken = overrides
    .filter((each) => each.layer === layer.layer && each.from <= at && at < each.to)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
  if (taken !== undefined)
    return { layer: layer.layer, person: taken.person, because: 'override', until: taken.to };
  const turn = turnAt(layer, at);
  const { members } = layer;
  const place = ((turn % members.length) + members.length) % members.length;
  const next = overrides
    .filter((each) => each.layer === layer.layer && each.from > at)
    .reduce((least, { from }) => Math.min(least, from), turnStart(layer, turn + 1));
  return { layer: layer.layer, person: members[place] ?? '', because: 'rotation', until: next };
}

/** Which turn it is, 0 for the first; negative before it. */
function turnAt(layer: LayerEntry, at: number): number {
  const first = firstTurn(layer);
  const days = DateTime.fromMillis(at, { zone }).diff(first, 'days').days;
  return Math.floor(days / (layer.every === 'week' ? 7 : 1));
}

function turnStart(layer: LayerEntry, turn: number): number {
  return firstTurn(layer)
    .plus({ days: turn * (layer.every === 'week' ? 7 : 1) })
    .toMillis();
}

function firstTurn({ start, handover }: LayerEntry): DateTime {
  return DateTime.fromISO(`${start}T${handover}`, { zone });
}

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

/** Each person once a step; who cannot be reached by any channel of the step is left out. Pure. */
export function escalationFor(
  people: People,
  overrides: readonly Override[],
  { site, priority, at, usable }: Question,
): EscalationPlan {
  const persons = new Map(people.persons.map((entry) => [entry.person, entry]));
  const steps = people.escalation[priority].map(({ after, notify, channels }) => {
    const names = new Set(
      notify.flatMap((target) => targetsOf(people, { target, site }).flatMap((layer) =>
        typeof layer === 'string' ? layer : onCallAt(layer, overrides, at + after).person,
      )),
    ); // prettier-ignore
    const recipients = [...names].flatMap((name): Recipient[] => {
      const person = persons.get(name);
      const ways = channels.filter(
        (each) => usable.has(each) && person !== undefined && addressOf(person, each) !== undefined,
      );
      return ways.length === 0 ? [] : [{ person: name, channels: ways }];
    });
    return { afterMs: after, recipients };
  });
  return { steps, nextChannelAfterMs: people.nextChannelAfter, repeatEveryMs: people.repeatEvery };
}

function targetsOf(
  people: People,
  { target, site }: { readonly target: string; readonly site: string },
): (string | LayerEntry)[] {
  if (target === 'everyone') return people.persons.map(({ person }) => person);
  const [kind, name = ''] = target.split(':');
  if (kind === 'person') return [name];
  return people.onCall.filter(
    ({ layer, sites }) => layer === name && (sites === undefined || sites.includes(site)),
  );
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
