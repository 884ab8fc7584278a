import { queryOptions } from '@tanstack/react-query';
import { assigneesView } from '../../server/contracts/incidents.ts';
import { standingAlarmView, type StandingAlarmView } from '../../server/contracts/alarms.ts';
import { page } from '../../server/contracts/common.ts';
import { attachmentsView, reportsView } from '../../server/contracts/handling.ts';
import type { Api } from '../api/client.ts';

export const alarmsKey = ['alarms'] as const;
export const resolvedIncidentsKey = ['incidents', 'resolved'] as const;

export const attachmentsQuery = (api: Api, incident: string) =>
  queryOptions({
    queryKey: ['attachments', incident],
    queryFn: async () =>
      (await api.get(`incidents/${encodeURIComponent(incident)}/attachments`, attachmentsView)).files,
  });

export const reportsQuery = (api: Api, incident: string) =>
  queryOptions({
    queryKey: ['reports', incident],
    queryFn: () => api.get(`incidents/${encodeURIComponent(incident)}/reports`, reportsView),
  });

/** Whom an incident can be given to. */
export const assigneesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['assignees'],
    queryFn: async () => (await api.get('assignees', assigneesView)).people,
    staleTime: 60_000,
  });

/** Alarms that returned before anybody acknowledged them: they stay until somebody has seen them. */
export const returnedAlarmsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...alarmsKey, 'returned'],
    queryFn: async (): Promise<StandingAlarmView[]> =>
      (await api.get('alarms', page(standingAlarmView))).items.filter(
        (alarm) => alarm.alarmState === 'returned-unacknowledged',
      ),
    refetchInterval: 30_000,
  });

/** Alarms hidden by operators, listed so that none is forgotten. */
export const hiddenAlarmsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...alarmsKey, 'hidden'],
    queryFn: async (): Promise<StandingAlarmView[]> => {
      const lists = await Promise.all(
        ['shelved', 'suppressed', 'out-of-service'].map((list) =>
          api.get(`alarms?list=${list}`, page(standingAlarmView)),
        ),
      );
      const byId = new Map(lists.flatMap(({ items }) => items).map((alarm) => [alarm.id, alarm]));
      return [...byId.values()];
    },
    refetchInterval: 30_000,
  });
