import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { incidentView, type IncidentView } from '../../server/contracts/incidents.ts';
import { openIncidentsKey, useApi, useOpenIncidents } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useLabel } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';

/** Makes one incident of two by hand, with a reason; for operators. */
export function Merge({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const may = useMay('operator');
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const others = (useOpenIncidents() ?? []).filter(
    ({ id, site, lifeSafety }) =>
      id !== incident.id && site === incident.site && lifeSafety === incident.lifeSafety,
  );
  const act = useMutation({
    mutationFn: () =>
      api.send('POST', `incidents/${encodeURIComponent(incident.id)}/merge`, {
        body: { to, reason: reason.trim() },
        schema: incidentView,
      }),
    onSuccess(view) {
      void queries.invalidateQueries({ queryKey: openIncidentsKey });
      void navigate(`/gangguan/${view.id}`);
    },
  });
  if (!may || incident.state === 'resolved' || others.length === 0) return null;
  return (
    <details className="panel">
      <summary>{t('cause.merge')}</summary>
      <form
        className="merge-form"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        <label className="field">
          {t('cause.merge')}
          <select value={to} required onChange={(event) => { setTo(event.target.value); }}>
            <option value="">–</option>
            {others.map((other) => (
              <option key={other.id} value={other.id}>{other.priority} {label(other.title)}</option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('cause.mergeReason')}
          <input value={reason} required maxLength={500} onChange={(event) => { setReason(event.target.value); }} />
        </label>
        <button type="submit" className="button" disabled={act.isPending || to === '' || reason.trim() === ''}>
          {t('cause.mergeDo')}
        </button>
        <Failed error={act.error} />
      </form>
    </details>
  ); // prettier-ignore
}
