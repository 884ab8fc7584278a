import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { placeInBand } from '../../domain/band.ts';
import { usableValue } from '../../domain/value.ts';
import { usePoint } from '../live/hooks.tsx';
import { BandBar } from '../parts/BandBar.tsx';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { Value } from '../parts/Value.tsx';

interface FigureProps {
  readonly name: string;
  /** Null: nothing measures it, and nothing is shown. */
  readonly id: string | null;
  readonly unit: string;
  readonly min?: number;
  readonly max: number;
  readonly clause: string;
}

/** A live value between its limits, with their clause; opens its history. */
export function Figure({ id, ...props }: FigureProps): ReactNode {
  return id === null ? null : <LiveFigure {...props} id={id} />;
}

function LiveFigure({ name, id, unit, min, max, clause }: FigureProps & { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const point = usePoint(id);
  const open = useOpenHistory();
  const value = usableValue(point);
  const band = min === undefined ? { max } : { min, max };
  const side = value === undefined ? 'in' : placeInBand(value, band).side;
  return (
    <button
      type="button"
      className={`place-figure sev-p3 figure--${side}`}
      title={t('figure.clause', { clause })}
      data-point={id}
      onClick={() => {
        open(id);
      }}
    >
      <span className="place-name">{name} </span>
      <span className="place-value">
        <Value point={point} unit={unit} />
      </span>
      <BandBar value={value} max={max} {...(min === undefined ? {} : { min })} />
    </button>
  );
}
