import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteView } from '../../server/contracts/sites.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { placeInBand } from '../../domain/band.ts';
import { figurePoints } from '../../domain/site-state.ts';
import type { Severity } from '../../domain/severity.ts';
import { usableValue } from '../../domain/value.ts';
import { usePoint } from '../live/hooks.tsx';
import { BandBar } from '../parts/BandBar.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { Value } from '../parts/Value.tsx';

export const Figures = memo(function Figures({ site, tone }: { site: SiteView; tone: Severity }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const points = figurePoints(site.id);
  const { temperature, humidity, capacityKw } = site.limits;
  return (
    <div className={`figures sev-${tone}`}>
      <Figure id={points.temperature} unit="°C" min={temperature.min} max={temperature.max} clause={temperature.clause}
        name={t('figure.temperature')} caption={`${t('figure.max')} · ${temperature.min}–${temperature.max}`} />
      <Figure id={points.humidity} unit="%RH" min={humidity.min} max={humidity.max} clause={humidity.clause}
        name={t('figure.humidity')} caption={`${t('figure.mean')} · ${humidity.min}–${humidity.max}`} />
      <Figure id={points.power} unit="kW" max={capacityKw} clause={site.limits.rackPower.clause}
        name={t('figure.power')} caption={t('figure.of', { capacity: format.quantity(capacityKw, 'kW') })} />
    </div>
  ); // prettier-ignore
});

interface FigureProps {
  readonly id: string;
  readonly unit: string;
  readonly min?: number;
  readonly max: number;
  readonly clause: string;
  readonly name: string;
  readonly caption: string;
}

function Figure({ id, unit, min, max, clause, name, caption }: FigureProps): ReactNode {
  const { t } = useTranslation();
  const point = usePoint(id);
  const open = useOpenHistory();
  const value = usableValue(point);
  const band = min === undefined ? { max } : { min, max };
  const side = value === undefined ? 'in' : placeInBand(value, band).side;
  return (
    <button
      type="button"
      className={`figure figure--${side}`}
      title={`${name} · ${t('figure.clause', { clause })}`}
      data-point={id}
      onClick={() => {
        open(id);
      }}
    >
      <span className="hidden">{name} </span>
      <span className="figure-value">
        <Value point={point} unit={unit} big />
      </span>
      <BandBar value={value} max={max} {...(min === undefined ? {} : { min })} />
      <span className="figure-caption">{caption}</span>
    </button>
  );
}
