import { z } from 'zod';
import { siteIds } from '../../../config/lookup.ts';
import type { Model } from '../../../config/model.ts';
import type { Clock } from '../../../core/clock.ts';
import { unknownName } from '../../../core/names.ts';
import { iso, isoOrNull } from '../../../core/time.ts';
import type { AccessService } from '../../access/service.ts';
import type { PlantStateRow, PlantStates } from '../../alarms/plant-states.ts';
import { plantStateInput, plantStateView, type PlantStateView } from '../../contracts/plant-states.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, notFound } from '../../http/problem.ts';

interface PlantStateServices {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly plantStates: PlantStates;
  readonly access: Pick<AccessService, 'get'>;
}

/** Work that outlasts a day is declared again: somebody looks whether it is still going on. */
const longestMs = 24 * 3_600_000;

/** Load tests and permits: while one is declared, the alarms that it causes are suppressed by design. */
export function plantStateEndpoints({ model, clock, plantStates, access }: PlantStateServices): Endpoint[] {
  function checkPlace(site: string, room: string | undefined): void {
    const sites = siteIds(model);
    if (!sites.includes(site)) throw badInput('body.site', unknownName('site', site, sites));
    const rooms = model.rooms.filter((each) => each.site === site).map(({ id }) => id);
    if (room !== undefined && !rooms.includes(room))
      throw badInput('body.room', unknownName(`room of ${site}`, room, rooms));
  }

  return [
    endpoint({
      method: 'get',
      path: '/plant-states',
      role: 'wall',
      summary: 'Load tests and permits that are declared, present and coming',
      input: {},
      output: z.object({ items: z.array(plantStateView) }),
      handler: () => ({ items: plantStates.current().map(view) }),
    }),
    endpoint({
      method: 'post',
      path: '/plant-states',
      role: 'operator',
      summary: 'Declare a load test of a site or a permit in a room, for 24 hours at most',
      input: { body: plantStateInput },
      output: plantStateView,
      async handler({ body, user }) {
        const { state, site, room, ticket, reason } = body;
        checkPlace(site, room);
        const now = clock.now();
        const [from, to] = [body.from === undefined ? now : Date.parse(body.from), Date.parse(body.to)];
        if (to <= now) throw badInput('body.to', 'a time in the future');
        if (to - from > longestMs) throw badInput('body.to', '24 hours after its beginning at most');
        if (ticket !== undefined) {
          const found = await access.get(ticket, 'viewer');
          if (found === undefined) throw badInput('body.ticket', `there is no ticket ${ticket}`);
          if (found.site !== site) throw badInput('body.ticket', `ticket ${ticket} is of ${found.site}`);
          if (to > Date.parse(found.to)) throw badInput('body.to', `the ticket ends at ${found.to}`);
        }
        return view(
          await plantStates.declare(
            { state, site, room: room ?? null, ticket: ticket ?? null, reason, from_at: from, to_at: to },
            user.name,
          ),
        );
      },
    }),
    endpoint({
      method: 'post',
      path: '/plant-states/:id/end',
      role: 'operator',
      summary: 'End a load test or permit; alarms that still stand are annunciated',
      input: { params: z.strictObject({ id: z.string().min(1).max(100) }), body: z.strictObject({}) },
      output: plantStateView,
      async handler({ params: { id }, user }) {
        const ended = await plantStates.end(id, user.name);
        if (ended === undefined) throw notFound(`no load test or permit ${id} that goes on`);
        return view(ended);
      },
    }),
  ];
}

function view(row: PlantStateRow): PlantStateView {
  return {
    id: row.id,
    state: row.state,
    site: row.site,
    room: row.room,
    ticket: row.ticket,
    reason: row.reason,
    from: iso(row.from_at),
    to: iso(row.to_at),
    createdBy: row.created_by,
    endedAt: isoOrNull(row.ended_at),
  };
}
