import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/queries.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { Fit } from '../parts/Fit.tsx';
import { onDutyQuery } from './queries.ts';

/** Who is on call and which team is on shift, on the wall; a handover that nobody signed is seen there too. */
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
        <div className="fact" data-testid="on-call">
          <b className={first.person === null ? 'status-problem' : ''}>
            <FactName text={first.person ?? t('roster.nobody')} />
          </b>
          <span>{t('header.onCall')}</span>
        </div>
      )}
      {shift === null ? null : (
        <div className="fact" data-testid="on-shift" title={shift.present.join(', ')}>
          <b className={shift.present.length === 0 ? 'status-problem' : ''}>
            <FactName text={shift.present.length === 0 ? t('roster.nobody') : shift.team} />
          </b>
          <span className={lateHandovers > 0 ? 'status-problem' : ''}>
            {lateHandovers > 0
              ? t('header.handover', { count: lateHandovers })
              : t('header.shift', { shift: label(shift.name) })}
          </span>
        </div>
      )}
    </>
  );
}

/** What is longer than a name usually is takes a line of its own. */
function FactName({ text }: { text: string }): ReactNode {
  return <Fit text={text} className={text.length > 40 ? 'fact-name fact-name--long' : 'fact-name'} />;
}
