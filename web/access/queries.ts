import { queryOptions } from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import { accessEventView } from '../../server/contracts/access-events.ts';
import { ticketCalendar } from '../../server/contracts/ticket-calendar.ts';
import { seriesView } from '../../server/contracts/ticket-series.ts';
import { ticketApproval } from '../../server/contracts/ticket-approval.ts';
import { ticketView } from '../../server/contracts/tickets.ts';
import type { Api } from '../api/client.ts';

/** Tickets that the query finds, the first page of them. */
export const ticketListQuery = (api: Api, query: string) =>
  queryOptions({
    queryKey: ['tickets', query],
    queryFn: () => api.get(`tickets?${query}`, page(ticketView)),
    refetchInterval: 30_000,
  });

export const calendarQuery = (api: Api, { site, month }: { readonly site: string; readonly month: string }) =>
  queryOptions({
    queryKey: ['tickets', 'calendar', site, month],
    queryFn: () =>
      api.get(`tickets/calendar?site=${encodeURIComponent(site)}&month=${month}`, ticketCalendar),
    enabled: site !== '',
  });

export const accessEventsQuery = (api: Api, query: string) =>
  queryOptions({
    queryKey: ['access-events', query],
    queryFn: () => api.get(`access-events?${query}`, page(accessEventView)),
    refetchInterval: 15_000,
  });

export const approvalQuery = (api: Api, ticket: string) =>
  queryOptions({
    queryKey: ['ticket', ticket, 'approval'],
    queryFn: () => api.get(`tickets/${encodeURIComponent(ticket)}/approval`, ticketApproval),
    refetchInterval: 60_000,
  });

export const seriesKey = ['ticket-series'] as const;
/** Series of visits, newest first; without those that were ended unless they are asked for. */
export const seriesQuery = (api: Api, { site, ended }: { readonly site: string; readonly ended: boolean }) =>
  queryOptions({
    queryKey: [...seriesKey, site, ended],
    queryFn: () =>
      api.get(
        `ticket-series?limit=200&running=${ended ? 'false' : 'true'}${site === '' ? '' : `&site=${encodeURIComponent(site)}`}`,
        page(seriesView),
      ),
  });
