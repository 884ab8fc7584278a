import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { StandingAlarmView } from '../../server/contracts/alarms.ts';
import { useApi, useSites } from '../api/queries.ts';
import { useTitle } from '../app/title.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { AlarmActions } from '../incidents/AlarmActions.tsx';
import { SiteOptions } from '../parts/SiteOptions.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { hiddenTexts } from './hidden.ts';
import { useAlarmValue } from './value.ts';
import { PlantStates } from './PlantStates.tsx';
import { alarmListQuery, lists, type AlarmListName } from './queries.ts';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './alarms.css';

/** Every alarm by its ISA-18.2 state: annunciated, shelved, suppressed, out of service. The list and the site stand in the address. */
export function AlarmsPage(): ReactNode {
  const { t } = useTranslation();
  useTitle(t('page.alarms'));
  const [params, setParams] = useSearchParams();
  const list = lists.find((each) => each === params.get('daftar')) ?? 'annunciated';
  const site = params.get('situs') ?? '';
  const sites = useSites().data ?? [];
  const choose = (next: { daftar?: string; situs?: string }): void => {
    setParams({ daftar: list, ...(site === '' ? {} : { situs: site }), ...next }, { replace: true });
  };
  return (
    <div className="alarms">
      <header className="page-head">
        <h1>{t('page.alarms')}</h1>
      </header>
      <PlantStates />
      <section className="panel">
        <div className="alarms-filter">
          <fieldset className="order" aria-label={t('alarms.list')}>
            {lists.map((each) => (
              <button key={each} type="button" className="button" aria-pressed={each === list} onClick={() => { choose({ daftar: each }); }}>
                {t(`alarms.${each}`)}
              </button>
            ))}
          </fieldset>
          <label className="field">
            {t('alarms.site')}
            <select value={site} onChange={(event) => { choose({ situs: event.target.value }); }}>
              <option value="">{t('alarms.everySite')}</option>
              <SiteOptions sites={sites} />
            </select>
          </label>
        </div>
        <AlarmTable list={list} site={site} />
      </section>
    </div>
  ); // prettier-ignore
}

function AlarmTable({ list, site }: { list: AlarmListName; site: string }): ReactNode {
  const { t } = useTranslation();
  const { data, error } = useQuery(alarmListQuery(useApi(), list, site));
  if (error !== null) return <Failed error={error} />;
  if (data === undefined) return <p className="note">…</p>;
  if (data.alarms.length === 0) return <p className="note">{t(`alarms.none-${list}`)}</p>;
  return (
    <>
      <ul className="alarm-rows">
        {data.alarms.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} />
        ))}
      </ul>
      {data.more ? <p className="note">{t('alarms.more', { count: data.alarms.length })}</p> : null}
    </>
  );
}

function AlarmRow({ alarm }: { alarm: StandingAlarmView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <li>
      <SeverityMark priority={alarm.priority} />
      <div className="alarm-what">
        <b>
          <Name>{label(alarm.name)}</Name> <Name>{label(alarm.ownerName)}</Name>
        </b>
        <small>{useAlarmFacts(alarm).join(' · ')}</small>
        {alarm.incident === null ? null : <Link to={`/gangguan/${alarm.incident}`}>{t('alarm.incident')}</Link>}
      </div>
      <AlarmActions alarm={alarm} {...(alarm.incident === null ? {} : { incident: alarm.incident })} />
    </li>
  ); // prettier-ignore
}

/** State, value and limit with its clause, since when, and how it is hidden. */
function useAlarmFacts(alarm: StandingAlarmView): string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const alarmValue = useAlarmValue();
  const moment = (time: string): string => format.moment(Date.parse(time));
  const { worst, limit, unit, level, since, until } = alarm;
  return [
    t(`alarms.state-${alarm.alarmState}`),
    worst === null ? '' : `${level === null ? '' : `${level} `}${alarmValue(alarm, worst)}`,
    limit === null ? '' : t('alarms.limit', { limit: format.quantity(limit, unit) }),
    alarm.clause,
    since === null ? '' : t('incident.since', { time: moment(since) }),
    until === null ? '' : t('alarm.returnedAt', { time: moment(until) }),
    alarm.chattering ? t('alarms.chattering') : '',
    ...hiddenTexts(alarm, t, moment),
  ].filter((text) => text !== '');
}
