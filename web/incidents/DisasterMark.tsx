import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import './disaster-mark.css';

/** In a list: that an incident is proposed as, or is, a *Bencana TIK*. */
export function DisasterMark({ incident: { disaster, state } }: { incident: IncidentSummary }): ReactNode {
  const { t } = useTranslation();
  if (disaster?.state === 'declared')
    return <strong className="disaster-mark">{t('disaster.bannerDeclared')}</strong>;
  if (disaster?.state !== 'proposed' || state !== 'open') return null;
  return <strong className="disaster-mark">{t('disaster.bannerProposed')}</strong>;
}
