import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { placeInBand } from '../../domain/band.ts';
import { layerOf, type Layer } from '../../domain/plan.ts';
import { usableValue } from '../../domain/value.ts';
import { useLive, useNow } from '../live/hooks.tsx';

/** What the plan shows, and how many racks are out of their band or without data; counted once a second. */
export const PlanCaption = memo(function PlanCaption({
  site,
  layer,
}: {
  site: SiteView;
  layer: Layer;
}): ReactNode {
  const { t } = useTranslation();
  const { store } = useLive();
  useNow();
  const views = useMemo(() => site.racks.map((rack) => layerOf(site, rack, layer)), [site, layer]);
  let out = 0;
  let silent = 0;
  for (const view of views) {
    if (view.point === null) continue;
    const value = usableValue(store.get(view.point));
    if (value === undefined) silent += 1;
    else if (placeInBand(value, view.band).side !== 'in') out += 1;
  }
  return (
    <p className="plan-caption">
      <span>{t(`layer.${layer}`)}</span>
      <span>
        {out > 0 ? <b>{t('plan.out', { count: out })}</b> : null}
        {out > 0 && silent > 0 ? ' · ' : ''}
        {silent > 0 ? t('plan.silent', { count: silent }) : null}
        {out + silent === 0 ? t('plan.inBand', { count: views.length }) : null}
      </span>
    </p>
  );
});
