import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { resolvedIncidentsQuery, useApi, useOpenIncidents } from '../api/queries.ts';
import { byDue, byUrgency } from '../../domain/severity.ts';
import { AlarmLists } from './AlarmLists.tsx';
import { IncidentRow } from './IncidentRow.tsx';

export function IncidentsPage(): ReactNode {
  const { t } = useTranslation();
  const open = useOpenIncidents();
  const [order, setOrder] = useState<'byUrgency' | 'byDue'>('byUrgency');
  const resolved = useQuery(resolvedIncidentsQuery(useApi())).data ?? [];
  return (
    <div className="incidents">
      <header className="page-head">
        <h1>{t('page.incidents')}</h1>
      </header>
      <section className="panel">
        <h2>
          {t('incident.open')} <small>{open?.length ?? '…'}</small>
        </h2>
        <fieldset className="order" aria-label={t('sla.order')}>
          {(['byUrgency', 'byDue'] as const).map((each) => (
            <button key={each} type="button" className="button" aria-pressed={order === each} onClick={() => { setOrder(each); }}>
              {t(`sla.${each}`)}
            </button>
          ))}
        </fieldset>
        {open?.length === 0 ? <p className="note">{t('incident.none')}</p> : null}
        {open === undefined ? <p className="note">{t('incident.unknown')}</p> : null}
        <ul>
          {[...(open ?? [])].sort(order === 'byDue' ? byDue : byUrgency).map((incident) => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
      </section>
      <AlarmLists />
      <section className="panel">
        <h2>{t('incident.resolved')}</h2>
        {resolved.length === 0 ? <p className="note">{t('incident.noneResolved')}</p> : null}
        <ul>
          {[...resolved]
            .sort((a, b) => (b.resolvedAt ?? '').localeCompare(a.resolvedAt ?? ''))
            .map((incident) => (
              <IncidentRow key={incident.id} incident={incident} />
            ))}
        </ul>
      </section>
    </div>
  ); // prettier-ignore
}
