import { queryOptions } from '@tanstack/react-query';
import { capacityView, predictionsView, trendsView, whatIfView } from '../../server/contracts/capacity.ts';
import type { Api } from '../api/client.ts';

/** The server computes anew every 15 s. */
const freshMs = 15_000;

export const capacityQuery = (api: Api, site: string) =>
  queryOptions({
    queryKey: ['capacity', site],
    queryFn: () => api.get(`capacity?site=${encodeURIComponent(site)}`, capacityView),
    refetchInterval: freshMs,
  });

export const whatIfQuery = (api: Api, keys: readonly string[]) =>
  queryOptions({
    queryKey: ['capacity-what-if', ...keys],
    queryFn: () => api.get(`capacity/what-if?fail=${keys.map(encodeURIComponent).join(',')}`, whatIfView),
    enabled: keys.length > 0,
    refetchInterval: freshMs,
  });

export const trendsQuery = (api: Api, site: string) =>
  queryOptions({
    queryKey: ['capacity-trends', site],
    queryFn: () => api.get(`capacity/trends?site=${encodeURIComponent(site)}`, trendsView),
    staleTime: 600_000,
  });

export const predictionsQuery = (api: Api, site: string) =>
  queryOptions({
    queryKey: ['capacity-predictions', site],
    queryFn: () => api.get(`capacity/predictions?site=${encodeURIComponent(site)}`, predictionsView),
    refetchInterval: freshMs,
  });
