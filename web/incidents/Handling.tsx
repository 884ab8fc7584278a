import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { incidentView, type IncidentView } from '../../server/contracts/incidents.ts';
import { openIncidentsKey, useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { assigneesQuery, resolvedIncidentsKey } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** Whose the incident is, its clock, what it was and what was done, and opening it again. Everybody may read it; operators act. */
export function Handling({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const isOperator = useMay('operator');
  const isManager = useMay('manager');
  const { resolution, sla, state } = incident;
  const mayResolve = state !== 'open' && resolution === null && incident.mergedInto === null;
  return (
    <section className="panel handling">
      <h2>{t('handling.title')}</h2>
      {isOperator ? <Assign incident={incident} /> : <p>{t('handling.assignee')}: <Name>{incident.assignedTo ?? t('handling.nobody')}</Name></p>}
      {sla.pause === null ? null : (
        <p className="note">
          {t('sla.pausedBy', { who: sla.pause.by, time: format.moment(Date.parse(sla.pause.since)), reason: sla.pause.reason })}
        </p>
      )}
      {isManager && incident.pausable && sla.state !== 'stopped' ? <Pause incident={incident} /> : null}
      {resolution === null ? null : (
        <dl className="resolution">
          <dt>{t('handling.cause')}</dt>
          <dd><Name>{resolution.cause}</Name></dd>
          <dt>{t('handling.remedy')}</dt>
          <dd><Name>{resolution.remedy}</Name></dd>
        </dl>
      )}
      {isOperator && mayResolve ? <Resolve incident={incident} /> : null}
      {state === 'open' ? <p className="note">{t('handling.notYet')}</p> : null}
      {isOperator && state === 'resolved' && incident.mergedInto === null ? (
        <Reason incident={incident} verb="reopen" />
      ) : null}
    </section>
  ); // prettier-ignore
}

type Verb = 'assign' | 'pause' | 'resume' | 'resolve' | 'reopen';

/** One command on an incident; the page shows what the server answers. */
function useCommand(incident: IncidentView) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, body }: { verb: Verb; body: Readonly<Record<string, string | null>> }) =>
      api.send('POST', `incidents/${encodeURIComponent(incident.id)}/${verb}`, {
        body,
        schema: incidentView,
      }),
    onSuccess(view) {
      queries.setQueryData(['incident', incident.id], view);
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      void queries.invalidateQueries({ queryKey: resolvedIncidentsKey });
    },
  });
}

function Assign({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const people = useQuery(assigneesQuery(useApi())).data ?? [];
  const act = useCommand(incident);
  const { assignedTo } = incident;
  const isUnknown = assignedTo !== null && !people.some(({ id }) => id === assignedTo);
  return (
    <>
      <label className="field">
        {t('handling.assignee')}
        <select
          value={assignedTo ?? ''}
          disabled={act.isPending}
          onChange={({ target }) => { act.mutate({ verb: 'assign', body: { to: target.value === '' ? null : target.value } }); }}
        >
          <option value="">{t('handling.nobody')}</option>
          {isUnknown ? <option value={assignedTo}>{assignedTo}</option> : null}
          {people.map(({ id, name }) => (
            <option key={id} value={id}>{name}</option>
          ))}
        </select>
      </label>
      <Failed error={act.error} />
    </>
  ); // prettier-ignore
}

function Pause({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const act = useCommand(incident);
  if (incident.sla.pause === null) return <Reason incident={incident} verb="pause" />;
  return (
    <>
      <button type="button" className="button" disabled={act.isPending} onClick={() => { act.mutate({ verb: 'resume', body: {} }); }}>
        {t('handling.resume')}
      </button>
      <Failed error={act.error} />
    </>
  ); // prettier-ignore
}

/** A command that needs a reason and nothing else. */
function Reason({ incident, verb }: { incident: IncidentView; verb: 'pause' | 'reopen' }): ReactNode {
  const { t } = useTranslation();
  const act = useCommand(incident);
  const [reason, setReason] = useState('');
  return (
    <details>
      <summary>{t(`handling.${verb}`)}</summary>
      <form
        className="merge-form"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate({ verb, body: { reason: reason.trim() } });
        }}
      >
        <label className="field">
          {t('handling.reason')}
          <input value={reason} required maxLength={500} onChange={({ target }) => { setReason(target.value); }} />
        </label>
        <button type="submit" className="button" disabled={act.isPending || reason.trim() === ''}>
          {t(`handling.${verb}`)}
        </button>
        <Failed error={act.error} />
      </form>
    </details>
  ); // prettier-ignore
}

function Resolve({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const act = useCommand(incident);
  const [cause, setCause] = useState('');
  const [remedy, setRemedy] = useState('');
  const [causeField, remedyField] = [useId(), useId()];
  const isReady = cause.trim() !== '' && remedy.trim() !== '';
  return (
    <form
      className="resolve"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate({ verb: 'resolve', body: { cause: cause.trim(), remedy: remedy.trim() } });
      }}
    >
      <label className="field" htmlFor={causeField}>{t('handling.cause')}</label>
      <textarea className="input" id={causeField} value={cause} rows={2} maxLength={4_000} required onChange={({ target }) => { setCause(target.value); }} />
      <label className="field" htmlFor={remedyField}>{t('handling.remedy')}</label>
      <textarea className="input" id={remedyField} value={remedy} rows={2} maxLength={4_000} required onChange={({ target }) => { setRemedy(target.value); }} />
      <button type="submit" className="button button--strong" disabled={act.isPending || !isReady}>
        {t('handling.resolve')}
      </button>
      <Failed error={act.error} />
    </form>
  ); // prettier-ignore
}
