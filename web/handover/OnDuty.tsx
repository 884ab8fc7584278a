import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { onDutyQuery } from './queries.ts';

/** Who is on call and on shift, in a line of the wall; a handover that nobody signed is seen there too. */
export function OnDuty(): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const duty = useQuery(onDutyQuery(useApi())).data;
  if (duty === undefined) return null;
  const [first] = duty.layers;
  const { shift, lateHandovers } = duty;
  return (
    <>
      {first === undefined ? null : (
        <span className={first.person === null ? 'status-problem' : ''} data-testid="on-call">
          {t('footer.onCall', { who: first.person ?? t('roster.nobody') })}
        </span>
      )}
      {shift === null ? null : (
        <span className={shift.present.length === 0 ? 'status-problem' : ''} data-testid="on-shift">
          {t('footer.shift', {
            shift: label(shift.name),
            who: shift.present.length === 0 ? t('roster.nobody') : shift.present.join(', '),
          })}
        </span>
      )}
      {lateHandovers === 0 ? null : (
        <span className="status-problem">{t('footer.handover', { count: lateHandovers })}</span>
      )}
    </>
  );
}
