import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Range } from '../history/drawing.ts';
import { Choice } from '../parts/Choice.tsx';
import { bounded, comparisonNames, fromWibField, lengthNames, moved, wibField, zoomed, type TrendView } from './view.ts'; // prettier-ignore

interface TimeBarProps {
  readonly view: TrendView;
  /** What is drawn now. */
  readonly range: Range;
  readonly now: () => number;
  readonly onChange: (change: Partial<TrendView>) => void;
}

type Chosen = (typeof lengthNames)[number] | 'own';

/** Which time is shown, what it is compared with, and what is marked in it. */
export function TimeBar({ view, range, now, onChange }: TimeBarProps): ReactNode {
  const { t } = useTranslation();
  const chosen: Chosen = typeof view.time === 'string' ? view.time : 'own';
  const go = (time: Range): void => {
    onChange({ time });
  };
  return (
    <div className="trend-bar">
      <Choice<Chosen>
        label={t('history.range')}
        options={[
          ...lengthNames.map((name) => ({ name, text: t(`range.${name}`) })),
          { name: 'own' as const, text: t('trend.own') },
        ]}
        chosen={chosen}
        onChoose={(name) => {
          onChange({ time: name === 'own' ? range : name });
        }}
      />
      <div className="trend-steps">
        <Step label={t('trend.earlier')} onPress={() => { go(moved(range, -0.5, now())); }}><ChevronLeft aria-hidden="true" /></Step>
        <Step label={t('trend.later')} onPress={() => { go(moved(range, 0.5, now())); }}><ChevronRight aria-hidden="true" /></Step>
        <Step label={t('trend.zoomIn')} onPress={() => { go(zoomed(range, 0.5)); }}><ZoomIn aria-hidden="true" /></Step>
        <Step label={t('trend.zoomOut')} onPress={() => { go(zoomed(range, 2)); }}><ZoomOut aria-hidden="true" /></Step>
      </div>
      <label className="trend-compare">
        {t('trend.compare')}
        <select
          className="input"
          value={view.comparison ?? ''}
          onChange={(event) => { onChange({ comparison: comparisonNames.find((name) => name === event.target.value) }); }}
        >
          <option value="">{t('trend.noCompare')}</option>
          {comparisonNames.map((name) => (
            <option key={name} value={name}>{t(`trendCompare.${name}`)}</option>
          ))}
        </select>
      </label>
      <button type="button" className="button" aria-pressed={view.limits} onClick={() => { onChange({ limits: !view.limits }); }}>{t('trend.limits')}</button>
      <button type="button" className="button" aria-pressed={view.incidents} onClick={() => { onChange({ incidents: !view.incidents }); }}>{t('trend.incidents')}</button>
      {typeof view.time === 'string' ? null : <OwnTime key={`${view.time.from}-${view.time.to}`} range={view.time} onRange={go} />}
    </div>
  ); // prettier-ignore
}

function Step({
  label,
  onPress,
  children,
}: {
  label: string;
  onPress: () => void;
  children: ReactNode;
}): ReactNode {
  return (
    <button type="button" className="button" aria-label={label} title={label} onClick={onPress}>
      {children}
    </button>
  );
}

/** Two times of WIB, whatever the browser's zone is. */
function OwnTime({ range, onRange }: { range: Range; onRange: (range: Range) => void }): ReactNode {
  const { t } = useTranslation();
  const [from, setFrom] = useState(wibField(range.from));
  const [to, setTo] = useState(wibField(range.to));
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className="trend-own"
      onSubmit={(event) => {
        event.preventDefault();
        const [begin, end] = [fromWibField(from), fromWibField(to)];
        const isRange = begin !== undefined && end !== undefined && begin < end;
        setWrong(!isRange);
        if (isRange) onRange(bounded({ from: begin, to: end }));
      }}
    >
      <label className="field">
        {t('trend.from')}
        <input type="datetime-local" required value={from} aria-invalid={wrong} onChange={(event) => { setFrom(event.target.value); }} />
      </label>
      <label className="field">
        {t('trend.to')}
        <input type="datetime-local" required value={to} aria-invalid={wrong} onChange={(event) => { setTo(event.target.value); }} />
      </label>
      <button type="submit" className="button">{t('trend.apply')}</button>
      {wrong ? <p className="field-error" role="alert">{t('trend.wrongRange')}</p> : null}
    </form>
  ); // prettier-ignore
}
