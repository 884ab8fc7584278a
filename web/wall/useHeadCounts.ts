import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { presenceView } from '../../server/contracts/presence.ts';
import { useApi, useSites } from '../api/queries.ts';
import { headCount, roomsOf } from '../presence/muster.ts';

/** How many persons may be inside each site; undefined until it is known, so that nobody is taken for absent. */
export function useHeadCounts(): ReadonlyMap<string, number> | undefined {
  const api = useApi();
  const sites = useSites().data;
  const { data, isError } = useQuery({
    queryKey: ['presence', 'counts'],
    queryFn: () => api.get('presence/muster', presenceView),
    refetchInterval: 30_000,
  });
  return useMemo(() => {
    if (data === undefined || isError || sites === undefined) return undefined;
    const count = (site: string): number => headCount(roomsOf(data, site).flatMap(({ persons }) => persons));
    return new Map(sites.map(({ id }) => [id, count(id)]));
  }, [data, isError, sites]);
}
