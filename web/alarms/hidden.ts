import type { useTranslation } from 'react-i18next';
import type { AlarmConditions } from '../../server/contracts/alarms.ts';

/** How an alarm is hidden, in words; `moment` says a time. */
export function hiddenTexts(
  { shelvedUntil, suppressed, suppressedBy, outOfService }: AlarmConditions,
  t: ReturnType<typeof useTranslation>['t'],
  moment: (time: string) => string,
): string[] {
  return [
    ...(shelvedUntil === null ? [] : [t('alarm.shelvedUntil', { time: moment(shelvedUntil) })]),
    ...(suppressedBy === null ? [] : [t('alarms.suppressedBy', { why: suppressedBy })]),
    ...(suppressed ? [t('alarm.isSuppressed')] : []),
    ...(outOfService ? [t('alarm.isOutOfService')] : []),
  ];
}
