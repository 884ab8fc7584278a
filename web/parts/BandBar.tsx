import type { ReactNode } from 'react';
import { placeInBand, positionOnBar, scaleAround } from '../../domain/band.ts';
import './bandbar.css';

interface BandBarProps {
  readonly value: number | undefined;
  /** Both: a band with the value's mark in it. Only a maximum: filled from nought to the value. */
  readonly min?: number;
  readonly max: number;
}

/** Where a figure lies between its limits. Hidden from screen readers, because the numbers are shown beside it. */
export function BandBar({ value, min, max }: BandBarProps): ReactNode {
  if (min === undefined) {
    const share = value === undefined ? 0 : positionOnBar(value, { from: 0, to: max });
    return (
      <div className="bar" aria-hidden="true">
        <i className="bar-fill" style={{ width: `${share * 100}%` }} />
      </div>
    );
  }
  const scale = scaleAround({ min, max });
  const left = positionOnBar(min, scale) * 100;
  const right = positionOnBar(max, scale) * 100;
  return (
    <div className="bar" aria-hidden="true">
      <i className="bar-band" style={{ left: `${left}%`, width: `${right - left}%` }} />
      {value === undefined ? null : (
        <i
          className={`bar-mark bar-mark--${placeInBand(value, { min, max }).side}`}
          style={{ left: `${positionOnBar(value, scale) * 100}%` }}
        />
      )}
    </div>
  );
}
