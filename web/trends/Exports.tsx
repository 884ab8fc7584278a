import { Download, Image, Link as LinkIcon, Printer } from 'lucide-react';
import { useState, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../api/queries.ts';
import { useFormat } from '../format/FormatContext.tsx';
import type { Range } from '../history/drawing.ts';
import { rowAt } from '../history/series.ts';
import { copyText } from '../parts/copy-text.ts';
import { usePointName, useStateWords } from './names.ts';
import type { Trend } from './panels.ts';
import { composePng, download } from './png.ts';
import { historySearch, type TrendData } from './queries.ts';
import { wibField } from './view.ts';

interface ExportsProps {
  readonly charts: RefObject<HTMLDivElement | null>;
  readonly trends: readonly Trend[];
  readonly data: TrendData;
  readonly range: Range;
}

/** What is shown, for a report: as a picture, as numbers, on paper, as an address. */
export function Exports({ charts, trends, data, range }: ExportsProps): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = usePointName();
  const wordsOf = useStateWords();
  const simulated = useHealth()?.field === 'simulated';
  const [copied, setCopied] = useState(false);
  const fileName = (ending: string): string =>
    `tren-${wibField(range.from)}-${wibField(range.to)}.${ending}`.replaceAll(':', '.');

  const file = historySearch(
    trends.map(({ point }) => point.id),
    range,
  );
  file.set('format', 'csv');
  // Excel with Indonesian settings reads decimals with a comma and columns divided by semicolons.
  file.set('dialect', format.language === 'id' ? 'excel' : 'standard');

  const toPng = async (): Promise<void> => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const span = `${format.moment(range.from)} – ${format.moment(range.to)} WIB`;
    const picture = await composePng({
      charts: [...(charts.current?.querySelectorAll('canvas') ?? [])],
      head: [`Pantau DC · ${span}`, ...(simulated ? [`SIMULASI · ${t('simulated.explained')}`] : [])],
      legend: trends.map((trend) => ({ text: legendText(trend), colour: colour(`--chart-${trend.colour}`) })),
      background: colour('--chart-back'),
      colour: colour('--bright'),
    });
    if (picture !== null) download(picture, fileName('png'));
  };
  const copy = async (): Promise<void> => {
    setCopied(await copyText(window.location.href));
  };
  const legendText = ({ point, letter }: Trend): string => {
    const series = data.series.get(point.id);
    const row = series === undefined ? undefined : rowAt(series, range.to);
    const value = row?.value ?? null;
    const text = value === null ? '–' : (wordsOf(point)?.get(value) ?? format.quantity(value, point.unit));
    return `${letter}  ${nameOf(point)}: ${text} (${row === undefined ? '–' : format.moment(row.at)})`;
  };

  return (
    <div className="trend-exports">
      <button type="button" className="button" onClick={() => void toPng()}>
        <Image aria-hidden="true" size="1.1em" /> {t('trend.png')}
      </button>
      <a className="button" href={`/api/v1/history?${file.toString()}`} download={fileName('csv')}>
        <Download aria-hidden="true" size="1.1em" /> {t('trend.csv')}
      </a>
      <button
        type="button"
        className="button"
        onClick={() => {
          window.print();
        }}
      >
        <Printer aria-hidden="true" size="1.1em" /> {t('trend.print')}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => void copy()}
      >
        <LinkIcon aria-hidden="true" size="1.1em" /> <output>{t(copied ? 'trend.copied' : 'trend.link')}</output>
      </button>
    </div>
  ); // prettier-ignore
}
