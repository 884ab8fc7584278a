import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useSites } from '../api/queries.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { isWaiting, leftMs, severityOf } from '../../domain/severity.ts';
import { useLive, useNow } from '../live/hooks.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Name } from '../parts/Name.tsx';
import './incidents.css';

/** One incident in a list: what, where, since when, how long is left, who has it. `children` stand before it. */
export function IncidentRow({
  incident,
  children,
}: {
  incident: IncidentSummary;
  children?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const site = useSites().data?.find((one) => one.id === incident.site);
  const room = site?.rooms.find((one) => one.id === incident.room);
  return (
    <li data-incident={incident.id}>
      {children}
      <Link className={`incident-row sev-${severityOf(incident.priority)}`} to={`/gangguan/${incident.id}`}>
        <SeverityMark priority={incident.priority} />
        <span className="incident-what">
          <b><Name>{label(incident.title)}</Name></b>
          <span>
            {[site?.name ?? incident.site, room === undefined ? incident.room : label(room.name), incident.active > 1 ? t('incident.affected', { count: incident.active }) : ''].filter(Boolean).join(' · ')}
          </span>
        </span>
        <span className="incident-when">
          {t('incident.since', { time: format.moment(Date.parse(incident.openedAt)) })}
          <br />
          <Until incident={incident} />
        </span>
        <span className={isWaiting(incident) ? 'incident-who incident-who--waiting' : 'incident-who'}>
          {incident.assignedTo === null ? '' : <>→ <Name>{incident.assignedTo}</Name> </>}
          {incident.acknowledgedAt === null ? '' : <>✓ <Name>{incident.acknowledgedBy ?? ''}</Name> </>}
          {isWaiting(incident) ? t(incident.state === 'returned' ? 'incident.returnedWaiting' : 'incident.waiting') : ''}
          {incident.durable ? null : <small className="not-durable">{t('incident.notDurableShort')}</small>}
        </span>
      </Link>
    </li>
  ); // prettier-ignore
}

/** How long is left while the condition stands; then when it was over, and when that was seen. */
export function Until({ incident: { resolvedAt, returnedAt, ...incident } }: { incident: IncidentSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (resolvedAt !== null) return t('incident.resolvedAt', { time: format.moment(Date.parse(resolvedAt)) });
  // One that was reopened has its clock running again.
  if (returnedAt !== null && incident.reopenedAt === null) return t('incident.returnedAt', { time: format.moment(Date.parse(returnedAt)) });
  return <Left incident={{ ...incident, resolvedAt, returnedAt }} />;
} // prettier-ignore

/** What is left of the time to resolve. */
function Left({ incident }: { incident: IncidentSummary }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const live = useLive();
  // Seconds are shown only of what is due within the hour: a long list does not draw itself every second.
  const soon = Math.abs(leftMs(incident, live.now())) < 3_600_000;
  const left = leftMs(incident, useNow(soon ? 1_000 : 30_000));
  const { state, clock } = incident.sla;
  return (
    <>
      <b className={left < 0 ? 'over' : ''}>
        {t(left < 0 ? 'incident.overdue' : 'incident.left', { time: format.duration(Math.abs(left)) })}
      </b>
      {clock === 'working-hours' || state === 'paused' ? (
        <small className="sla-state">{t(`sla.${state === 'counting' || state === 'stopped' ? 'working' : state}`)}</small>
      ) : null}
    </>
  ); // prettier-ignore
}
