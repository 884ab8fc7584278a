import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { IncidentAlarmView, IncidentView } from '../../server/contracts/incidents.ts';
import { useAlarmValue } from '../alarms/value.ts';
import { incidentQuery, useApi, useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { severityOf } from '../../domain/severity.ts';
import { Crumbs } from '../parts/Crumbs.tsx';
import { Name } from '../parts/Name.tsx';
import { ShowAll } from '../parts/ShowAll.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { useMay } from '../app/session.tsx';
import { useTitle } from '../app/title.ts';
import { Deliveries } from '../roster/Deliveries.tsx';
import { IncidentAccess } from './Access.tsx';
import { Actions } from './Actions.tsx';
import { Causes } from './Causes.tsx';
import { Attachments } from './Attachments.tsx';
import { Disaster } from './Disaster.tsx';
import { Handling } from './Handling.tsx';
import { Reports } from './Reports.tsx';
import { FalseAlarm } from './FalseAlarm.tsx';
import { Curves } from './Curves.tsx';
import { Merge } from './Merge.tsx';
import { Split } from './Split.tsx';
import { Tickets } from './Tickets.tsx';
import { AlarmActions } from './AlarmActions.tsx';
import { Until } from './IncidentRow.tsx';
import { Worst } from './Worst.tsx';
import { Timeline } from './Timeline.tsx';
import { Failed } from '../parts/Failed.tsx';
import { TableFrame } from '../parts/TableFrame.tsx';
import './incidents.css';

export function IncidentPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const incident = useQuery(incidentQuery(useApi(), id));
  if (incident.data !== undefined) return <Detail incident={incident.data} />;
  return (
    <div className="note">
      <h1>{t('page.incidents')}</h1>
      {incident.isError ? <Failed error={incident.error} /> : t('history.loading')}
    </div>
  );
}

/** For the engineer on call, woken at night: what, where, how bad, how much time is left, and one big button. */
function Detail({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const mayRead = useMay('operator');
  const mayOpenFiles = useMay('viewer');
  const site = useSites().data?.find((one) => one.id === incident.site);
  useTitle(`${incident.priority} ${label(incident.title)}`);
  return (
    <article className={`incident sev-${severityOf(incident.priority)}`}>
      <header className="incident-head">
        <SeverityMark priority={incident.priority} />
        <h1><Name>{label(incident.title)}</Name></h1>
        {site === undefined ? <p><Name>{incident.site}</Name></p> : <Crumbs site={site} {...(incident.room === null ? {} : { room: incident.room })} />}
        {incident.worst === null ? null : <Worst worst={incident.worst} />}
        <p className="incident-left">
          <Until incident={incident} />
        </p>
      </header>
      <Actions incident={incident} />
      <p>
        <Link className="button" to={`/putar-ulang?t=${encodeURIComponent(incident.openedAt)}`}>
          {t('replay.open')}
        </Link>
      </p>
      <dl className="panel facts">
        <Fact name={t('incident.opened')} text={format.moment(Date.parse(incident.openedAt))} />
        <Fact name={t('incident.due')} text={format.moment(Date.parse(incident.dueAt))} />
        <Fact name={t('sla.time')} text={slaText(incident)} />
        {incident.reopenedAt === null ? null : (
          <Fact name={t('handling.reopenedAt')} text={format.moment(Date.parse(incident.reopenedAt))} />
        )}
        <Fact name={t('incident.urgency')} text={t(`level.${incident.urgency}`)} />
        <Fact name={t('incident.impact')} text={t(`level.${incident.impact}`)} />
        <Fact name={t('incident.clause')} text={incident.clause} />
      </dl>
      <Disaster incident={incident} />
      <Handling incident={incident} />
      <Causes incident={incident} />
      <Curves incident={incident} />
      {mayOpenFiles ? <IncidentAccess incident={incident} /> : <Tickets incident={incident} />}
      <Alarms alarms={incident.alarms} incident={incident.id} />
      <Split incident={incident} />
      <Merge incident={incident} />
      {mayOpenFiles ? <Attachments incident={incident.id} /> : null}
      <Reports incident={incident.id} />
      <FalseAlarm incident={incident.id} />
      {mayRead ? <Deliveries incident={incident.id} /> : null}
      <section className="panel">
        <h2>{t('incident.timeline')}</h2>
        <Timeline entries={incident.timeline} />
      </section>
      <section className="panel">
        <h2>{t('incident.services')}</h2>
        {incident.services.length === 0 ? <p className="note">{t('incident.noServices')}</p> : null}
        <ul className="plain">
          {incident.services.map((service) => (
            <li key={service.service}>
              <b>{service.service}</b> <Name>{service.name}</Name> <small>{t(`level.${service.criticality}`)}</small>
            </li>
          ))}
        </ul>
      </section>
    </article>
  ); // prettier-ignore

  /** The time that BAB III gives; once it is over, how it was kept. */
  function slaText({ sla: { clock, totalMs, state, remainingMs } }: IncidentView): string {
    const given = t(`sla.${clock}`, { time: format.duration(totalMs) });
    if (state !== 'stopped') return given;
    const time = format.duration(Math.abs(remainingMs));
    return `${given} · ${t(remainingMs < 0 ? 'sla.missedBy' : 'sla.metBy', { time })}`;
  }
}

function Fact({ name, text }: { name: string; text: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** Alarms shown before the rest is asked for. */
const firstAlarms = 20;

function Alarms({ alarms, incident }: { alarms: readonly IncidentAlarmView[]; incident: string }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const alarmValue = useAlarmValue();
  const open = useOpenHistory();
  const [every, setEvery] = useState(false);
  const sorted = [...alarms].sort(
    (a, b) => Number(a.until !== null) - Number(b.until !== null) || a.since.localeCompare(b.since),
  );
  const shown = every ? sorted : sorted.slice(0, firstAlarms);
  return (
    <section className="panel">
      <h2>
        {t('incident.alarms')} <small>{alarms.length}</small>
      </h2>
      <TableFrame label={t('incident.alarms')}>
        <table className="table table--stacked">
          <thead>
            <tr>
              <th scope="col">{t('devices.device')}</th>
              <th scope="col">{t('incident.value')}</th>
              <th scope="col">{t('incident.worst')}</th>
              <th scope="col">{t('incident.limitTitle')}</th>
              <th scope="col">{t('incident.opened')}</th>
              <th scope="col">{t('incident.until')}</th>
              <th scope="col">{t('alarm.state')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((alarm) => (
              <tr key={`${alarm.id}#${alarm.occurrence}`}>
                <th scope="row">
                  <button type="button" className="point" data-point={alarm.point} onClick={() => { open(alarm.point); }}>
                    <b><Name>{label(alarm.ownerName)}</Name></b> {quantityOf(alarm.point)}
                  </button>
                </th>
                <td data-label={t('incident.value')}>{alarmValue(alarm, alarm.value)}</td>
                <td data-label={t('incident.worst')}>{alarmValue(alarm, alarm.worst)}</td>
                <td data-label={t('incident.limitTitle')}>{alarm.limit === null ? '–' : format.quantity(alarm.limit, alarm.unit)}</td>
                <td data-label={t('incident.opened')}>{format.moment(Date.parse(alarm.since))}</td>
                <td data-label={t('incident.until')}>{alarm.until === null ? t('incident.standing') : format.moment(Date.parse(alarm.until))}</td>
                <td data-label={t('alarm.state')}>
                  {t(`alarmState.${alarm.alarmState}`)}
                  {alarm.alarmState === 'normal' ? null : <AlarmActions alarm={alarm} incident={incident} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <ShowAll shown={shown.length} count={sorted.length} onAll={() => { setEvery(true); }} />
    </section>
  ); // prettier-ignore
  function quantityOf(point: string): string {
    const quantity = point.split('/').at(-1) ?? '';
    return t([`quantity.${quantity}`, quantity]);
  }
}
