import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import { handoverSummary, handoverView, onDutyView } from '../../server/contracts/handover.ts';
import type { Api } from '../api/client.ts';

export const onDutyQuery = (api: Api) =>
  queryOptions({
    queryKey: ['shifts', 'now'],
    queryFn: () => api.get('shifts/now', onDutyView),
    refetchInterval: 30_000,
  });

export const handoversQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: ['shifts', 'list'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api.get(`shifts?limit=30${pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`, page(handoverSummary)),
    getNextPageParam: ({ next }) => next,
    refetchInterval: 30_000,
  }); // prettier-ignore

export const handoverQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['shifts', 'one', id],
    queryFn: () => api.get(`shifts/${encodeURIComponent(id)}`, handoverView),
    refetchInterval: 30_000,
  });
