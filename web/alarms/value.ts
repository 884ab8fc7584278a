import { useTranslation } from 'react-i18next';
import type { OccurrenceView } from '../../server/contracts/alarms.ts';
import { useFormat } from '../format/FormatContext.tsx';

/** The value of an alarm as people read it: the name of its state, or a number with its unit. */
export function useAlarmValue(): (
  alarm: Pick<OccurrenceView, 'state' | 'unit'>,
  value: number | null,
) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ state, unit }, value) => {
    if (state !== null) return t([`state.${state}`, state]);
    return value === null ? '–' : format.quantity(value, unit);
  };
}
