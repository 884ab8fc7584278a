import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useFormat } from '../format/FormatContext.tsx';

/** What and how bad: the worst of those affected with its value, and how many there are. */
export function IncidentTale({ incident }: { incident: IncidentSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { worst, active, total } = incident;
  const parts: string[] = [];
  if (worst !== null) parts.push(ownerText(worst.owner));
  if (typeof worst?.state === 'string') parts.push(t([`state.${worst.state}`, worst.state]));
  else if (typeof worst?.worst === 'number') parts.push(format.quantity(worst.worst, worst.unit));
  const more =
    active === 0
      ? // An alarm that was hidden ends its incident, but its condition may still be active.
        worst !== null && worst.until === null
        ? ''
        : t('incident.returned', { count: total })
      : active > 1
        ? t('incident.affected', { count: active })
        : '';
  return <span className="tale">{[parts.join(' '), more].filter((part) => part !== '').join(' · ')}</span>;
}

/** A device's id in capitals, as on its plate; a rack's label as it is. */
export function ownerText(owner: string): string {
  return /^[a-z]/.test(owner) ? owner.toUpperCase() : owner;
}
