import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { incidentView, type IncidentAlarmView, type IncidentView } from '../../server/contracts/incidents.ts';
import { openIncidentsKey, useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { alarmsKey } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** Rows at once; the rest is found by its words. */
const mostRows = 50;

/** Makes an incident of its own of some active alarms that do not belong here, with a reason; for operators. */
export function Split({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const may = useMay('operator');
  const active = incident.alarms.filter(({ until }) => until === null);
  // One that stands alone cannot be taken out of its own incident.
  if (!may || incident.state !== 'open' || active.length < 2) return null;
  return (
    <details className="panel">
      <summary>{t('split.title')}</summary>
      <SplitForm incident={incident.id} active={active} />
    </details>
  );
}

interface SplitFormProps {
  readonly incident: string;
  readonly active: readonly IncidentAlarmView[];
}

function SplitForm({ incident, active }: SplitFormProps): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = ({ name, owner, ownerName, point }: IncidentAlarmView): string =>
    `${label(name)} ${label(ownerName)} ${owner} ${point}`.toLowerCase();
  const fitting = active.filter((alarm) => wanted.every((word) => textOf(alarm).includes(word)));
  const named = active.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const choose = (ids: readonly string[], on: boolean): void => {
    setChosen(on ? new Set([...chosen, ...ids]) : new Set([...chosen].filter((id) => !ids.includes(id))));
  };
  const act = useMutation({
    mutationFn: () =>
      api.send('POST', `incidents/${encodeURIComponent(incident)}/split`, {
        body: { alarms: named, reason: reason.trim() },
        schema: incidentView,
      }),
    onSuccess(made) {
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      void queries.invalidateQueries({ queryKey: alarmsKey });
      void queries.invalidateQueries({ queryKey: ['incident', incident] });
      void navigate(`/gangguan/${made.id}`);
    },
  });
  return (
    <form
      className="split-form"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <p>{t('split.means')}</p>
      <label className="field">
        {t('split.find')}
        <input type="search" value={words} onChange={(event) => { setWords(event.target.value); }} />
      </label>
      <fieldset className="split-alarms">
        <legend>{t('split.which', { chosen: named.length, count: active.length })}</legend>
        {fitting.length > 1 ? (
          <label className="check">
            <input type="checkbox" checked={fitting.every(({ id }) => chosen.has(id))} onChange={(event) => { choose(fitting.map(({ id }) => id), event.target.checked); }} />
            {t('split.all', { count: fitting.length })}
          </label>
        ) : null}
        {fitting.slice(0, mostRows).map((alarm) => (
          // oxlint-disable-next-line jsx-a11y/label-has-associated-control -- its text is inside Name
          <label key={alarm.id} className="check">
            <input type="checkbox" checked={chosen.has(alarm.id)} onChange={(event) => { choose([alarm.id], event.target.checked); }} />
            <span><b><Name>{label(alarm.ownerName)}</Name></b> <Name>{label(alarm.name)}</Name></span>
          </label>
        ))}
        {fitting.length > mostRows ? <small>{t('split.more', { count: fitting.length - mostRows })}</small> : null}
      </fieldset>
      <label className="field">
        {t('split.reason')}
        <input value={reason} required maxLength={500} onChange={(event) => { setReason(event.target.value); }} />
      </label>
      {named.length === active.length ? <p className="note">{t('split.notAll')}</p> : null}
      <button type="submit" className="button" disabled={act.isPending || named.length === 0 || named.length === active.length || reason.trim() === ''}>
        {t('split.do', { count: named.length })}
      </button>
      <Failed error={act.error} />
    </form>
  ); // prettier-ignore
}
