import { queryOptions } from '@tanstack/react-query';
import { accessFindingView } from '../../server/contracts/access-judgement.ts';
import { page } from '../../server/contracts/common.ts';
import { incidentAccessView } from '../../server/contracts/incident-access.ts';
import { presenceView } from '../../server/contracts/presence.ts';
import type { Api } from '../api/client.ts';

export const presenceQuery = (api: Api) =>
  queryOptions({
    queryKey: ['presence', 'inside'],
    queryFn: () => api.get('presence', presenceView),
    refetchInterval: 10_000,
  });

/** Also tried while the browser believes itself offline: it may be wrong, and the list is needed just then. */
export const musterQuery = (api: Api) =>
  queryOptions({
    queryKey: ['presence', 'muster'],
    // Received at: whether it is fresh is judged on the monotonic clock, since the browser's wall clock may jump.
    queryFn: async () => ({
      view: await api.get('presence/muster', presenceView),
      receivedAt: performance.now(),
    }),
    refetchInterval: 5_000,
    networkMode: 'always',
    retry: false,
  });

const dayMs = 86_400_000;

/** What was found wrong in the last day, newest first; the latest 200. */
export const dayFindingsQuery = (api: Api, now: () => number) =>
  queryOptions({
    queryKey: ['presence', 'findings'],
    queryFn: async () => {
      const from = encodeURIComponent(new Date(now() - dayMs).toISOString());
      return (await api.get(`access-findings?from=${from}&limit=200`, page(accessFindingView))).items;
    },
    refetchInterval: 15_000,
  });

export const incidentAccessQuery = (api: Api, incident: string) =>
  queryOptions({
    queryKey: ['incident', incident, 'access'],
    queryFn: () => api.get(`incidents/${encodeURIComponent(incident)}/access`, incidentAccessView),
    // Made by replaying a day of events: renewed while it may still change, but not with every push.
    staleTime: 60_000,
  });
