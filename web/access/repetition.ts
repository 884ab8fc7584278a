import type { TFunction } from 'i18next';
import type { Repetition } from '../../server/contracts/ticket-series.ts';

/** What the form holds of how often a visit comes again; texts, as fields do. */
export interface RepeatDraft {
  readonly every: 'none' | 'week' | 'month';
  readonly interval: string;
  /** Monday is 1; empty: that of the first visit. */
  readonly weekdays: readonly number[];
  readonly on: 'day' | 'weekday';
  readonly until: string;
}

export const noRepeat: RepeatDraft = { every: 'none', interval: '1', weekdays: [], on: 'day', until: '' };

/** As the API takes it; undefined: the visit is a single one. */
export function repetitionOf({ every, interval, weekdays, on, until }: RepeatDraft): Repetition | undefined {
  const common = { interval: Math.max(1, Number.parseInt(interval, 10) || 1), until };
  if (every === 'none') return undefined;
  if (every === 'month') return { every, on, ...common };
  return {
    every,
    ...common,
    ...(weekdays.length === 0 ? {} : { weekdays: weekdays.toSorted((one, other) => one - other) }),
  };
}

/** The name of a weekday, Monday 1. */
export function weekdayName(day: number, language: 'id' | 'en'): string {
  // 5 January 2026 is a Monday.
  const date = new Date(Date.UTC(2026, 0, 4 + day));
  return date.toLocaleDateString(language === 'id' ? 'id-ID' : 'en-GB', { weekday: 'long', timeZone: 'UTC' });
}

/** `tiap 2 minggu, Senin dan Kamis, sampai 31 Des 2026`. */
export function repetitionText(repetition: Repetition, language: 'id' | 'en', t: TFunction): string {
  const { every, interval, until, count } = repetition;
  const parts = [t(`repeat.${every}`, { count: interval, interval })];
  if (repetition.every === 'week' && repetition.weekdays !== undefined)
    parts.push(repetition.weekdays.map((day) => weekdayName(day, language)).join(', '));
  if (repetition.every === 'month' && repetition.on === 'weekday') parts.push(t('repeat.sameWeekday'));
  if (until !== undefined) parts.push(t('repeat.until', { day: until }));
  if (count !== undefined) parts.push(t('repeat.times', { count }));
  return parts.join(', ');
}
