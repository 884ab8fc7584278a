import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import { weekdayName, type RepeatDraft } from './repetition.ts';

const everyOptions = ['none', 'week', 'month'] as const;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** Whether the visit comes again: then it is a series, and each visit gets its own ticket two weeks before. */
export function RepeatFields({
  draft,
  onChange,
}: {
  draft: RepeatDraft;
  onChange: (next: RepeatDraft) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { every } = draft;
  return (
    <fieldset>
      <legend>{t('repeat.title')}</legend>
      <label className="field">
        {t('repeat.every')}
        <select className="input" value={every} onChange={({ target }) => { onChange({ ...draft, every: everyOptions.find((option) => option === target.value) ?? 'none' }); }}>
          {everyOptions.map((option) => <option key={option} value={option}>{t(`repeat.option.${option}`)}</option>)}
        </select>
      </label>
      {every === 'none' ? null : (
        <>
          <div className="pair">
            <label className="field">
              {t(`repeat.interval.${every}`)}
              <input className="input" type="number" min={1} max={every === 'week' ? 26 : 12} required value={draft.interval} onChange={({ target }) => { onChange({ ...draft, interval: target.value }); }} />
            </label>
            <label className="field">
              {t('repeat.untilDay')}
              <input className="input" type="date" required value={draft.until} onChange={({ target }) => { onChange({ ...draft, until: target.value }); }} />
            </label>
          </div>
          {every === 'week' ? (
            <fieldset>
              <legend>{t('repeat.weekdays')}</legend>
              <div className="checks">
                {weekdays.map((day) => (
                  <label key={day}>
                    <input type="checkbox" checked={draft.weekdays.includes(day)} onChange={({ target }) => { onChange({ ...draft, weekdays: target.checked ? [...draft.weekdays, day] : draft.weekdays.filter((each) => each !== day) }); }} />
                    {weekdayName(day, language)}
                  </label>
                ))}
              </div>
              <small>{t('repeat.weekdaysHint')}</small>
            </fieldset>
          ) : (
            <label className="check">
              <input type="checkbox" checked={draft.on === 'weekday'} onChange={({ target }) => { onChange({ ...draft, on: target.checked ? 'weekday' : 'day' }); }} />
              {t('repeat.onWeekday')}
            </label>
          )}
          <small>{t('repeat.hint')}</small>
        </>
      )}
    </fieldset>
  ); // prettier-ignore
}
