import { z } from 'zod';
import { personNames } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import { addressOf, channel as channelSchema } from '../../../config/schema/people.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { formats } from '../../../domain/format/format.ts';
import { holds } from '../../auth/identity.ts';
import { instant } from '../../contracts/common.ts';
import { onCallPage, overrideView, timeOffView, type OverrideView } from '../../contracts/on-call.ts';
import type { NotifyService } from '../../notify/service.ts';
import { onCallAt, type Override, type TimeOff } from '../../people/on-call.ts';
import { escalationFor } from '../../people/roster.ts';
import { RosterHole, RosterOverlap, RosterRefused, type RosterService } from '../../people/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';

const name = z.string().min(1).max(100);
const span = {
  from: instant,
  to: instant,
  reason: z.string().trim().min(1).max(500),
  /** Takes the entry although the roster would have a hole. */
  acceptHole: z.boolean().default(false),
};
const overrideInput = z.strictObject({ layer: name, person: name, ...span });
const timeOffInput = z.strictObject({ person: name, ...span });
const params = z.strictObject({ id: name });
const endQuery = z.strictObject({ acceptHole: z.stringbool().default(false) });

export interface OnCallServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly roster: RosterService;
  readonly notify: NotifyService;
}

/** Who is on call, whom an incident would be told to, who takes over for whom, and who is off. */
export function onCallEndpoints({ model, clock, roster, notify }: OnCallServices): Endpoint[] {
  const { people } = model;
  const nameOf = personNames(people);
  const nameOrNull = (person: string | null): string | null => (person === null ? null : nameOf(person));
  const all = new Set(channelSchema.options);

  async function refusing<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof RosterRefused) throw badInput(`body.${error.field}`, error.message);
      if (error instanceof RosterOverlap)
        throw conflict(`${nameOf(error.other.person)} is off from ${moment(error.other.from)} to ${moment(error.other.to)} already`);
      if (error instanceof RosterHole) {
        const { site, priority, kind, from } = error.hole;
        const what = kind === 'nobody' ? 'would reach nobody' : 'would reach nobody at once';
        throw conflict(`a ${priority} at ${site} ${what} from ${moment(from)} on; enter a stand-in first, or send acceptHole: true`);
      }
      throw error;
    }
  }

  return [
    endpoint({
      method: 'get',
      path: '/on-call',
      role: 'wall',
      summary: 'Who is on call at a moment (default now), and whom an incident of each priority would be told to',
      input: { query: z.strictObject({ at: queryInstant.optional() }) },
      output: onCallPage,
      handler({ query: { at = clock.now() }, user }) {
        const changes = roster.changes();
        return {
          at: iso(at),
          unpaged: notify.unpaged(),
          problem: notify.problem() ?? null,
          layers: (people?.onCall ?? []).map((layer) => {
            const now = onCallAt(layer, changes, at);
            const next = onCallAt(layer, changes, now.until);
            return {
              layer: layer.layer,
              name: layer.name,
              sites: layer.sites ?? null,
              person: now.person,
              personName: nameOrNull(now.person),
              because: now.because,
              until: iso(now.until),
              next: next.person,
              nextName: nameOrNull(next.person),
            };
          }),
          overrides: changes.overrides.filter(({ to }) => to > at).map(view),
          timeOff: changes.timeOff
            .filter(({ to }) => to > at)
            .toSorted((a, b) => a.from - b.from)
            .map((each) => timeOff(each, holds(user.role, 'operator'))),
          persons: (people?.persons ?? []).map((person) => ({
            person: person.person,
            name: person.name,
            channels: channelSchema.options.filter((each) => each !== 'webhook' && addressOf(person, each) !== undefined),
          })),
          escalation:
            people === undefined
              ? []
              : model.sites.flatMap(({ id: site }) =>
                  (['P1', 'P2', 'P3', 'P4', 'P5'] as const).map((priority) => ({
                    site,
                    priority,
                    steps: escalationFor(people, changes, { site, priority, at, usable: all }).steps.map((step) => ({
                      afterMs: step.afterMs,
                      recipients: step.recipients.map((each) => ({ ...each, channels: [...each.channels], name: nameOf(each.person) })),
                    })),
                  })),
                ),
        };
      },
    }),
    endpoint({
      method: 'post',
      path: '/on-call/overrides',
      role: 'manager',
      summary: 'Somebody takes over in a layer for a time, with a reason; 409 when that person is off, or it leaves a hole',
      input: { body: overrideInput },
      output: overrideView,
      handler: async ({ body: { acceptHole, ...body }, user }) =>
        view(await refusing(roster.addOverride({ ...body, ...times(body) }, { actor: user.name, acceptHole }))),
    }),
    endpoint({
      method: 'delete',
      path: '/on-call/overrides/:id',
      role: 'manager',
      summary: 'Take an override back; 409 when that leaves a hole',
      input: { params, query: endQuery },
      output: z.undefined(),
      async handler({ params: { id }, query: { acceptHole }, user }) {
        if (!(await refusing(roster.endOverride(id, { actor: user.name, acceptHole })))) throw notFound(`no override ${id}`);
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: '/on-call/time-off',
      role: 'manager',
      summary: 'A person is off for a time and is not paged; 409 when it overlaps, or leaves a hole in the roster',
      input: { body: timeOffInput },
      output: timeOffView,
      handler: async ({ body: { acceptHole, ...body }, user }) =>
        timeOff(await refusing(roster.addTimeOff({ ...body, ...times(body) }, { actor: user.name, acceptHole })), true),
    }),
    endpoint({
      method: 'delete',
      path: '/on-call/time-off/:id',
      role: 'manager',
      summary: 'Take time off back: the person is on duty again',
      input: { params },
      output: z.undefined(),
      async handler({ params: { id }, user }) {
        if (!(await roster.endTimeOff(id, user.name))) throw notFound(`no time off ${id}`);
        return undefined;
      },
    }),
  ];
} // prettier-ignore

function times({ from, to }: { readonly from: string; readonly to: string }): { from: number; to: number } {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function moment(at: number): string {
  return `${formats.en.moment(at)} WIB`;
}

function view({ id, layer, person, from, to, reason }: Override): OverrideView {
  return { id, layer, person, from: iso(from), to: iso(to), reason };
}

/** Why somebody is off may be an illness: not for the wall. */
function timeOff({ id, person, from, to, reason }: TimeOff, withReason: boolean): z.output<typeof timeOffView> {
  return { id, person, from: iso(from), to: iso(to), reason: withReason ? reason : null };
} // prettier-ignore
