import {
  memo,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  type CSSProperties,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { RackView, SiteView } from '../../server/contracts/sites.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { layerOf, planOf, type Layer, type LayerView } from '../../domain/plan.ts';
import type { Severity } from '../../domain/severity.ts';
import { useLive } from '../live/hooks.tsx';
import type { PointStore } from '../live/store.ts';
import { paintRack, rackLook, type RackLook } from './rack-look.ts';
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
export const HallPlan = memo(function HallPlan(props: HallPlanProps): ReactNode {
  const { site, layer, tone, onPick, onPoint } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const isPicture = onPick === undefined;
  const say = useMemo<Say | undefined>(
    () =>
      isPicture
        ? undefined
        : (value, unit) => (value === null ? t('quality.no-value') : format.quantity(value, unit)),
    [isPicture, t, format],
  );
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
                    say={say}
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
});

function columns(count: number, rows: number): CSSProperties & Record<'--columns' | '--rows', number> {
  return { '--columns': count, '--rows': rows };
}

interface RackProps extends Pick<HallPlanProps, 'site' | 'layer'> {
  readonly rack: RackView;
  readonly onPick: HallPlanProps['onPick'] | undefined;
  readonly onPoint: HallPlanProps['onPoint'] | undefined;
  /** Absent: the picture on the wall has no names to be read out. */
  readonly say: Say | undefined;
}

/** A value, for those who hear the page; null where there is none to be believed. */
type Say = (value: number | null, unit: string) => string;

/**
 * A cell writes its value's look into the page itself: three thousand changes a second would be as many renderings. What React renders
 * is the look of that moment, from the same store.
 */
const Rack = memo(function Rack({ site, rack, layer, say, onPick, onPoint }: RackProps): ReactNode {
  const { store } = useLive();
  const cell = useRef<HTMLElement>(null);
  const hold = useCallback((element: HTMLElement | null) => {
    cell.current = element;
  }, []);
  const { limits } = site;
  const view = useMemo(() => layerOf({ limits }, rack, layer), [limits, rack, layer]);
  useLayoutEffect(() => {
    if (view.point === null) return undefined;
    const paint = (): void => {
      const look = lookOf(store, view);
      if (cell.current !== null) paintRack(cell.current, look, say && labelOf({ rack, view, look, say }));
    };
    paint();
    return store.watch([view.point], paint);
  }, [store, rack, view, say]);
  const now = lookOf(store, view);
  const style: CSSProperties & Record<'--share', string> = { '--share': now.share };
  if (onPick === undefined)
    return <i ref={hold} className={now.className} style={style} data-rack={rack.id} />;
  return (
    <button
      ref={hold}
      type="button"
      className={now.className}
      style={style}
      data-rack={rack.id}
      data-number={rack.number}
      aria-label={say && labelOf({ rack, view, look: now, say })}
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
});

function lookOf(store: PointStore, view: LayerView): RackLook {
  return rackLook(view, view.point === null ? undefined : store.get(view.point));
}

function labelOf(shown: { rack: RackView; view: LayerView; look: RackLook; say: Say }): string {
  const { rack, view, look, say } = shown;
  return `${rack.label}: ${view.point === null ? '–' : say(look.value, view.unit)}`;
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
