import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import { loadTestView } from '../../server/contracts/load-test-document.ts';
import { loadTestDueView, loadTestSummary, loadTestTrendItem } from '../../server/contracts/load-tests.ts';
import { loadTestPlanView } from '../../server/contracts/load-test-plans.ts';
import { useSites } from '../api/queries.ts';
import type { Api } from '../api/client.ts';

/** A run is on record soon after the gensets have stopped. */
const refetchMs = 60_000;

export const dueQuery = (api: Api) =>
  queryOptions({
    queryKey: ['load-tests', 'calendar'],
    queryFn: () => api.get('load-test-calendar', page(loadTestDueView)),
    refetchInterval: refetchMs,
  });

export const runsQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: ['load-tests', 'list'],
    queryFn: ({ pageParam }) =>
      api.get(
        `load-tests${pageParam === '' ? '' : `?cursor=${encodeURIComponent(pageParam)}`}`,
        page(loadTestSummary),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: refetchMs,
  });

export const runQuery = (api: Api, id: string, revision: string | null) =>
  queryOptions({
    queryKey: ['load-tests', 'one', id, revision],
    queryFn: () =>
      api.get(
        `load-tests/${encodeURIComponent(id)}${revision === null ? '' : `?revision=${encodeURIComponent(revision)}`}`,
        loadTestView,
      ),
  });

export const plansQuery = (api: Api) =>
  queryOptions({
    queryKey: ['load-tests', 'plans'],
    queryFn: () => api.get('load-test-plans', page(loadTestPlanView)),
    refetchInterval: refetchMs,
  });

export const trendsQuery = (api: Api, site: string) =>
  queryOptions({
    queryKey: ['load-tests', 'trends', site],
    queryFn: () => api.get(`load-test-trends?site=${encodeURIComponent(site)}`, page(loadTestTrendItem)),
  });

export function useSiteName(): (id: string) => string {
  const sites = useSites().data ?? [];
  return (id) => sites.find((site) => site.id === id)?.name ?? id;
}
