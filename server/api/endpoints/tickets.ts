import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { AccessService } from '../../access/service.ts';
import { page } from '../../contracts/common.ts';
import { ticketInput, ticketView } from '../../contracts/tickets.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter } from '../known.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { notFound, unprocessable } from '../../http/problem.ts';

interface TicketServices {
  readonly access: AccessService;
  readonly model: Model;
}

const place = z.tuple([z.int(), z.string()]);

/** Access tickets hold names and identities of people: not for the wall. */
export function ticketEndpoints({ access, model }: TicketServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/tickets',
      role: 'viewer',
      summary: 'Access tickets, latest window first',
      input: {
        query: z.strictObject({
          ...pageQuery,
          site: z.string().optional(),
          window: z.enum(['upcoming', 'open', 'past']).optional(),
        }),
      },
      output: page(ticketView),
      csv: true,
      heavy: true,
      async handler({ query: { site, window, cursor, limit } }) {
        checkSiteFilter(site, model);
        const rows = await access.list({
          site,
          window,
          after: decodeCursor(cursor, place),
          limit: limit + 1,
        });
        const { items, next } = pageOf(rows, limit, {
          view: (row) => row,
          place: (row) => [row.from_at, row.id],
        });
        return { items: await access.views(items), next };
      },
    }),
    endpoint({
      method: 'get',
      path: '/tickets/:id',
      role: 'viewer',
      summary: 'An access ticket with the incidents it touches',
      input: { params: z.object({ id: z.string() }) },
      output: ticketView,
      async handler({ params }) {
        const ticket = await access.get(params.id);
        if (ticket === undefined) throw notFound(`there is no ticket "${params.id}"`);
        return ticket;
      },
    }),
    endpoint({
      method: 'post',
      path: '/tickets',
      role: 'operator',
      summary: 'Ask for access (ITSM.3)',
      input: { body: ticketInput },
      output: ticketView,
      status: 201,
      async handler({ body, user }) {
        const made = await access.create(body, user.name);
        if ('findings' in made) throw unprocessable(made.findings);
        return made;
      },
    }),
  ];
}
