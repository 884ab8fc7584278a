import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { DisasterMark } from '../incidents/DisasterMark.tsx';
import { useFormat, useLabel } from '../format/FormatContext.tsx';
import { byUrgency, isWaiting, leftMs, severityOf } from '../../domain/severity.ts';
import { useNow } from '../live/hooks.tsx';
import { Fit } from '../parts/Fit.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';

/** Rows on the wall; more would take the plans' place, and what is worst is on top. */
const shown = 3;

interface IncidentFootProps {
  /** Undefined until first fetched: "no incidents" must not be shown before that. */
  readonly incidents: readonly IncidentSummary[] | undefined;
  readonly sites: readonly SiteView[];
  /** Of a replay: the time that was left then is not kept. */
  readonly past?: boolean;
}

/** Open incidents by priority, then by what is due first. */
export function IncidentFoot({ incidents, sites, past = false }: IncidentFootProps): ReactNode {
  const { t } = useTranslation();
  const sorted = [...(incidents ?? [])].sort(byUrgency);
  if (sorted.length === 0) {
    return <p className="foot-none">{t(incidents === undefined ? 'incident.unknown' : 'incident.none')}</p>;
  }
  return (
    <ol className="foot" aria-label={t('page.incidents')} data-testid="incidents">
      {sorted.slice(0, shown).map((incident) => (
        <Row
          key={incident.id}
          incident={incident}
          past={past}
          site={sites.find((site) => site.id === incident.site)?.name ?? incident.site}
        />
      ))}
      {sorted.length > shown ? (
        <li className="foot-more">
          <Link to="/gangguan">{t('incident.more', { count: sorted.length - shown })}</Link>
        </li>
      ) : null}
    </ol>
  );
}

function Row({
  incident,
  site,
  past,
}: {
  incident: IncidentSummary;
  site: string;
  past: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useLabel();
  const now = useNow();
  const left = leftMs(incident, now);
  const title = label(incident.title);
  return (
    <li>
      <Link className={`foot-row sev-${severityOf(incident.priority)}`} to={`/gangguan/${incident.id}`}>
        <SeverityMark priority={incident.priority} />
        <Fit text={title} className="foot-title">
          <DisasterMark incident={incident} />
        </Fit>
        <span className="foot-facts">
          <Fit text={site} className="foot-site" />
          <span>· {t('incident.since', { time: sinceText(incident.openedAt) })}</span>
        </span>
        {past ? null : (
          <span className={left < 0 ? 'foot-due foot-due--over' : 'foot-due'}>
            {t(left < 0 ? 'incident.overdue' : 'incident.left', { time: format.duration(Math.abs(left)) })}
          </span>
        )}
        {isWaiting(incident) ? (
          <span className="foot-who foot-who--waiting">{t('incident.waiting')}</span>
        ) : (
          <Fit text={incident.acknowledgedBy ?? t('incident.acknowledged')} className="foot-who">
            <Check aria-hidden="true" />{' '}
          </Fit>
        )}
      </Link>
    </li>
  );
  function sinceText(openedAt: string): string {
    const at = Date.parse(openedAt);
    return now - at > 20 * 3_600_000 ? format.moment(at) : format.clock(at);
  }
}
