import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { Name } from '../parts/Name.tsx';

const mostShown = 20;

/** What went wrong in the time that is shown, in words and with a way there. */
export function Incidents({ incidents }: { incidents: readonly IncidentSummary[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  return (
    <section className="panel trend-incidents">
      <h2>{t('trend.inRange')}</h2>
      {incidents.length === 0 ? <p className="note">{t('trend.noIncidents')}</p> : null}
      <ul>
        {incidents.slice(0, mostShown).map(({ id, priority, title, openedAt, resolvedAt }) => (
          <li key={id}>
            <SeverityMark priority={priority} />{' '}
            <Link to={`/gangguan/${id}`}>
              <Name>{label(title)}</Name>
            </Link>{' '}
            <small>
              {format.moment(Date.parse(openedAt))}
              {resolvedAt === null ? '' : ` – ${format.moment(Date.parse(resolvedAt))}`}
            </small>
          </li>
        ))}
      </ul>
      {incidents.length > mostShown ? (
        <p className="note">{t('incident.more', { count: incidents.length - mostShown })}</p>
      ) : null}
    </section>
  );
}
