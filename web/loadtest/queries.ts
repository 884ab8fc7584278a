import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import { loadTestDueView, loadTestSummary, loadTestView } from '../../server/contracts/load-tests.ts';
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

/** What is on record does not change. */
export const runQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['load-tests', 'one', id],
    queryFn: () => api.get(`load-tests/${encodeURIComponent(id)}`, loadTestView),
    staleTime: Infinity,
  });
