import { memo, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { ofKind, pointOf, stateOf } from '../../domain/devices.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { usePoints } from '../live/hooks.tsx';
import { Name } from '../parts/Name.tsx';

/** The cooling units one by one, where one site has the wall: running is grey, standby hollow, all else marked and in words. */
export const CoolingUnits = memo(function CoolingUnits({ site }: { site: SiteView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const units = useMemo(
    () => ofKind(site.devices, 'pac').map((device) => ({ device, point: pointOf(device, 'system-state') })),
    [site],
  );
  const get = usePoints(
    useMemo(() => units.flatMap(({ point }) => (point === undefined ? [] : [point.id])), [units]),
  );
  return (
    <ul className="units" aria-label={t('kind.pac')}>
      {units.map(({ device, point }) => {
        const state = stateOf(point, get);
        const calm = state === 'on' || state === 'standby';
        return (
          <li key={device.id} className={`unit unit--${state === undefined ? 'unknown' : calm ? state : 'odd'}`}>
            <b>
              <Name>{label(device.name)}</Name>
            </b>{' '}
            <span className={calm ? 'hidden' : ''}>{state === undefined ? '?' : t(`state.${state}`)}</span>
          </li>
        );
      })}
    </ul>
  ); // prettier-ignore
});
