import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RackView } from '../../server/contracts/sites.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { usePoints } from '../live/hooks.tsx';
import { Age, Value } from '../parts/Value.tsx';

/** What is known of the rack under the pointer or the focus, each value with its age. */
export function RackTip({ rack, cell }: { rack: RackView; cell: HTMLElement }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { points } = rack;
  const rows: readonly (readonly [string, string | null, string])[] = [
    [t('quantity.temperature'), points.temperature, '°C'],
    [t('quantity.humidity'), points.humidity, '%RH'],
    [t('quantity.dew-point'), points.dewPoint, '°C'],
    [t('site.feedA'), points.feedA, 'kW'],
    [t('site.feedB'), points.feedB, 'kW'],
    [t('site.total'), points.power, 'kW'],
    [t('site.afterLoss'), points.loadAfterLoss, 'kW'],
  ];
  const get = usePoints(rows.map(([, id]) => id).filter((id) => id !== null));
  const box = cell.getBoundingClientRect();
  const onRight = box.left > window.innerWidth / 2;
  const style = {
    top: Math.min(box.bottom + 8, window.innerHeight - 360),
    ...(onRight ? { right: window.innerWidth - box.right } : { left: box.left }),
  };
  return (
    <output className="tip" style={style}>
      <b>{rack.label}</b>
      <span>
        {t(`function.${rack.function}`)} · {t('site.limit')} {format.quantity(rack.limitKw, 'kW')}
      </span>
      <dl>
        {rows.map(([name, id, unit]) =>
          id === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Value point={get(id)} unit={unit} />
              </dd>
              <dd className="tip-age">{get(id)?.stale === false ? <Age at={get(id)?.at ?? 0} /> : null}</dd>
            </div>
          ),
        )}
      </dl>
    </output>
  );
}
