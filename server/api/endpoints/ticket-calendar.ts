import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { iso } from '../../../core/time.ts';
import { dayMs, wibStart } from '../../../core/wib.ts';
import { dayOffOf } from '../../access/life.ts';
import type { TicketSeries } from '../../access/series.ts';
import type { AccessService } from '../../access/service.ts';
import { testsTouching } from '../../access/nearby-tests.ts';
import type { LoadTests } from '../../loadtest/service.ts';
import { ticketCalendar } from '../../contracts/ticket-calendar.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter } from '../known.ts';

/** More in one month is not read on a calendar. */
const mostVisits = 2_000;

export function ticketCalendarEndpoint({
  access,
  ticketSeries,
  model,
  loadTests,
}: {
  readonly access: AccessService;
  readonly ticketSeries: TicketSeries;
  readonly model: Model;
  readonly loadTests?: LoadTests | undefined;
}): Endpoint {
  return endpoint({
    method: 'get',
    path: '/tickets/calendar',
    role: 'viewer',
    summary: 'A month of a site (WIB): tickets, visits of series to come, days that are not worked',
    input: {
      query: z.strictObject({
        site: z.string(),
        month: z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'a month such as "2026-12"'),
      }),
    },
    output: ticketCalendar,
    heavy: true,
    async handler({ query: { site, month } }) {
      checkSiteFilter(site, model);
      const from = wibStart(`${month}-01`, '00:00');
      const [year = 0, number = 0] = month.split('-').map(Number);
      const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
      const to = from + length * dayMs;
      const tickets = await access.list({ site, from, to, limit: mostVisits + 1 });
      const planned = await ticketSeries.planned({ site, from, to });
      const visits = [
        ...tickets
          .filter(({ state }) => state !== 'rejected' && state !== 'cancelled')
          .map((ticket) => ({
            ticket: ticket.id,
            series: ticket.series,
            at: ticket.from_at,
            to: ticket.to_at,
            unit: ticket.unit,
            activity: ticket.activity,
            state: ticket.state,
          })),
        ...planned.map(({ from: at, ...visit }) => ({ ...visit, at, ticket: null, state: null })),
      ].toSorted((a, b) => a.at - b.at);
      return {
        site,
        month,
        days: Array.from({ length }, (_, day) => ({
          date: `${month}-${String(day + 1).padStart(2, '0')}`,
          dayOff: dayOffOf(from + day * dayMs, model.calendars),
        })),
        visits: visits
          .slice(0, mostVisits)
          .map(({ at, to: end, ...visit }) => ({ ...visit, from: iso(at), to: iso(end) })),
        loadTests: await testsTouching(loadTests, { site, from, to }),
        isCut: tickets.length > mostVisits || visits.length > mostVisits,
      };
    },
  });
}
