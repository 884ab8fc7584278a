import { z } from 'zod';
import { unknownName } from '../../../core/names.ts';
import { assigneesView, incidentView } from '../../contracts/incidents.ts';
import type { Assignee } from '../../incidents/assignees.ts';
import type { IncidentService } from '../../incidents/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput } from '../../http/problem.ts';
import { found, refused } from './incident-refusals.ts';

const params = z.strictObject({ id: z.string().min(1).max(100) });
const nothing = z.strictObject({});
const reasonInput = z.strictObject({ reason: z.string().trim().min(1).max(500) });
/** `to`: a person of people.yaml or a user; null: nobody. */
const assignInput = z.strictObject({ to: z.string().min(1).max(100).nullable() });
const text = z.string().trim().min(1).max(4_000);
const resolveInput = z.strictObject({ cause: text, remedy: text });

export interface HandlingServices {
  readonly incidents: Pick<IncidentService, 'handling'>;
  /** Whom an incident can be given to. */
  readonly assignees: () => Promise<readonly Assignee[]>;
}

/** What people do with an incident beside acknowledging it: whose it is, its clock, its end. */
export function handlingEndpoints({ incidents: { handling }, assignees }: HandlingServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/assignees',
      role: 'operator',
      summary: 'Whom an incident can be given to: the persons of people.yaml and the users',
      input: {},
      output: assigneesView,
      handler: async () => ({ people: [...(await assignees())] }),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/assign',
      role: 'operator',
      summary: 'Give an incident to a person or a user, or to nobody (null)',
      input: { params, body: assignInput },
      output: incidentView,
      async handler({ params: { id }, body: { to }, user }) {
        const names = to === null ? [] : (await assignees()).map((each) => each.id);
        if (to !== null && !names.includes(to)) throw badInput('body.to', unknownName('person', to, names));
        return found(id, await refused(handling.assign(id, { actor: user.name, to })));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/pause',
      role: 'manager',
      summary: 'Pause the time to resolve, with a reason; 409 unless pantau.yaml allows it',
      input: { params, body: reasonInput },
      output: incidentView,
      handler: async ({ params: { id }, body: { reason }, user }) =>
        found(id, await refused(handling.pause(id, { actor: user.name, reason }))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/resume',
      role: 'manager',
      summary: 'Let the time to resolve go on',
      input: { params, body: nothing },
      output: incidentView,
      handler: async ({ params: { id }, user }) =>
        found(id, await refused(handling.resume(id, { actor: user.name }))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/resolve',
      role: 'operator',
      summary:
        'Record cause and remedy, and acknowledge what waits; 409 while an alarm is active or when they are recorded already',
      input: { params, body: resolveInput },
      output: incidentView,
      handler: async ({ params: { id }, body: { cause, remedy }, user }) =>
        found(id, await refused(handling.close(id, { actor: user.name, cause, remedy }))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reopen',
      role: 'operator',
      summary: 'Reopen a resolved incident, with a reason, up to 7 calendar days after it was resolved',
      input: { params, body: reasonInput },
      output: incidentView,
      handler: async ({ params: { id }, body: { reason }, user }) =>
        found(id, await refused(handling.reopen(id, { actor: user.name, reason }))),
    }),
  ];
}
