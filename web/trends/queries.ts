import {
  keepPreviousData,
  queryOptions,
  useQueries,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import { incidentSummary, type IncidentSummary } from '../../server/contracts/incidents.ts';
import { foundPoint, type FoundPoint } from '../../server/contracts/point-search.ts';
import { historyColumnsView } from '../../server/contracts/points.ts';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';
import type { Range } from '../history/drawing.ts';
import { columnsToSeries, type Series } from '../history/series.ts';
import { useLive } from '../live/hooks.tsx';
import { comparisons, lengths, rangeOf, type TrendView } from './view.ts';

const found = page(foundPoint);

interface FoundPoints {
  readonly points: readonly FoundPoint[];
  readonly isPending: boolean;
}

/** Each by itself, so that one that is not known any more does not hide the others. */
export function useFoundPoints(ids: readonly string[]): FoundPoints {
  const api = useApi();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ['found-point', id],
      queryFn: async () => (await api.get(`point-search?points=${encodeURIComponent(id)}`, found)).items[0],
      staleTime: Infinity,
      retry: false,
    })),
    combine: together,
  });
}

/** One function for all renders, so that its answer stays the same object while nothing changes. */
function together(answers: readonly UseQueryResult<FoundPoint | undefined>[]): FoundPoints {
  return {
    points: answers.flatMap(({ data }) => data ?? []),
    isPending: answers.some(({ isPending }) => isPending),
  };
}

export const searchQuery = (api: Api, text: string) =>
  queryOptions({
    queryKey: ['point-search', text],
    queryFn: () => api.get(`point-search?${new URLSearchParams({ text, limit: '30' }).toString()}`, found),
    enabled: text !== '',
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });

export interface TrendData {
  readonly range: Range;
  /** By point id. */
  readonly series: ReadonlyMap<string, Series>;
  /** The same of the past that is compared with, moved to the range's own time. */
  readonly compared: ReadonlyMap<string, Series>;
}

/** The readings of all points of the view; what ends now is read again and again. */
export function useTrendData(view: TrendView, ids: readonly string[]) {
  const api = useApi();
  const live = useLive();
  const { time, comparison } = view;
  const lengthMs = typeof time === 'string' ? lengths[time] : undefined;
  return useQuery({
    queryKey: ['trend', ids.join(','), typeof time === 'string' ? time : `${time.from}-${time.to}`, comparison],
    queryFn: async (): Promise<TrendData> => {
      const range = rangeOf(time, live.now());
      const back = comparison === undefined ? undefined : comparisons[comparison];
      const [series, before] = await Promise.all([
        read(api, ids, range),
        back === undefined ? [] : read(api, ids, { from: range.from - back, to: range.to - back }),
      ]);
      return {
        range,
        series: new Map(series),
        compared: new Map(before.map(([point, one]) => [point, later(one, back ?? 0)])),
      };
    },
    enabled: ids.length > 0,
    refetchInterval: lengthMs === undefined ? false : Math.min(300_000, Math.max(10_000, lengthMs / 360)),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  }); // prettier-ignore
}

function later(series: Series, ms: number): Series {
  return { ...series, x: series.x.map((at) => at + ms / 1_000) };
}

/** About as many as a chart has pixels for. */
const buckets = 1_000;

/** The question for what is drawn, as `GET /history` takes it; the same gives the file. */
export function historySearch(ids: readonly string[], { from, to }: Range): URLSearchParams {
  return new URLSearchParams({
    points: ids.join(','),
    from: iso(from),
    to: iso(to),
    buckets: String(buckets),
  });
}

async function read(
  api: Api,
  ids: readonly string[],
  range: Range,
): Promise<readonly (readonly [point: string, series: Series])[]> {
  const search = historySearch(ids, range).toString();
  const { items, from, widthMs } = await api.get(`history/columns?${search}`, historyColumnsView);
  const times = { from: Date.parse(from), widthMs };
  return items.map((columns) => [columns.point, columnsToSeries(columns, times)]);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** Incidents of the sites that lasted into the range, worst first. */
export function useIncidents(sites: readonly string[], range: Range | undefined): IncidentSummary[] {
  const api = useApi();
  // By whole minutes: a range that ends now would be another question every time.
  const minute = (at: number): string => iso(Math.floor(at / 60_000) * 60_000);
  const query = range === undefined ? '' : `from=${minute(range.from)}&to=${minute(range.to + 60_000)}`;
  return useQueries({
    queries: sites.map((site) => ({
      queryKey: ['incidents', 'trend', site, query],
      queryFn: async () =>
        (await api.get(`incidents?site=${encodeURIComponent(site)}&${query}`, page(incidentSummary))).items,
      enabled: query !== '',
      placeholderData: keepPreviousData,
    })),
    combine: allOf,
  });
}

function allOf(answers: readonly UseQueryResult<IncidentSummary[]>[]): IncidentSummary[] {
  return answers.flatMap(({ data }) => data ?? []);
}
