import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { page } from '../../server/contracts/common.ts';
import { deliveryView } from '../../server/contracts/notify.ts';
import { feedView, onCallPage, proofView } from '../../server/contracts/on-call.ts';
import type { Api } from '../api/client.ts';

/** `at`: ISO 8601; null: now. */
export const onCallQuery = (api: Api, at: string | null) =>
  queryOptions({
    queryKey: ['on-call', at],
    queryFn: () => api.get(at === null ? 'on-call' : `on-call?at=${encodeURIComponent(at)}`, onCallPage),
    refetchInterval: 30_000,
  });

export const deliveriesQuery = (api: Api, incident: string | null) =>
  queryOptions({
    queryKey: ['deliveries', incident],
    queryFn: async () =>
      (
        await api.get(
          incident === null ? 'deliveries?limit=50' : `deliveries?incident=${encodeURIComponent(incident)}`,
          page(deliveryView),
        )
      ).items,
    refetchInterval: 15_000,
  });

export const proofQuery = (api: Api) =>
  queryOptions({
    queryKey: ['on-call', 'proof'],
    queryFn: () => api.get('on-call/proof', proofView),
    refetchInterval: 30_000,
    retry: false,
  });

export const calendarsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['calendars'],
    queryFn: async () => (await api.get('on-call/calendars', z.object({ items: z.array(feedView) }))).items,
  });
