import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { priority } from '../../../config/schema/common.ts';
import { discipline } from '../../../config/schema/rule.ts';
import { holds } from '../../auth/identity.ts';
import { page } from '../../contracts/common.ts';
import { incidentSummary, incidentView, manyAcknowledged } from '../../contracts/incidents.ts';
import type { ListPlace } from '../../incidents/repository.ts';
import type { IncidentService } from '../../incidents/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { badInput } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';
import { found, refused } from './incident-refusals.ts';

const params = z.strictObject({ id: z.string().min(1).max(100) });
const listQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['open', 'resolved']).optional(),
  site: sitesQuery,
  /** One or several: `P1,P2`. */
  priority: z
    .string()
    .regex(/^P[1-5](,P[1-5]){0,4}$/, 'must be priorities divided by commas, like P1,P2')
    .optional(),
  discipline: discipline.optional(),
  /** `true`: those that somebody still has to acknowledge. */
  waiting: z.enum(['true', 'false']).optional(),
  /** Words that must all appear in the title, rule, room, id or worst alarm. */
  text: z.string().max(200).optional(),
  /** Those that were not resolved yet at some time between the two. */
  from: queryInstant.optional(),
  to: queryInstant.optional(),
  /** With state=open: what is due next first. */
  order: z.enum(['urgency', 'due']).optional(),
});
const urgencyPlace = z.tuple([z.int().min(0).max(1), priority, z.int(), z.string()]);
/** When it was resolved, or is due; and its id. */
const timePlace = z.tuple([z.int(), z.string()]);
/** `alarm`: `rule@point`; `to`: id of an open incident. */
const moveInput = z.strictObject({
  alarm: z.string().min(1).max(500),
  to: z.string().min(1).max(100),
  reason: z.string().trim().min(1).max(500),
});
/** `to`: id of an incident that is not resolved. */
const mergeInput = z.strictObject({
  to: z.string().min(1).max(100),
  reason: z.string().trim().min(1).max(500),
});
/** Active alarms of the incident, `rule@point`; not all of them. */
const splitInput = z.strictObject({
  alarms: z.array(z.string().min(1).max(500)).min(1).max(5_000),
  reason: z.string().trim().min(1).max(500),
});
/** Ids of incidents. */
const manyInput = z.strictObject({ incidents: z.array(z.string().min(1).max(100)).min(1).max(5_000) });
const noteInput = z.strictObject({
  text: z.string().trim().min(1).max(2_000),
  /** Made by who writes it: sent again with the same key, it is the same note. */
  key: z.string().trim().min(8).max(100).optional(),
});
const nothing = z.strictObject({});
/** Later than every incident. */
const latest = Number.MAX_SAFE_INTEGER;

/** Incidents (*Gangguan*). A view whose `durable` is false shows what is kept in memory until the store writes again. */
export function incidentEndpoints({
  incidents,
  model,
}: {
  readonly incidents: IncidentService;
  readonly model: Model;
}): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/incidents',
      role: 'wall',
      summary:
        'Incidents, life safety first, then by priority and by when they are due; state=open: those that are not resolved; state=resolved: latest first; order=due: what is due next first; from and to: those that lasted into that time',
      input: { query: listQuery },
      output: page(incidentSummary),
      csv: true,
      async handler({
        query: { cursor, limit, state, waiting, order, priority: listed, from, to, ...filter },
      }) {
        checkSiteFilter(filter.site, model);
        const isByDue = order === 'due';
        if (isByDue && state !== 'open')
          throw badInput('query.order', '"due" needs state=open: only what is open is due');
        if ((from ?? 0) > (to ?? Infinity)) throw badInput('query.from', 'is after "to"; swap them');
        const after = decodeCursor(cursor, isByDue || state === 'resolved' ? timePlace : urgencyPlace);
        const rows = await incidents.list({
          ...filter,
          state,
          order,
          priorities: listed === undefined ? undefined : priority.array().parse(listed.split(',')),
          waiting: waiting === undefined ? undefined : waiting === 'true',
          within: from === undefined && to === undefined ? undefined : { from: from ?? 0, to: to ?? latest },
          after,
          limit: limit + 1,
        });
        return pageOf(rows, limit, {
          view: (row) => row,
          place: (row): ListPlace =>
            isByDue
              ? [Date.parse(row.dueAt), row.id]
              : state === 'resolved'
                ? [Date.parse(row.resolvedAt ?? row.openedAt), row.id]
                : [Number(row.lifeSafety), row.priority, Date.parse(row.dueAt), row.id],
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id',
      role: 'wall',
      summary: 'One incident with its alarms, timeline, services at risk and access tickets',
      input: { params },
      output: incidentView,
      async handler({ params: { id }, user }) {
        const view = found(id, await incidents.get(id));
        // Tickets name people: not for the wall.
        return holds(user.role, 'viewer') ? view : { ...view, tickets: [] };
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/ack',
      role: 'operator',
      summary: 'Acknowledge an incident and its alarms',
      input: { params, body: nothing },
      output: incidentView,
      handler: async ({ params: { id }, user }) => found(id, await incidents.acknowledge(id, user.name)),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/ack',
      role: 'operator',
      summary: 'Acknowledge several incidents and their alarms at once; names those that do not exist',
      input: { body: manyInput },
      output: manyAcknowledged,
      handler: ({ body: { incidents: ids }, user }) => incidents.acknowledgeMany(ids, user.name),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/note',
      role: 'operator',
      summary: 'Add a note to the timeline; with a key, what is sent twice is one note',
      input: { params, body: noteInput },
      output: incidentView,
      handler: async ({ params: { id }, body, user }) =>
        found(id, await refused(incidents.note(id, { actor: user.name, ...body }))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/move',
      role: 'operator',
      summary: 'Move a standing alarm to another open incident, with a reason; answers with the one it left',
      input: { params, body: moveInput },
      output: incidentView,
      async handler({ params: { id }, body: { alarm, to, reason }, user }) {
        found(id, await incidents.get(id));
        found(to, await incidents.get(to));
        await refused(incidents.move({ alarm, from: id, to, actor: user.name, reason }));
        return found(id, await incidents.get(id));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/merge',
      role: 'operator',
      summary:
        'Merge an incident into another one of the same site, with a reason; answers with the one that goes on',
      input: { params, body: mergeInput },
      output: incidentView,
      async handler({ params: { id }, body: { to, reason }, user }) {
        found(id, await incidents.get(id));
        found(to, await incidents.get(to));
        await refused(incidents.merge({ from: id, to, actor: user.name, reason }));
        return found(to, await incidents.get(to));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/split',
      role: 'operator',
      summary: 'Make an incident of its own of some active alarms, with a reason; answers with the new one',
      input: { params, body: splitInput },
      output: incidentView,
      async handler({ params: { id }, body: { alarms, reason }, user }) {
        found(id, await incidents.get(id));
        const made = await refused(incidents.split({ from: id, alarms, actor: user.name, reason }));
        return found(made, await incidents.get(made));
      },
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reset',
      role: 'operator',
      summary: 'Reset latched alarms after inspection; 409 while their condition stands',
      input: { params, body: nothing },
      output: incidentView,
      handler: async ({ params: { id }, user }) => found(id, await refused(incidents.reset(id, user.name))),
    }),
  ];
}
