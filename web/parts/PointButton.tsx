import { useCallback, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { stateName, withWord, type DevicePoint } from '../../domain/devices.ts';
import { isCalmState } from '../../domain/shown.ts';
import { usableValue } from '../../domain/value.ts';
import { partName } from '../../config/schema/part-names.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { usePoint } from '../live/hooks.tsx';
import { Name } from './Name.tsx';
import { Value } from './Value.tsx';
import './point.css';

/** Opens a point's history beside the page it is on. */
export function useOpenHistory(): (id: string) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (id) => {
      setSearch((search) => {
        const next = new URLSearchParams(search);
        next.set('titik', id);
        return next;
      });
    },
    [setSearch],
  );
}

/** A live value that opens its history. */
export function PointButton({ point, named = false }: { point: DevicePoint; named?: boolean }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const open = useOpenHistory();
  const live = usePoint(point.id);
  const value = usableValue(live);
  const state =
    point.states === null || live.value === null ? undefined : stateName(point.states, live.value);
  const odd = state !== undefined && value !== undefined && !isCalmState(state);
  const name = t([`quantity.${point.quantity}`, point.quantity]);
  return (
    <button
      type="button"
      className={`point${odd ? ' point--odd' : ''}`}
      data-point={point.id}
      onClick={() => {
        open(point.id);
      }}
    >
      <span className={named ? 'point-name' : 'hidden'}>{name} </span>
      {point.part === null ? null : (
        <span className="point-part">
          <Name>{label(partName(point.part))}</Name>
        </span>
      )}
      <Value
        point={live}
        unit={point.unit}
        word={
          state === undefined
            ? undefined
            : withWord(t([`state.${state}`, state]), point.words?.[String(live.value)])
        }
      />
    </button>
  );
}
