import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { describeQuality } from '../../core/reading.ts';
import { useFormat } from '../format/FormatContext.tsx';
import { unitText } from '../../domain/format/format.ts';
import { type PointValue, standing } from '../../domain/value.ts';
import { useNow } from '../live/hooks.tsx';
import './value.css';

interface ValueProps {
  readonly point: PointValue | undefined;
  readonly unit: string;
  /** Word for a state, already in the page's language. */
  readonly word?: string | undefined;
  /** Renders the unit in its own element. */
  readonly big?: boolean;
}

/**
 * A value with its quality: stale is hatched with its age, bad is a struck-out dash, never a number. A
 * sum with a missing part is both: a dash for now, and its last complete value hatched.
 */
export function Value({ point, unit, word, big = false }: ValueProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const how = standing(point);
  const whole = point?.value === null ? point.lastWhole : undefined;
  if (point !== undefined && whole !== undefined)
    return (
      <span className={`value value--stale${big ? ' value--big' : ''}`}>
        <Dash label={t(`quality.${describeQuality(point.quality).reason ?? 'no-value'}`)} />{' '}
        <span className="last-whole">
          <span className="value-number">{format.quantity(whole.value, unit)}</span>
          <Age at={whole.at} />
        </span>
      </span>
    );
  if (point === undefined || how === 'bad' || point.value === null) {
    const { reason } = describeQuality(point?.quality ?? 9);
    if (how === 'stale' && point !== undefined) return <span className="value value--stale"><Dash label={t('quality.stale')} /><Age at={point.at} /></span>; // prettier-ignore
    return <Dash label={t(`quality.${reason ?? 'no-value'}`)} />;
  }
  const seconds = unit === 's' && word === undefined;
  const text = word ?? (seconds ? format.quantity(point.value, unit) : format.figure(point.value, unit));
  const suffix = word !== undefined || seconds ? '' : unitText(unit);
  return (
    <span className={`value value--${how}${big ? ' value--big' : ''}`}>
      <span className="value-number">
        {how === 'uncertain' ? <abbr title={t('quality.uncertain')}>≈</abbr> : null}
        {text}
      </span>
      {suffix === '' ? null : <span className="value-unit"> {suffix}</span>}
      {how === 'stale' ? <Age at={point.at} /> : null}
    </span>
  );
}

/** A struck-out dash in place of a number. */
export function Dash({ label }: { label: string }): ReactNode {
  return (
    <span className="dash" title={label}>
      <svg viewBox="0 0 28 20" aria-hidden="true">
        <path d="M3 10h22M9 19 19 1" />
      </svg>
      <span className="hidden">{label}</span>
    </span>
  );
}

/** How old a value is; only rendered where that matters, since it renders every second. */
export function Age({ at }: { at: number }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (at === 0) return null;
  return <span className="age">{t('value.age', { age: format.age(now - at) })}</span>;
}
