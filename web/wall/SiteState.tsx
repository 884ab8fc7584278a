import { memo, useMemo, type ReactNode } from 'react';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { partsOf } from '../../domain/site-state.ts';
import { PlaceState } from '../parts/PlaceState.tsx';

export const SiteState = memo(function SiteState({
  site,
  worst,
}: {
  site: SiteView;
  worst: IncidentSummary | undefined;
}): ReactNode {
  const parts = useMemo(() => partsOf(site), [site]);
  return <PlaceState parts={parts} worst={worst} />;
});
