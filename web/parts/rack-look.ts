import { placeInBand, strength } from '../../domain/band.ts';
import type { LayerView } from '../../domain/plan.ts';
import { standing, type PointValue } from '../../domain/value.ts';

/** How a cell of the plan shows a value. */
export interface RackLook {
  readonly className: string;
  /** How far beyond its band, of what is as bad as it gets: `0%` to `100%`. */
  readonly share: string;
  /** The value, where it can be believed. */
  readonly value: number | null;
}

/** `value` undefined: nothing measures the rack in this layer. */
export function rackLook({ band, full }: Pick<LayerView, 'band' | 'full'>, point: PointValue | undefined): RackLook {
  if (point === undefined) return { className: 'cell cell--none', share: '0%', value: null };
  const how = standing(point);
  if (point.value === null || (how !== 'good' && how !== 'uncertain'))
    return { className: `cell cell--${how}`, share: '0%', value: null };
  const { side, excess } = placeInBand(point.value, band);
  return {
    className: `cell cell--${how}${side === 'in' ? '' : ` cell--${side}`}`,
    share: `${Math.round(strength(excess, full) * 100)}%`,
    value: point.value,
  };
} // prettier-ignore

/** Writes only what differs: of seven hundred racks within their band nothing does, however often their values change. */
export function paintRack(cell: HTMLElement, look: RackLook, label: string | undefined): void {
  if (cell.className !== look.className) cell.className = look.className;
  if (cell.style.getPropertyValue('--share') !== look.share) cell.style.setProperty('--share', look.share);
  if (label !== undefined && cell.getAttribute('aria-label') !== label)
    cell.setAttribute('aria-label', label);
}
