import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { openAt, worstIncident } from '../../domain/severity.ts';
import { SiteState } from './SiteState.tsx';
import { Name } from '../parts/Name.tsx';

/** The state of every site while one of them has the wall: what is not shown must not be thought well. */
export function SiteStrip(props: {
  readonly sites: readonly SiteView[];
  readonly shown: SiteView | undefined;
  readonly incidents: readonly IncidentSummary[];
}): ReactNode {
  const { sites, shown, incidents } = props;
  const { t } = useTranslation();
  return (
    <ul className="strip" aria-label={t('stage.states')} data-testid="strip">
      {sites.map((site) => (
        <li key={site.id} className={site.id === shown?.id ? 'strip-shown' : ''}>
          <span className="strip-name" title={site.name}>
            <Name>{site.name}</Name>
          </span>
          <SiteState site={site} worst={worstIncident(openAt(incidents, { site: site.id }))} />
        </li>
      ))}
    </ul>
  );
}
