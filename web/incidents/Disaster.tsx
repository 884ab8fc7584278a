import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { incidentView, type IncidentView } from '../../server/contracts/incidents.ts';
import { openIncidentsKey, useApi, useOpenIncidents } from '../api/queries.ts';
import { useRight } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './incidents.css';

/** *Bencana TIK*: what was proposed, what to go through, and the decision of an authorised person. */
export function Disaster({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const mayDecide = useRight('declare-disaster');
  const { disaster, state } = incident;
  if (disaster === null && (!mayDecide || state === 'resolved')) return null;
  return (
    <section className={`panel disaster disaster--${disaster?.state ?? 'none'}`}>
      <h2>{t('disaster.title')}</h2>
      {disaster === null ? (
        <p className="note">{t('disaster.none')}</p>
      ) : (
        <p>
          <b>{t(`disaster.${disaster.state}`, { who: disaster.by ?? '', time: format.moment(Date.parse(disaster.at)) })}</b>
          {disaster.reason === null ? null : `: ${disaster.reason}`}
        </p>
      )}
      {incident.checklist.length === 0 || state === 'resolved' ? null : (
        <>
          <h3>{t('disaster.checklist')}</h3>
          <ol className="checklist">
            {incident.checklist.map((item) => (
              <li key={item.id}><Name>{label(item)}</Name></li>
            ))}
          </ol>
        </>
      )}
      {mayDecide && state !== 'resolved' ? <Decide incident={incident} /> : null}
    </section>
  ); // prettier-ignore
}

function Decide({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const act = useMutation({
    mutationFn: (decision: 'declare' | 'reject') =>
      api.send('POST', `incidents/${encodeURIComponent(incident.id)}/disaster`, {
        body: { decision, reason: reason.trim() },
        schema: incidentView,
      }),
    onSuccess(view) {
      setReason('');
      queries.setQueryData(['incident', incident.id], view);
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
    },
  });
  const state = incident.disaster?.state;
  const isBlocked = act.isPending || reason.trim() === '';
  return (
    <details open={state === 'proposed'}>
      <summary>{t('handling.reason')}</summary>
      <label className="field">
        {t('handling.reason')}
        <input value={reason} maxLength={500} onChange={({ target }) => { setReason(target.value); }} />
      </label>
      <div className="order">
        {state === 'declared' ? null : (
          <button type="button" className="button button--strong" disabled={isBlocked} onClick={() => { act.mutate('declare'); }}>
            {t('disaster.declare')}
          </button>
        )}
        {state === 'proposed' || state === 'declared' ? (
          <button type="button" className="button" disabled={isBlocked} onClick={() => { act.mutate('reject'); }}>
            {t('disaster.reject')}
          </button>
        ) : null}
      </div>
      <Failed error={act.error} />
    </details>
  ); // prettier-ignore
}

/** A wide outage has many; the page of incidents lists them. */
const shownInBanner = 3;

/** On every page while a *Bencana TIK* is proposed or declared. */
export function DisasterBanner(): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const serious = (useOpenIncidents() ?? []).filter(
    ({ disaster, state }) =>
      disaster?.state === 'declared' || (disaster?.state === 'proposed' && state === 'open'),
  );
  if (serious.length === 0) return null;
  return (
    <aside className="disaster-banner" role="alert">
      {serious.slice(0, shownInBanner).map(({ id, title, disaster }) => (
        <Link key={id} to={`/gangguan/${id}`}>
          <b>{t(disaster?.state === 'declared' ? 'disaster.bannerDeclared' : 'disaster.bannerProposed')}</b>{' '}
          <Name>{label(title)}</Name>
        </Link>
      ))}
      {serious.length > shownInBanner ? (
        <Link to="/gangguan">{t('incident.more', { count: serious.length - shownInBanner })}</Link>
      ) : null}
    </aside>
  );
}
