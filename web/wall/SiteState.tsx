import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { knowledgeOf, partPoints, partsOf } from '../../domain/site-state.ts';
import { useLive, useNow, useWatch } from '../live/hooks.tsx';
import { SeverityMark } from '../parts/SeverityMark.tsx';

/**
 * The worst of what is known and of what is not: the worst open incident's priority, beside it how much has no data. NORMAL
 * only while everything is known. Judged once a second: it looks at every rack.
 */
export function SiteState({
  site,
  worst,
}: {
  site: SiteView;
  worst: IncidentSummary | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const { store } = useLive();
  const parts = useMemo(() => partsOf(site), [site]);
  useWatch(useMemo(() => partPoints(parts), [parts]));
  useNow();
  const { blind, silent } = knowledgeOf(parts, (id) =>
    id === null || id === undefined ? undefined : store.get(id),
  );
  const known = blind || silent > 0 ? null : <span className="site-normal">{t('state.allNormal')}</span>;
  return (
    <span className="card-state">
      {blind ? (
        <span className="blind">{t('state.noData')}</span>
      ) : silent > 0 ? (
        <span className="blind">{t('state.partlyNoData', { count: silent })}</span>
      ) : null}
      {worst === undefined ? known : <SeverityMark priority={worst.priority} />}
    </span>
  );
}
