import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { priority } from '../../../config/schema/common.ts';
import { holds } from '../../auth/identity.ts';
import { page } from '../../contracts/common.ts';
import { incidentSummary, incidentView, standingAlarmView } from '../../contracts/incidents.ts';
import type { ListPlace } from '../../incidents/repository.ts';
import { NothingToReset, type HeldAlarm, type IncidentService } from '../../incidents/desk.ts';
import { standingAlarm } from '../../incidents/view.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter } from '../known.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { conflict, notFound, ProblemError } from '../../http/problem.ts';

const params = z.strictObject({ id: z.string().min(1).max(100) });
const listQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(['open', 'resolved']).optional(),
  site: z.string().min(1).max(100).optional(),
});
const alarmQuery = z.strictObject({ ...pageQuery, site: z.string().min(1).max(100).optional() });
const listPlace = z.tuple([priority, z.int(), z.string()]);
const noteInput = z.strictObject({ text: z.string().trim().min(1).max(2_000) });
const nothing = z.strictObject({});

/** Incidents (*Gangguan*) and the alarms that stand. */
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
      summary: 'Incidents, by priority and then by when they are due',
      input: { query: listQuery },
      output: page(incidentSummary),
      csv: true,
      async handler({ query: { state, site, cursor, limit } }) {
        checkSiteFilter(site, model);
        const after = decodeCursor(cursor, listPlace);
        const rows = await incidents.list({ state, site, after, limit: limit + 1 });
        return pageOf(rows, limit, {
          view: (row) => row,
          place: (row): ListPlace => [row.priority, Date.parse(row.dueAt), row.id],
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
      handler: async ({ params: { id }, user }) =>
        found(id, await durable(incidents.acknowledge(id, user.name))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/note',
      role: 'operator',
      summary: 'Add a note to the timeline',
      input: { params, body: noteInput },
      output: incidentView,
      handler: async ({ params: { id }, body, user }) =>
        found(id, await durable(incidents.note(id, user.name, body.text))),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reset',
      role: 'operator',
      summary: 'Reset latched alarms after inspection; 409 while their condition stands',
      input: { params, body: nothing },
      output: incidentView,
      handler: async ({ params: { id }, user }) => found(id, await durable(incidents.reset(id, user.name))),
    }),
    endpoint({
      method: 'get',
      path: '/alarms',
      role: 'wall',
      summary: 'Alarms that stand, by the priority of their incident',
      input: { query: alarmQuery },
      output: page(standingAlarmView),
      csv: true,
      handler({ query: { site, cursor, limit } }) {
        checkSiteFilter(site, model);
        const [priority, id] = decodeCursor(cursor, alarmPlace) ?? ['', ''];
        const rows = incidents
          .alarms()
          .filter((alarm) => site === undefined || alarm.incident.site === site)
          .filter((alarm) => isAfter(alarm, priority, id));
        return pageOf(rows.slice(0, limit + 1), limit, { view: standingAlarm, place: placeOf });
      },
    }),
  ];
}

const alarmPlace = z.tuple([z.string(), z.string()]);

function placeOf({ incident, alarm }: HeldAlarm): readonly [string, string] {
  return [incident.priority, alarm.key];
}

/** The list changes while it is paged through, so the cursor is a place in the order and not a count. */
function isAfter(held: HeldAlarm, priority: string, id: string): boolean {
  const [ownPriority, ownId] = placeOf(held);
  return ownPriority > priority || (ownPriority === priority && ownId > id);
}

function found<Item>(id: string, item: Item | undefined): Item {
  if (item === undefined) throw notFound(`no incident ${id}`);
  return item;
}

/** What was said stands in memory already and is written as soon as the store answers again. */
async function durable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof NothingToReset) throw conflict(cause.message);
    throw new ProblemError(503, {
      detail: 'noted, but the store does not answer yet; see GET health',
      cause,
    });
  }
}
