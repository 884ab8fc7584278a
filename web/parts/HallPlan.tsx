import { memo, useMemo, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RackView, SiteView } from '../../server/contracts/sites.ts';
import { placeInBand, strength } from '../../domain/band.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { layerOf, planOf, type Layer } from '../../domain/plan.ts';
import type { Severity } from '../../domain/severity.ts';
import { standing } from '../../domain/value.ts';
import { usePoint } from '../live/hooks.tsx';
import './plan.css';

interface HallPlanProps {
  readonly site: SiteView;
  readonly layer: Layer;
  /** Colour of what is out of its band: that of the incident it belongs to. */
  readonly tone: Severity;
  /** Makes every rack a button of one keyboard stop; absent, the plan is a picture. */
  readonly onPick?: (rack: RackView) => void;
  readonly onPoint?: (rack: RackView | null, cell: HTMLElement | null) => void;
}

/** The halls as plans: a cell per rack at its place, grey until it leaves its band. */
export function HallPlan({ site, layer, tone, onPick, onPoint }: HallPlanProps): ReactNode {
  const { t } = useTranslation();
  const halls = useMemo(() => planOf(site.racks), [site.racks]);
  return (
    <div className={`plan sev-${tone}`} data-testid={`plan-${site.id}`}>
      {halls.map((hall) => (
        <figure
          key={hall.room}
          className="plan-hall"
          aria-label={t('plan.label', { site: site.name, count: site.racks.length })}
          style={columns(hall.columns, hall.rows.length)}
        >
          {hall.rows.map((row) => (
            <div key={row.row} className="plan-row">
              <span className="plan-name">{row.row}</span>
              {row.places.map(({ number, rack }) =>
                rack === null ? (
                  <i key={number} className="plan-gap" />
                ) : (
                  <Rack
                    key={rack.id}
                    site={site}
                    rack={rack}
                    layer={layer}
                    onPick={onPick}
                    onPoint={onPoint}
                  />
                ),
              )}
            </div>
          ))}
        </figure>
      ))}
    </div>
  );
}

function columns(count: number, rows: number): CSSProperties & Record<'--columns' | '--rows', number> {
  return { '--columns': count, '--rows': rows };
}

interface RackProps {
  readonly site: SiteView;
  readonly rack: RackView;
  readonly layer: Layer;
  readonly onPick: ((rack: RackView) => void) | undefined;
  readonly onPoint: ((rack: RackView | null, cell: HTMLElement | null) => void) | undefined;
}

const Rack = memo(function Rack({ site, rack, layer, onPick, onPoint }: RackProps): ReactNode {
  const { point } = layerOf(site, rack, layer);
  if (point === null)
    return <CellBox rack={rack} className="cell cell--none" said="–" onPick={onPick} onPoint={onPoint} />;
  return <LiveCell id={point} site={site} rack={rack} layer={layer} onPick={onPick} onPoint={onPoint} />;
});

function LiveCell({ id, site, rack, layer, onPick, onPoint }: RackProps & { id: string }): ReactNode {
  const point = usePoint(id);
  const { t } = useTranslation();
  const format = useFormat();
  const view = layerOf(site, rack, layer);
  const how = standing(point);
  const believable = point.value !== null && (how === 'good' || how === 'uncertain');
  const place = believable ? placeInBand(point.value, view.band) : null;
  const side = place === null || place.side === 'in' ? '' : ` cell--${place.side}`;
  const className = `cell cell--${how}${side}`;
  const share = place === null ? 0 : strength(place.excess, view.full);
  // The picture on the wall has no names to be read out.
  const said =
    onPick === undefined ? '' : believable ? format.quantity(point.value, view.unit) : t('quality.no-value');
  return (
    <CellBox rack={rack} className={className} share={share} said={said} onPick={onPick} onPoint={onPoint} />
  );
}

interface CellBoxProps extends Pick<RackProps, 'rack' | 'onPick' | 'onPoint'> {
  readonly className: string;
  readonly share?: number;
  /** The value, for those who hear the page. */
  readonly said: string;
}

function CellBox({ rack, className, share = 0, said, onPick, onPoint }: CellBoxProps): ReactNode {
  const style: CSSProperties & Record<'--share', string> = { '--share': `${Math.round(share * 100)}%` };
  if (onPick === undefined) return <i className={className} style={style} data-rack={rack.id} />;
  return (
    <button
      type="button"
      className={className}
      style={style}
      data-rack={rack.id}
      data-number={rack.number}
      aria-label={`${rack.label}: ${said}`}
      tabIndex={rack.number === 1 ? 0 : -1}
      onClick={() => {
        onPick(rack);
      }}
      onKeyDown={moveFocus}
      onFocus={(event) => onPoint?.(rack, event.currentTarget)}
      onBlur={() => onPoint?.(null, null)}
      onMouseEnter={(event) => onPoint?.(rack, event.currentTarget)}
      onMouseLeave={() => onPoint?.(null, null)}
    />
  );
}

/** Arrows walk over the plan: a row is one stop of the tab key. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const cell = event.target;
  if (!(cell instanceof HTMLElement) || cell.dataset['rack'] === undefined) return;
  const next = neighbour(cell, event.key);
  if (!(next instanceof HTMLButtonElement)) return;
  event.preventDefault();
  next.focus();
}

function neighbour(cell: HTMLElement, key: string): Element | null | undefined {
  const row = cell.parentElement;
  const above = `[data-number="${cell.dataset['number'] ?? ''}"]`;
  switch (key) {
    case 'ArrowRight':
      return cell.nextElementSibling;
    case 'ArrowLeft':
      return cell.previousElementSibling;
    case 'ArrowDown':
      return row?.nextElementSibling?.querySelector(above);
    case 'ArrowUp':
      return row?.previousElementSibling?.querySelector(above);
    case 'Home':
      return row?.querySelector('[data-rack]');
    case 'End':
      return row?.lastElementChild;
    default:
      return null;
  }
}
