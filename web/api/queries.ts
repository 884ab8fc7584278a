import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { z } from 'zod';
import { collectorView } from '../../server/contracts/collectors.ts';
import { page } from '../../server/contracts/common.ts';
import { sitePath, sitesPath } from '../../server/contracts/first-requests.ts';
import { incidentSummary, incidentView, type IncidentSummary } from '../../server/contracts/incidents.ts';
import { siteSummary, siteView, type SiteView } from '../../server/contracts/sites.ts';
import {
  deviceDiagnosticsView,
  drillView,
  healthView,
  type HealthView,
} from '../../server/contracts/system.ts';
import { ticketDetails } from '../../server/contracts/tickets.ts';
import type { Api } from './client.ts';

const ApiContext = createContext<Api | null>(null);
export const ApiProvider = ApiContext.Provider;

export function useApi(): Api {
  const api = use(ApiContext);
  if (api === null) throw new Error('useApi outside of ApiProvider');
  return api;
}

/** More pages than any real list has; bounds the browser's memory if a server never ends its list. */
const mostPages = 40;

/** A whole list, page by page. */
export async function all<Item extends z.ZodType>(
  api: Api,
  path: string,
  item: Item,
): Promise<z.output<Item>[]> {
  const schema = page(item);
  const items: z.output<Item>[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < mostPages; turn += 1) {
    const query: string =
      cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
    const answer: { items: z.output<Item>[]; next: string | null } = await api.get(path + query, schema);
    items.push(...answer.items);
    cursor = answer.next;
    if (cursor === null) break;
  }
  return items;
}

/** Sites with their racks and devices: what the pages are laid out from. Changes only with the configuration. */
const sitesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['sites'],
    queryFn: async (): Promise<SiteView[]> => {
      const sites = await all(api, sitesPath, siteSummary);
      return Promise.all(sites.map((site) => api.get(sitePath(site.id), siteView)));
    },
    staleTime: Infinity,
  });

export const openIncidentsKey = ['incidents', 'open'] as const;

/** Open incidents; the socket keeps the list current; the slow poll covers a missed push. */
const openIncidentsQuery = (api: Api) =>
  queryOptions({
    queryKey: openIncidentsKey,
    queryFn: (): Promise<IncidentSummary[]> => all(api, 'incidents?state=open&limit=5000', incidentSummary),
    refetchInterval: 30_000,
  });

/** `query`: what they are narrowed to, of `GET /incidents`. The latest 500. */
export const resolvedIncidentsQuery = (api: Api, query: string) =>
  queryOptions({
    queryKey: ['incidents', 'resolved', query],
    queryFn: async (): Promise<IncidentSummary[]> =>
      (await api.get(`incidents?${query}`, page(incidentSummary))).items,
  });

export const incidentQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['incident', id],
    queryFn: () => api.get(`incidents/${encodeURIComponent(id)}`, incidentView),
    refetchInterval: 15_000,
  });

export const ticketQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['ticket', id],
    queryFn: () => api.get(`tickets/${encodeURIComponent(id)}`, ticketDetails),
  });

const healthQuery = (api: Api) =>
  queryOptions({
    queryKey: ['health'],
    queryFn: () => api.get('health', healthView),
    refetchInterval: 15_000,
  });

export const deviceDiagnosticsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['devices-health'],
    queryFn: () => all(api, 'devices/health', deviceDiagnosticsView),
    refetchInterval: 10_000,
  });

export const collectorsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['collectors'],
    queryFn: () => all(api, 'collectors', collectorView),
    refetchInterval: 10_000,
  });

export const drillsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['drills'],
    queryFn: async () => (await api.get('drills', z.object({ items: z.array(drillView) }))).items,
    refetchInterval: 5_000,
  });

export function useSites(): UseQueryResult<SiteView[]> {
  return useQuery(sitesQuery(useApi()));
}
export function useOpenIncidents(): readonly IncidentSummary[] | undefined {
  return useQuery(openIncidentsQuery(useApi())).data;
}
export function useHealth(): HealthView | undefined {
  return useQuery(healthQuery(useApi())).data;
}
