import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { falseAlarmView } from '../../server/contracts/alarm-figures.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';

/** Whether an incident was a false alarm, with who said so and why; operators mark it and take the mark back. */
export function FalseAlarm({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const may = useMay('operator');
  const mayRead = useMay('viewer');
  const [reason, setReason] = useState('');
  const path = `incidents/${encodeURIComponent(incident)}/false-alarm`;
  const queryKey = ['false-alarm', incident];
  const { data: mark } = useQuery({
    queryKey,
    queryFn: () => api.get(path, falseAlarmView),
    enabled: mayRead,
  });
  const act = useMutation({
    mutationFn: (marked: boolean) =>
      api.send('POST', path, { body: { marked, reason: reason.trim() }, schema: falseAlarmView }),
    onSuccess(view) {
      queries.setQueryData(queryKey, view);
      setReason('');
    },
  });
  if (mark === undefined || (!may && !mark.marked)) return null;
  return (
    <details className="panel" open={mark.marked}>
      <summary>{t(mark.marked ? 'falseAlarm.marked' : 'falseAlarm.mark')}</summary>
      {mark.marked && mark.at !== null ? (
        <p>
          <q dir="auto"><Name>{mark.reason}</Name></q>{' '}
          {t('falseAlarm.by', { who: mark.actor ?? '', time: format.moment(Date.parse(mark.at)) })}
        </p>
      ) : null}
      {may ? (
        <form
          className="merge-form"
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate(!mark.marked);
          }}
        >
          <label className="field">
            {t('falseAlarm.reason')}
            <input value={reason} required maxLength={500} onChange={(event) => { setReason(event.target.value); }} />
          </label>
          <button type="submit" className="button" disabled={act.isPending || reason.trim() === ''}>
            {t(mark.marked ? 'falseAlarm.unmark' : 'falseAlarm.do')}
          </button>
          <Failed error={act.error} />
        </form>
      ) : null}
    </details>
  ); // prettier-ignore
}
