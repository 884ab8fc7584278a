import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { standingAlarmView, type AlarmConditions, type Shelving } from '../../server/contracts/alarms.ts';
import { openIncidentsKey, useApi } from '../api/queries.ts';
import { useMay, useSession } from '../app/session.tsx';
import { useNow } from '../live/hooks.tsx';
import { Failed } from '../parts/Failed.tsx';
import { allowedVerbs, needsReason, type AlarmVerb } from './allowed.ts';
import { alarmsKey } from './queries.ts';

const shelfHours = [1, 4, 8, 24] as const;

type Subject = AlarmConditions & {
  readonly id: string;
  readonly until: string | null;
  readonly shelving: Shelving;
};

/** Everything that can be done to one alarm; hiding it needs a reason. For operators. */
export function AlarmActions({ alarm, incident }: { alarm: Subject; incident?: string }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const now = useNow();
  const may = useMay('operator');
  const reasonField = useId();
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState<number>(shelfHours[0]);
  const act = useMutation({
    mutationFn: (verb: AlarmVerb) =>
      api.send('POST', `alarms/${encodeURIComponent(alarm.id)}/${verb}`, {
        body: bodyOf(verb),
        schema: standingAlarmView,
      }),
    onSuccess: () => {
      setReason('');
      void queries.invalidateQueries({ queryKey: alarmsKey });
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      if (incident !== undefined) void queries.invalidateQueries({ queryKey: ['incident', incident] });
    },
  });
  const role = useSession().now.user?.role;
  if (!may) return null;
  const maxMs = role === undefined ? undefined : alarm.shelving[role];
  const verbs = allowedVerbs(alarm).filter((verb) => maxMs !== undefined || !needsReason(verb));
  const offered = shelfHours.filter((count) => count * 3_600_000 <= (maxMs ?? 0));
  const given = reason.trim();
  const plain = verbs.filter((verb) => !needsReason(verb));
  const hiding = verbs.filter(needsReason);
  return (
    <div className="alarm-actions">
      {plain.map((verb) => (
        <button key={verb} type="button" className="button" disabled={act.isPending} onClick={() => { act.mutate(verb); }}>
          {t(`alarm.${verb}`)}
        </button>
      ))}
      {hiding.length === 0 ? null : (
        <details>
          <summary>{t('alarm.hide')}</summary>
          <label className="field" htmlFor={reasonField}>
            {t('alarm.reason')}
          </label>
          <input id={reasonField} value={reason} maxLength={500} onChange={(event) => { setReason(event.target.value); }} />
          <label className="field">
            {t('alarm.hours')}
            <select value={hours} onChange={(event) => { setHours(Number(event.target.value)); }}>
              {offered.map((count) => (
                <option key={count} value={count}>
                  {t('alarm.forHours', { count })}
                </option>
              ))}
            </select>
          </label>
          {hiding.map((verb) => (
            <button key={verb} type="button" className="button" disabled={act.isPending || given === ''} onClick={() => { act.mutate(verb); }}>
              {t(`alarm.${verb}`)}
            </button>
          ))}
        </details>
      )}
      <Failed error={act.error} />
    </div>
  ); // prettier-ignore

  function bodyOf(verb: AlarmVerb): Record<string, string> {
    if (verb === 'shelve') return { reason: given, until: new Date(now + hours * 3_600_000).toISOString() };
    if (needsReason(verb)) return { reason: given };
    return {};
  }
}
