import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TableFrame } from '../parts/TableFrame.tsx';
import { useTitle } from '../app/title.ts';
import { Link, useParams } from 'react-router';
import type { IncidentView } from '../../server/contracts/incidents.ts';
import { useAlarmValue } from '../alarms/value.ts';
import { incidentQuery, useApi, useSites } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { useNow } from '../live/hooks.tsx';
import { EntryPlace } from './EntryPlace.tsx';
import { deliveriesQuery } from '../roster/queries.ts';
import { Failed } from '../parts/Failed.tsx';
import { Name } from '../parts/Name.tsx';
import './incidents.css';
import './print.css';

/** The report after an incident, made to be printed: what happened, how long it took, why, what was done, who was told. */
export function PostmortemPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const incident = useQuery(incidentQuery(useApi(), id));
  if (incident.data !== undefined) return <Report incident={incident.data} />;
  return (
    <div className="note">{incident.isError ? <Failed error={incident.error} /> : t('history.loading')}</div>
  );
}

function Report({ incident }: { incident: IncidentView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const alarmValue = useAlarmValue();
  const now = useNow();
  const mayRead = useMay('operator');
  const site = useSites().data?.find((one) => one.id === incident.site);
  const room = site?.rooms.find((one) => one.id === incident.room);
  const openedAt = Date.parse(incident.openedAt);
  const after = (at: string | null): string =>
    at === null ? t('report.not') : `${format.duration(Date.parse(at) - openedAt)} (${format.moment(Date.parse(at))})`;
  const { sla, resolution, disaster } = incident;
  const slaText = t(sla.remainingMs < 0 ? 'sla.missedBy' : 'sla.metBy', { time: format.duration(Math.abs(sla.remainingMs)) });
  const facts: [name: string, text: string][] = [
    [t('report.id'), incident.id],
    [t('report.place'), [site?.name ?? incident.site, room === undefined ? incident.room : label(room.name)].filter(Boolean).join(' · ')],
    [t('report.priority'), `${incident.priority} (${t('incident.urgency')} ${t(`level.${incident.urgency}`)}, ${t('incident.impact')} ${t(`level.${incident.impact}`)})`],
    [t('incident.clause'), incident.clause],
    [t('incident.opened'), `${format.date(openedAt)} ${format.time(openedAt)} WIB`],
    [t('report.acknowledgedAfter'), `${after(incident.acknowledgedAt)} ${incident.acknowledgedBy ?? ''}`],
    [t('report.returnedAfter'), after(incident.returnedAt)],
    [t('report.resolvedAfter'), after(incident.resolvedAt)],
    [t('sla.time'), `${t(`sla.${sla.clock}`, { time: format.duration(sla.totalMs) })}${sla.state === 'stopped' ? ` · ${slaText}` : ''}`],
    [t('handling.assignee'), incident.assignedTo ?? t('handling.nobody')],
    ...(disaster === null ? [] : [[t('disaster.title'), `${t(`disaster.${disaster.state}`, { who: disaster.by ?? '', time: format.moment(Date.parse(disaster.at)) })}${disaster.reason === null ? '' : `: ${disaster.reason}`}`] satisfies [string, string]]),
  ];
  useTitle(`${t('report.postmortem')} ${label(incident.title)}`);
  return (
    <article className="document">
      <nav className="document-tools">
        <Link to={`/gangguan/${incident.id}`}>{t('report.back')}</Link>
        <button type="button" className="button" onClick={() => { window.print(); }}>
          {t('report.print')}
        </button>
      </nav>
      <p className="document-kind">{t('report.postmortem')}</p>
      <h1><Name>{label(incident.title)}</Name></h1>
      <h2>{t('report.facts')}</h2>
      <dl className="document-facts">
        {facts.map(([name, text]) => [<dt key={name}>{name}</dt>, <dd key={`${name} text`}>{text}</dd>])}
      </dl>
      <h2>{t('cause.title')}</h2>
      <ul>
        {incident.causes.map((cause) => (
          <li key={`${cause.node} ${cause.effect ?? ''}`}>
            <Name>{label(cause.name)}</Name> {cause.inferred ? <small>({t('cause.inferred')})</small> : null}
          </li>
        ))}
      </ul>
      {resolution === null ? (
        <p className="note">{t('report.noResolution')}</p>
      ) : (
        <dl className="document-facts">
          <dt>{t('handling.cause')}</dt>
          <dd className="document-text"><Name>{resolution.cause}</Name></dd>
          <dt>{t('handling.remedy')}</dt>
          <dd className="document-text"><Name>{resolution.remedy}</Name></dd>
        </dl>
      )}
      <h2>{t('incident.services')}</h2>
      {incident.services.length === 0 ? <p>{t('incident.noServices')}</p> : null}
      <ul>
        {incident.services.map(({ service, name, criticality }) => (
          <li key={service}>{service} {name} ({t(`level.${criticality}`)})</li>
        ))}
      </ul>
      <h2>{t('incident.timeline')}</h2>
      <TableFrame label={t('incident.timeline')}>
<table className="table">
        <thead>
          <tr>
            <th scope="col">WIB</th>
            <th scope="col">{t('report.since')}</th>
            <th scope="col">{t('report.what')}</th>
            <th scope="col">{t('report.who')}</th>
          </tr>
        </thead>
        <tbody>
          {incident.timeline.map((entry, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- entries of a timeline never change their place
            <tr key={place}>
              <td>{format.moment(Date.parse(entry.at)).replace(/ [^ ]+$/, '')} {format.time(Date.parse(entry.at))}</td>
              <td>{format.duration(Math.max(0, Date.parse(entry.at) - openedAt))}</td>
              <td>
                {t(`timeline.${entry.kind}`)}
                <EntryPlace entry={entry} />
                {entry.note === null ? null : <div className="document-text"><Name>{entry.note}</Name></div>}
              </td>
              <td><Name>{entry.actor ?? t('timeline.system')}</Name></td>
            </tr>
          ))}
        </tbody>
      </table>
</TableFrame>
      <h2>{t('incident.alarms')}</h2>
      <TableFrame label={t('incident.alarms')}>
<table className="table">
        <thead>
          <tr>
            <th scope="col">{t('devices.device')}</th>
            <th scope="col">{t('incident.worst')}</th>
            <th scope="col">{t('incident.limitTitle')}</th>
            <th scope="col">{t('incident.opened')}</th>
            <th scope="col">{t('incident.until')}</th>
          </tr>
        </thead>
        <tbody>
          {incident.alarms.map((alarm) => (
            <tr key={`${alarm.id}#${alarm.occurrence}`}>
              <td><Name>{label(alarm.name)}</Name> · <Name>{label(alarm.ownerName)}</Name></td>
              <td>{alarmValue(alarm, alarm.worst)}</td>
              <td>{alarm.limit === null ? '' : format.quantity(alarm.limit, alarm.unit)}</td>
              <td>{format.moment(Date.parse(alarm.since))}</td>
              <td>{alarm.until === null ? t('incident.standing') : format.moment(Date.parse(alarm.until))}</td>
            </tr>
          ))}
        </tbody>
      </table>
</TableFrame>
      {mayRead ? <Told incident={incident.id} /> : null}
      <footer className="document-foot">
        <span>{t('report.made', { time: format.moment(now) })}</span>
      </footer>
    </article>
  );
} // prettier-ignore

function Told({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useQuery(deliveriesQuery(useApi(), incident)).data ?? [];
  return (
    <>
      <h2>{t('report.told')}</h2>
      {list.length === 0 ? <p>{t('report.noneTold')}</p> : null}
      <ul>
        {[...list].reverse().map((each) => (
          <li key={each.id}>
            {format.moment(Date.parse(each.sentAt ?? each.createdAt))} · {each.person} · {t(`channel.${each.channel}`)} · {t(`delivery.${each.kind}`)} · {t(`deliveryState.${each.state}`)}
          </li>
        ))}
      </ul>
    </>
  );
} // prettier-ignore
