import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { TicketSeries } from '../../access/series.ts';
import { page } from '../../contracts/common.ts';
import { repetition, seriesEndInput, seriesView } from '../../contracts/ticket-series.ts';
import { ticketInput } from '../../contracts/tickets.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { notFound, unprocessable } from '../../http/problem.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';

export interface SeriesServices {
  readonly model: Model;
  readonly ticketSeries: TicketSeries;
}

/** Visits that come again. */
export function ticketSeriesEndpoints({ model, ticketSeries }: SeriesServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/ticket-series',
      role: 'viewer',
      summary: 'Series of visits, newest first; running=true: those that were not ended',
      input: {
        query: z.strictObject({
          ...pageQuery,
          site: sitesQuery,
          running: z.enum(['true', 'false']).default('false'),
        }),
      },
      output: page(seriesView),
      csv: true,
      async handler({ query: { site, running, cursor, limit } }) {
        checkSiteFilter(site, model);
        const [before] = decodeCursor(cursor, z.tuple([z.string()])) ?? [];
        const rows = await ticketSeries.list({ site, running: running === 'true', before, limit: limit + 1 });
        return pageOf(rows, limit, { view: (row) => row, place: ({ id }) => [id] });
      },
    }),
    endpoint({
      method: 'post',
      path: '/ticket-series',
      role: 'operator',
      summary: 'Ask for visits that come again; each gets its own ticket two weeks before it begins',
      input: { body: z.strictObject({ first: ticketInput, repetition }) },
      output: seriesView,
      status: 201,
      async handler({ body: { first, repetition: times }, user }) {
        const made = await ticketSeries.create(first, times, user.name);
        if ('findings' in made)
          throw unprocessable(
            made.findings.map((each) => ({ ...each, path: each.path.replace('body.', 'body.first.') })),
          );
        return made;
      },
    }),
    endpoint({
      method: 'post',
      path: '/ticket-series/:id/end',
      role: 'operator',
      summary:
        'End a series, with the reason; its tickets that have not begun are cancelled unless told otherwise',
      input: { params: z.object({ id: z.string() }), body: seriesEndInput },
      output: seriesView,
      async handler({ params: { id }, body, user }) {
        const ended = await ticketSeries.end(id, { ...body, name: user.name, role: user.role });
        if (ended === undefined) throw notFound(`there is no series "${id}"`);
        return ended;
      },
    }),
  ];
}
