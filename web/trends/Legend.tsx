import { X } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import { rowAt } from '../history/series.ts';
import { useOpenHistory } from '../parts/PointButton.tsx';
import { usePointName, useStateWords } from './names.ts';
import type { Trend } from './panels.ts';
import type { TrendData } from './queries.ts';
import { TableFrame } from '../parts/TableFrame.tsx';

interface LegendProps {
  readonly trends: readonly Trend[];
  readonly data: TrendData | undefined;
  /** Epoch ms: the cursor, or the end of what is shown. */
  readonly at: number;
  readonly isCompared: boolean;
  readonly onRemove: (id: string) => void;
}

/** What each line is, and what it says at the cursor: value with unit, the span of its bucket, quality and time. */
export function Legend({ trends, data, at, isCompared, onRemove }: LegendProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = usePointName();
  const wordsOf = useStateWords();
  const openHistory = useOpenHistory();
  return (
    <TableFrame label={t('trend.point')}>
      <table className="table trend-legend" data-testid="legend">
        <thead>
          <tr>
            <th scope="col">{t('trend.point')}</th>
            <th scope="col" className="number">{t('trend.value')}</th>
            <th scope="col" className="number">{t('trend.span')}</th>
            {isCompared ? <th scope="col" className="number">{t('trend.before')}</th> : null}
            <th scope="col">{t('trend.quality')}</th>
            <th scope="col">{t('trend.time')}</th>
            <th><span className="hidden">{t('trend.removing')}</span></th>
          </tr>
        </thead>
        <tbody>
          {trends.map(({ point, letter, colour }) => {
            const series = data?.series.get(point.id);
            const row = series === undefined ? undefined : rowAt(series, at);
            const compared = data?.compared.get(point.id);
            const before = compared === undefined ? undefined : rowAt(compared, at);
            const words = wordsOf(point);
            const text = (value: number | null | undefined): string =>
              value === null || value === undefined
                ? '–'
                : (words?.get(value) ?? format.quantity(value, point.unit));
            const name = nameOf(point);
            const tone: CSSProperties & Record<'--tone', string> = { '--tone': `var(--chart-${colour})` };
            return (
              <tr key={point.id} data-point={point.id}>
                <th scope="row">
                  <span className="trend-letter" style={tone}>{letter}</span>{' '}
                  <button type="button" className="point" onClick={() => { openHistory(point.id); }}>{name}</button>
                </th>
                <td className="number" data-testid="trend-value">{text(row?.value)}</td>
                <td className="number">
                  {series?.envelope === true && row?.min !== null && row?.max !== null && row !== undefined && words === null
                    ? `${format.figure(row.min, point.unit)} – ${format.quantity(row.max, point.unit)}`
                    : ''}
                </td>
                {isCompared ? <td className="number">{text(before?.value)}</td> : null}
                <td>{t(`quality.${row?.quality ?? 'no-value'}`)}</td>
                <td>{row === undefined ? '–' : `${format.moment(row.at)}${series?.envelope === true ? '' : format.time(row.at).slice(-3)}`}</td>
                <td>
                  <button type="button" className="button button--plain" aria-label={t('trend.remove', { name })} onClick={() => { onRemove(point.id); }}>
                    <X aria-hidden="true" size="1em" />
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  ); // prettier-ignore
}
