import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { namesOf } from '../../../config/names.ts';
import { doorLabel } from '../../../domain/wording/door.ts';
import { iso } from '../../../core/time.ts';
import type { AccessJudgement } from '../../access/judgement/service.ts';
import { anywhere, type Inside } from '../../access/presence/presence.ts';
import { personOf, type PresenceContext } from '../../access/presence/view.ts';
import { incidentAccessView, type IncidentAccessView } from '../../contracts/incident-access.ts';
import type { IncidentService } from '../../incidents/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { notFound } from '../../http/problem.ts';

const hourMs = 3_600_000;

/** The persons, tickets and doors around the beginning of an incident. */
export function incidentAccessEndpoint({
  model,
  incidents,
  judgement,
}: {
  readonly model: Model;
  readonly incidents: Pick<IncidentService, 'get'>;
  readonly judgement: Pick<AccessJudgement, 'past'>;
}): Endpoint {
  return endpoint({
    method: 'get',
    path: '/incidents/:id/access',
    role: 'viewer',
    summary: 'Who was inside when an incident began, by which tickets, and what the doors reported around it',
    input: { params: z.strictObject({ id: z.string().min(1).max(100) }) },
    output: incidentAccessView,
    heavy: true,
    async handler({ params: { id } }): Promise<IncidentAccessView> {
      const incident = await incidents.get(id);
      if (incident === undefined) throw notFound(`there is no incident "${id}"`);
      const firstOut = incident.alarms.find((alarm) => alarm.firstOut)?.since ?? incident.openedAt;
      const moment = Date.parse(firstOut);
      const end = incident.returnedAt === null ? Infinity : Date.parse(incident.returnedAt);
      const past = await judgement.past(incident.site, moment);
      const context = { model, ticket: past.ticket, now: moment };
      const inRoom = (room: string): boolean => incident.room === null || incident.room === room;
      const shown = (all: readonly Inside[]) =>
        all
          .map((each) => ({
            ...personOf(each, context),
            room: each.room === anywhere ? null : each.room,
            isInRoom: inRoom(each.room),
          }))
          .toSorted((a, b) => Number(b.isInRoom) - Number(a.isInRoom) || a.name.localeCompare(b.name, 'id'));
      return {
        firstOutAt: iso(moment),
        tickets: past.tickets
          .filter(({ from_at: from, to_at: to }) => from <= Math.max(moment, end) && to > moment - hourMs)
          .filter(({ rooms }) => rooms.length === 0 || rooms.some(inRoom))
          .map(({ id: ticket, unit, pic, escort, activity, rooms, from_at: from, to_at: to, state }) => ({
            id: ticket, unit, pic, escort, activity, state,
            rooms: [...rooms],
            from: iso(from),
            to: iso(to),
          })),
        inside: shown(past.present),
        before: shown(past.before),
        doorEvents: past.events.map(({ event, holder }) => ({
          id: event.id,
          at: iso(event.at),
          door: event.part === undefined ? event.source : `${event.source}/${event.part}`,
          doorName: doorLabel(namesOf(model).node(event.source), event.part ?? null),
          kind: event.kind,
          direction: event.direction ?? null,
          name: holder === undefined ? null : nameOfHolder(holder, context),
        })),
      };
    },
  }); // prettier-ignore
}

function nameOfHolder(holder: string, context: PresenceContext): string {
  const nowhere = {
    site: '',
    room: anywhere,
    since: 0,
    arrivedAt: 0,
    seenAt: 0,
    until: 0,
    others: 0,
  } as const;
  return personOf({ ...nowhere, holder, evidence: 'assumed', sign: 'check-in' }, context).name;
}
