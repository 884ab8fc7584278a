import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { StandingAlarmView } from '../../server/contracts/alarms.ts';
import { hiddenTexts } from '../alarms/hidden.ts';
import { useApi } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { AlarmActions } from './AlarmActions.tsx';
import { hiddenAlarmsQuery, returnedAlarmsQuery } from './queries.ts';
import { Name } from '../parts/Name.tsx';

/** Alarms outside the open incidents that people still have to look at: returned unseen, and hidden. */
export function AlarmLists(): ReactNode {
  const { t } = useTranslation();
  const api = useApi();
  const returned = useQuery(returnedAlarmsQuery(api)).data ?? [];
  const hidden = useQuery(hiddenAlarmsQuery(api)).data ?? [];
  return (
    <>
      {returned.length + hidden.length === 0 ? <p className="note">{t('alarm.noneLeft')}</p> : null}
      <AlarmList title={t('alarm.returnedUnseen')} alarms={returned} />
      <AlarmList title={t('alarm.hidden')} alarms={hidden} />
    </>
  );
}

function AlarmList({ title, alarms }: { title: string; alarms: readonly StandingAlarmView[] }): ReactNode {
  const label = useLabel();
  if (alarms.length === 0) return null;
  return (
    <section className="panel">
      <h2>
        {title} <small>{alarms.length}</small>
      </h2>
      <ul className="alarm-list">
        {alarms.map((alarm) => (
          <li key={alarm.id}>
            <SeverityMark priority={alarm.priority} />
            <span>
              <b>
                <Name>{label(alarm.name)}</Name>
              </b>{' '}
              <Name>{label(alarm.ownerName)}</Name>
              <AlarmFacts alarm={alarm} />
            </span>
            <AlarmActions alarm={alarm} {...(alarm.incident === null ? {} : { incident: alarm.incident })} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlarmFacts({ alarm }: { alarm: StandingAlarmView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const moment = (time: string): string => format.moment(Date.parse(time));
  const facts = [
    alarm.since === null ? '' : t('incident.since', { time: moment(alarm.since) }),
    alarm.until === null ? '' : t('alarm.returnedAt', { time: moment(alarm.until) }),
    ...hiddenTexts(alarm, t, moment),
  ].filter((text) => text !== '');
  return (
    <small>
      {facts.join(' · ')}{' '}
      {alarm.incident === null ? null : <Link to={`/gangguan/${alarm.incident}`}>{t('alarm.incident')}</Link>}
    </small>
  );
}
