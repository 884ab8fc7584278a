import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stateName, withWord } from '../../domain/devices.ts';
import type { PointView } from '../../server/contracts/points.ts';
import type { SiteView } from '../../server/contracts/sites.ts';

/** Words of a state point's codes, in the page's language; null for numbers. */
export function useStates(
  point: Pick<PointView, 'id' | 'unit' | 'quantity'>,
  site: SiteView | undefined,
): ReadonlyMap<number, string> | null {
  const { t } = useTranslation();
  return useMemo(() => {
    if (point.unit !== 'state') return null;
    const known = site?.devices.flatMap((device) => device.points).find((one) => one.id === point.id);
    const states = known?.states ?? (point.quantity === 'link' ? { '0': 'lost', '1': 'ok' } : {});
    return new Map(
      Object.keys(states).map((code) => {
        const name = stateName(states, Number(code));
        return [Number(code), withWord(t([`state.${name}`, name]), known?.words?.[code])];
      }),
    );
  }, [point, site, t]);
}
