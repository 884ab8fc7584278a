import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { iso } from '../../core/time.ts';
import type { TicketApproval } from '../contracts/ticket-approval.ts';
import type { AccessOptions } from './service.ts';
import type { Permits } from './permits.ts';
import type { TicketRecord, TicketRepository } from './repository.ts';
import { approvalRefusal } from './rules.ts';
import { incidentOf, requestOf, takesOutOf } from './view.ts';

/** What is to be known before a ticket is approved, load tests aside. */
export interface Approvals {
  /** Undefined: there is no such ticket. */
  of(ticket: string): Promise<
    | (Omit<TicketApproval, 'loadTests'> & {
        readonly site: string;
        readonly from: number;
        readonly to: number;
      })
    | undefined
  >;
}

const nobodyWorks = new Set(['rejected', 'cancelled', 'closed', 'fulfilled']);
const mostShown = 20;

export function createApprovals(options: {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly tickets: Pick<TicketRepository, 'find' | 'around'>;
  readonly permits: Pick<Permits, 'refusalOf'>;
  readonly incidentsTouching: AccessOptions['incidentsTouching'];
}): Approvals {
  const { model, clock, tickets, permits, incidentsTouching } = options;
  return {
    async of(id) {
      const ticket = await tickets.find(id);
      if (ticket === undefined) return undefined;
      const { site, rooms, from_at: from, to_at: to } = ticket;
      const now = clock.now();
      const [open = []] = await incidentsTouching([{ site, rooms, from: now, to: now + 1 }]);
      const unsafe = await permits.refusalOf(ticket);
      return {
        site,
        from,
        to,
        ticket: id,
        refusal:
          approvalRefusal(model, requestOf(ticket)) ??
          (unsafe === undefined ? null : { code: 'supply-at-risk', message: unsafe }),
        incidents: open.filter(({ resolved_at: resolved }) => resolved === null).map(incidentOf),
        permits: (await tickets.around({ from, to }))
          .filter((other) => isBeside(ticket, other))
          .slice(0, mostShown)
          .map((other) => ({
            id: other.id,
            activity: other.activity,
            from: iso(other.from_at),
            to: iso(other.to_at),
            state: other.state,
            rooms: [...other.rooms],
            takesOut: takesOutOf(other),
            suppresses: other.suppresses,
          })),
      };
    },
  };
}

/** Another one in the same place while this one lasts; one that names no room is everywhere at its site. Pure. */
function isBeside(ticket: TicketRecord, other: TicketRecord): boolean {
  if (other.id === ticket.id || other.site !== ticket.site || nobodyWorks.has(other.state)) return false;
  if (other.from_at >= ticket.to_at || other.to_at <= ticket.from_at) return false;
  if (ticket.rooms.length === 0 || other.rooms.length === 0) return true;
  return ticket.rooms.some((room) => other.rooms.includes(room));
}
