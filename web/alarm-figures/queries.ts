import { queryOptions } from '@tanstack/react-query';
import { alarmFiguresView, alarmReportsView, alarmWorkView } from '../../server/contracts/alarm-figures.ts';
import type { Api } from '../api/client.ts';

/** Of the figures: a site (empty: all) and a time, epoch ms. */
export interface FiguresQuery {
  readonly site: string;
  readonly from: number;
  readonly to: number;
}

export const figuresKey = ['alarm-figures'] as const;

/** The query of the API, also for its CSV. */
export function figuresSearch({ site, from, to }: FiguresQuery): string {
  const search = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  if (site !== '') search.set('site', site);
  return search.toString();
}

export const figuresQuery = (api: Api, query: FiguresQuery) =>
  queryOptions({
    queryKey: [...figuresKey, figuresSearch(query)],
    queryFn: () => api.get(`alarm-figures?${figuresSearch(query)}`, alarmFiguresView),
    staleTime: 60_000,
  });

export const workQuery = (api: Api, alarm: string) =>
  queryOptions({
    queryKey: ['alarm-work', alarm],
    queryFn: () => api.get(`alarm-figures/work/${encodeURIComponent(alarm)}`, alarmWorkView),
  });

export const reportsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['alarm-reports'],
    queryFn: () => api.get('alarm-reports', alarmReportsView),
  });
