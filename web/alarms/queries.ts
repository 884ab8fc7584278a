import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { standingAlarmView, type StandingAlarmView } from '../../server/contracts/alarms.ts';
import { page } from '../../server/contracts/common.ts';
import { plantStateView } from '../../server/contracts/plant-states.ts';
import type { Api } from '../api/client.ts';
import { alarmsKey } from '../incidents/queries.ts';

export const lists = ['annunciated', 'shelved', 'suppressed', 'out-of-service'] as const;
export type AlarmListName = (typeof lists)[number];

const pageSize = 200;

/** The most urgent ones; `more`: there are others. */
export const alarmListQuery = (api: Api, list: AlarmListName, site: string) =>
  queryOptions({
    queryKey: [...alarmsKey, list, site],
    queryFn: async (): Promise<{ readonly alarms: readonly StandingAlarmView[]; readonly more: boolean }> => {
      const where = site === '' ? '' : `&site=${encodeURIComponent(site)}`;
      const { items, next } = await api.get(
        `alarms?list=${list}&limit=${pageSize}${where}`,
        page(standingAlarmView),
      );
      return { alarms: items, more: next !== null };
    },
    refetchInterval: 10_000,
  });

export const plantStatesKey = ['plant-states'] as const;

export const plantStatesQuery = (api: Api) =>
  queryOptions({
    queryKey: plantStatesKey,
    queryFn: async () => (await api.get('plant-states', z.object({ items: z.array(plantStateView) }))).items,
    refetchInterval: 10_000,
  });
