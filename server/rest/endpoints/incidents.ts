import { z } from 'zod';
import { priority } from '../../../config/schema/common.ts';
import { page } from '../../contracts/common.ts';
import { incidentSummary, incidentView, standingAlarmView } from '../../contracts/incidents.ts';
import type { ListPlace } from '../../incidents/repository.ts';
import { NothingToReset, type HeldAlarm, type IncidentService } from '../../incidents/service.ts';
import { standingAlarm } from '../../incidents/view.ts';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../page.ts';
import { conflict, notFound } from '../problem.ts';

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
export function incidentEndpoints(incidents: IncidentService): Endpoint[] {
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
      handler: async ({ params: { id } }) => found(id, await incidents.get(id)),
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
      path: '/incidents/:id/note',
      role: 'operator',
      summary: 'Add a note to the timeline',
      input: { params, body: noteInput },
      output: incidentView,
      handler: async ({ params: { id }, body, user }) =>
        found(id, await incidents.note(id, user.name, body.text)),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/reset',
      role: 'operator',
      summary: 'Reset latched alarms after inspection; 409 while their condition stands',
      input: { params, body: nothing },
      output: incidentView,
      async handler({ params: { id }, user }) {
        try {
          return found(id, await incidents.reset(id, user.name));
        } catch (error) {
          if (error instanceof NothingToReset) throw conflict(error.message);
          throw error;
        }
      },
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
