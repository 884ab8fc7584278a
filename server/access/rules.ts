import { siteIds } from '../../config/lookup.ts';
import { unknownName } from '../../core/names.ts';
import type { Model } from '../../config/model.ts';
import type { TicketInput } from '../contracts/tickets.ts';

interface Finding {
  readonly path: string;
  readonly message: string;
}

/**
 * What ITSM.3 asks of a request beyond its form: known places, rooms where the site wants them named, third parties
 * accompanied. All findings at once; none: the number of the sub-service.
 */
export function judgeRequest(
  model: Model,
  ticket: TicketInput,
): { readonly service: string } | { readonly findings: Finding[] } {
  const { access } = model.standard;
  if (!model.sites.some((site) => site.id === ticket.site)) {
    return { findings: [{ path: 'body.site', message: unknownName('site', ticket.site, siteIds(model)) }] };
  }
  const service = access.services[ticket.site];
  if (service === undefined) {
    return {
      findings: [
        {
          path: 'body.site',
          message: `the standard names no access service for "${ticket.site}" (${access.clause})`,
        },
      ],
    };
  }
  const rooms = model.rooms.filter((room) => room.site === ticket.site).map((room) => room.id);
  const findings = ticket.rooms.flatMap((room, index): Finding[] =>
    rooms.includes(room)
      ? []
      : [{ path: `body.rooms[${index}]`, message: unknownName(`room of ${ticket.site}`, room, rooms) }],
  );
  if (service.roomsRequired === true && ticket.rooms.length === 0) {
    findings.push({
      path: 'body.rooms',
      message: `name the rooms of the activity (service ${service.number})`,
    });
  }
  if (
    service.escortRequired &&
    !ticket.accompanied &&
    ticket.persons.some((person) => person.party === 'third-party')
  ) {
    findings.push({
      path: 'body.accompanied',
      message: `third parties must be accompanied by the PIC (service ${service.number})`,
    });
  }
  return findings.length > 0 ? { findings } : { service: service.number };
}
