import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useFormat } from '../format/FormatContext.tsx';

/** What and how bad: how many are affected, the worst of them, and by how much it is over its limit. */
export function IncidentTale({ incident }: { incident: IncidentSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { worst, active, total } = incident;
  const parts: string[] = [];
  if (worst !== null) parts.push(ownerText(worst.owner));
  if (worst?.state != null) parts.push(t([`state.${worst.state}`, worst.state]));
  else if (worst?.worst != null) {
    const limit = worst.limit === null ? '' : ` (${t('incident.limit')} ${format.figure(worst.limit, worst.unit)})`;
    parts.push(format.quantity(worst.worst, worst.unit) + limit);
  }
  const more = active === 0 ? t('incident.returned', { count: total }) : active > 1 ? t('incident.affected', { count: active }) : '';
  return <span className="tale">{[parts.join(' '), more].filter((part) => part !== '').join(' · ')}</span>;
}

/** A device's id in capitals, as on its plate; a rack's label as it is. */
export function ownerText(owner: string): string {
  return /^[a-z]/.test(owner) ? owner.toUpperCase() : owner;
}
