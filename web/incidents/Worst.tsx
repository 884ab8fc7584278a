import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OccurrenceView } from '../../server/contracts/alarms.ts';
import { useAlarmValue } from '../alarms/value.ts';
import { useSites } from '../api/queries.ts';
import { stateName } from '../../domain/devices.ts';
import { usableValue } from '../../domain/value.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { usePoint } from '../live/hooks.tsx';
import { Value } from '../parts/Value.tsx';
import { Name } from '../parts/Name.tsx';

/** Which thing it is, what it was when the alarm came and what it is now: before anything else on a phone. */
export function Worst({ worst }: { worst: OccurrenceView }): ReactNode {
  const { t } = useTranslation();
  const label = useLabel();
  const alarmValue = useAlarmValue();
  const live = usePoint(worst.point);
  const quantity = worst.point.split('/').at(-1) ?? '';
  const states = useStates(worst.point);
  const value = usableValue(live);
  const word = states === null || value === undefined ? undefined : t([`state.${stateName(states, value)}`, stateName(states, value)]);
  return (
    <p className="incident-worst" data-testid="worst">
      <b>
        <Name>{label(worst.ownerName)}</Name>
      </b>{' '}
      {t([`quantity.${quantity}`, quantity])}: {t('incident.atRaise')} <b>{alarmValue(worst, worst.value)}</b> · {t('incident.now')}{' '}
      <b>
        <Value point={live} unit={worst.unit} word={word} />
      </b>
    </p>
  );
} // prettier-ignore

/** Names of the codes of a point; null for a number, or while the sites are not known. */
function useStates(point: string): Readonly<Record<string, string>> | null {
  const sites = useSites().data ?? [];
  const site = sites.find(({ id }) => point.startsWith(`${id}/`));
  return site?.devices.flatMap(({ points }) => points).find(({ id }) => id === point)?.states ?? null;
}
