import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { steps } from '../../access/life.ts';
import { TicketRefused, type AccessService } from '../../access/service.ts';
import { instant, page } from '../../contracts/common.ts';
import { iso } from '../../../core/time.ts';
import {
  identitiesView,
  identityLookupView,
  actionInputs,
  ticketAction,
  ticketDetails,
  ticketState,
  type TicketAction,
  lookupInput,
  ticketInput,
  ticketView,
} from '../../contracts/tickets.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';
import { rightsGuard } from '../rights.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { conflict, notFound, unprocessable } from '../../http/problem.ts';

interface TicketServices {
  readonly access: AccessService;
  readonly model: Model;
}

const summaries: Readonly<Record<TicketAction, string>> = {
  approve: 'Approve a request; with the escort officer it is scheduled at once',
  reject: 'Reject a request, with the reason',
  schedule: 'Name the escort officer (petugas teknis pendamping)',
  'check-in': 'The persons have come; from 30 minutes before the window',
  fulfil: 'The activity is over and the persons have left',
  close: 'Close a fulfilled ticket',
  reopen: 'Reopen within 7 days after it was fulfilled, with the reason',
  cancel: 'The activity does not take place, with the reason',
};

const place = z.tuple([z.int(), z.string()]);
const params = z.object({ id: z.string() });

/** What a list or an export of tickets is narrowed to. */
export const ticketFilter = {
  site: sitesQuery,
  window: z.enum(['upcoming', 'open', 'past']).optional(),
  state: ticketState.optional(),
  series: z.string().max(100).optional(),
  /** In unit, PIC, activity, escort, reference or a person's name; never in identities. */
  text: z.string().trim().min(1).max(100).optional(),
  /** Tickets whose window overlaps [from, to). */
  from: instant.optional(),
  to: instant.optional(),
};

/** Access tickets hold names of people: not for the wall. Identities are masked, and given to who may see them one ticket at a time. */
export function ticketEndpoints({ access, model }: TicketServices): Endpoint[] {
  const mustHold = rightsGuard(model);
  return [
    endpoint({
      method: 'get',
      path: '/tickets',
      role: 'viewer',
      summary: 'Access tickets, latest window first, or in the order of their arrival (order=arrival)',
      input: {
        query: z.strictObject({
          ...pageQuery,
          ...ticketFilter,
          order: z.enum(['window', 'arrival']).default('window'),
        }),
      },
      output: page(ticketView),
      csv: true,
      heavy: true,
      async handler({ query: { cursor, limit, from, to, ...filter }, user }) {
        checkSiteFilter(filter.site, model);
        const rows = await access.list({
          ...filter,
          ...periodOf({ from, to }),
          after: decodeCursor(cursor, place),
          limit: limit + 1,
        });
        const { items, next } = pageOf(rows, limit, {
          view: (row) => row,
          place: (row) => [filter.order === 'window' ? row.from_at : row.created_at, row.id],
        });
        return { items: await access.views(items, user.role), next };
      },
    }),
    endpoint({
      method: 'get',
      path: '/tickets/:id',
      role: 'viewer',
      summary: 'An access ticket with its history and the incidents it touches',
      input: { params },
      output: ticketDetails,
      async handler({ params, user }) {
        const ticket = await access.get(params.id, user.role);
        if (ticket === undefined) throw notFound(`there is no ticket "${params.id}"`);
        return ticket;
      },
    }),
    endpoint({
      method: 'post',
      path: '/tickets/:id/identities',
      role: 'viewer',
      summary: 'The identities of the persons of a ticket; each look-up is recorded (right "see-identities")',
      input: { params, body: lookupInput },
      output: identitiesView,
      async handler({ params, body: { reason }, user }) {
        mustHold(user, 'see-identities');
        const persons = await access.identities(params.id, { user: user.name, reason });
        if (persons === undefined) throw notFound(`there is no ticket "${params.id}"`);
        return { ticket: params.id, persons };
      },
    }),
    endpoint({
      method: 'get',
      path: '/identity-lookups',
      role: 'manager',
      summary: 'Who has read identities, when and what for; newest first',
      input: { query: z.strictObject({ ...pageQuery, ticket: z.string().optional() }) },
      output: page(identityLookupView),
      csv: true,
      async handler({ query: { ticket, cursor, limit } }) {
        const [before] = decodeCursor(cursor, z.tuple([z.string()])) ?? [];
        const rows = await access.lookups.list({ ticket, before, limit: limit + 1 });
        return pageOf(rows, limit, {
          view: ({ id, ticket, at, user_name: user, reason }) => ({ id, ticket, at: iso(at), user, reason }),
          place: ({ id }) => [id],
        });
      },
    }),
    endpoint({
      method: 'post',
      path: '/tickets',
      role: 'operator',
      summary: 'Ask for access (ITSM.3)',
      input: { body: ticketInput },
      output: ticketDetails,
      status: 201,
      async handler({ body, user }) {
        const made = await access.create(body, user);
        if ('findings' in made) throw unprocessable(made.findings);
        return made;
      },
    }),
    ...ticketAction.options.map((action) =>
      endpoint({
        method: 'post',
        path: `/tickets/:id/${action}`,
        role: steps[action].role,
        summary: summaries[action],
        input: { params, body: actionInputs[action] },
        output: ticketDetails,
        async handler({ params: { id }, body, user }) {
          try {
            const ticket = await access.act(id, action, { ...body, actor: user.name, role: user.role });
            if (ticket === undefined) throw notFound(`there is no ticket "${id}"`);
            return ticket;
          } catch (cause) {
            if (cause instanceof TicketRefused) throw conflict(cause.message, cause.code);
            throw cause;
          }
        },
      }),
    ),
  ];
}

/** Times of a query in epoch ms. */
export function periodOf({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): {
  from?: number;
  to?: number;
} {
  return {
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  };
}
