import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { usableValue } from '../../domain/value.ts';
import { usePoints } from '../live/hooks.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';
import { figurePoints } from './Figures.tsx';

/** The worst open incident's priority; NORMAL only while at least one usable value reports it. */
export function SiteState({
  site,
  worst,
}: {
  site: SiteView;
  worst: IncidentSummary | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const ids = Object.values(figurePoints(site.id));
  const get = usePoints(ids);
  const blind = ids.every((id) => usableValue(get(id)) === undefined);
  return (
    <span className="card-state">
      {blind ? <span className="blind">{t('state.noData')}</span> : null}
      {worst === undefined ? (
        blind ? null : (
          <span className="site-normal">NORMAL</span>
        )
      ) : (
        <SeverityMark priority={worst.priority} />
      )}
    </span>
  );
}
