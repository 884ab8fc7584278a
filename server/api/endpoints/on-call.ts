import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { addressOf, channel as channelSchema } from '../../../config/schema/people.ts';
import type { Clock } from '../../../core/clock.ts';
import { iso } from '../../../core/time.ts';
import { instant } from '../../contracts/common.ts';
import { onCallPage, overrideView, type OverrideView } from '../../contracts/notify.ts';
import type { NotifyService } from '../../notify/service.ts';
import type { Overrides } from '../../people/overrides.ts';
import { escalationFor, onCallAt, type Override } from '../../people/roster.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, notFound } from '../../http/problem.ts';

const name = z.string().min(1).max(100);
const overrideInput = z
  .strictObject({ layer: name, person: name, from: instant, to: instant, reason: z.string().trim().min(1).max(500) })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'a time after "from"' }); // prettier-ignore
const longestMs = 92 * 86_400_000;

interface OnCallServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly overrides: Overrides;
  readonly notify: NotifyService;
}

/** Who is on call, whom an incident would be told to, and who takes over for whom. */
export function onCallEndpoints({ model, clock, overrides, notify }: OnCallServices): Endpoint[] {
  const { people } = model;
  const persons = new Map((people?.persons ?? []).map((person) => [person.person, person]));
  const nameOf = (person: string): string => persons.get(person)?.name ?? person;
  const all = new Set(channelSchema.options);

  return [
    endpoint({
      method: 'get',
      path: '/on-call',
      role: 'wall',
      summary: 'Who is on call at a moment (default now), and whom an incident of each priority would be told to',
      input: { query: z.strictObject({ at: instant.optional() }) },
      output: onCallPage,
      handler({ query }) {
        const at = query.at === undefined ? clock.now() : Date.parse(query.at);
        const current = overrides.current();
        return {
          at: iso(at),
          problem: notify.problem() ?? null,
          layers: (people?.onCall ?? []).map((layer) => {
            const now = onCallAt(layer, current, at);
            const next = onCallAt(layer, current, now.until);
            return {
              layer: layer.layer,
              name: layer.name,
              sites: layer.sites ?? null,
              person: now.person,
              personName: nameOf(now.person),
              because: now.because,
              until: iso(now.until),
              next: next.person,
              nextName: nameOf(next.person),
            };
          }),
          overrides: current.filter(({ to }) => to > at).map(view),
          persons: [...persons.values()].map((person) => ({
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
                    steps: escalationFor(people, current, { site, priority, at, usable: all }).steps.map((step) => ({
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
      summary: 'Somebody takes over in a layer for a time, with a reason',
      input: { body: overrideInput },
      output: overrideView,
      async handler({ body, user }) {
        const { layer, person, reason } = body;
        if (people?.onCall.some((each) => each.layer === layer) !== true)
          throw badInput('body.layer', `there is no layer "${layer}" in people.yaml`);
        if (!persons.has(person))
          throw badInput('body.person', `there is no person "${person}" in people.yaml`);
        const [from, to] = [Date.parse(body.from), Date.parse(body.to)];
        if (to - from > longestMs)
          throw badInput('body.to', 'at most 92 days; change the rotation in people.yaml for longer');
        if (to <= clock.now()) throw badInput('body.to', 'a time in the future');
        return view(await overrides.add({ layer, person, from, to, reason }, { actor: user.name, at: clock.now() }));
      },
    }),
    endpoint({
      method: 'delete',
      path: '/on-call/overrides/:id',
      role: 'manager',
      summary: 'Take an override back',
      input: { params: z.strictObject({ id: name }) },
      output: z.undefined(),
      async handler({ params: { id }, user }) {
        if (!(await overrides.end(id, { actor: user.name, at: clock.now() }))) throw notFound(`no override ${id}`);
        return undefined;
      },
    }),
  ];
} // prettier-ignore

function view({ id, layer, person, from, to, reason }: Override): OverrideView {
  return { id, layer, person, from: iso(from), to: iso(to), reason };
}
