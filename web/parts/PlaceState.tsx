import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { knowledgeOf, partPoints, type SiteParts } from '../../domain/site-state.ts';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import { useLive, useNow, useWatch } from '../live/hooks.tsx';
import { SeverityMark } from './SeverityMark.tsx';

interface PlaceStateProps {
  /** What must be known of the place; the same object until the configuration changes. */
  readonly parts: SiteParts;
  readonly worst: IncidentSummary | undefined;
}

/**
 * The worst of what is known and of what is not: the worst open incident's priority, beside it how much has no data. NORMAL
 * only while everything is known. Judged once a second: a site has hundreds of racks.
 */
export function PlaceState({ parts, worst }: PlaceStateProps): ReactNode {
  const { t } = useTranslation();
  const { store } = useLive();
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
