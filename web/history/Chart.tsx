import { useEffect, useRef, type ReactNode } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useFormat } from '../format/FormatContext.tsx';
import type { Band } from '../../domain/band.ts';
import type { Level, Mark, Range } from './drawing.ts';
import { createPlot } from './plot.ts';
import type { Series } from './series.ts';

interface ChartProps {
  readonly series: Series;
  readonly unit: string;
  readonly band: Band;
  /** Code → word; the chart then has steps instead of a line. */
  readonly states: ReadonlyMap<number, string> | null;
  readonly range: Range;
  readonly label: string;
  /** Limits with their words, drawn across; moments with theirs, drawn from top to bottom. */
  readonly levels?: readonly Level[];
  readonly marks?: readonly Mark[];
}

const none: readonly [] = [];

/** One point's past: gaps where nothing was known, the limits behind the line, the span of each bucket around it. */
export function Chart(props: ChartProps): ReactNode {
  const { series, unit, band, states, range, label, levels = none, marks = none } = props;
  const box = useRef<HTMLElement>(null);
  const format = useFormat();
  useEffect(() => {
    const root = box.current;
    if (root === null) return undefined;
    const readout = document.createElement('output');
    readout.className = 'chart-readout';
    const plot = createPlot(root, {
      lines: [{ series, axis: 0, colour: 'line' }],
      axes: [{ unit, states, band, levels, levelsInSight: 'always', named: false }],
      marks,
      range,
      format,
      onCursor: () => {
        const place = plot.chart.cursor.idx ?? -1;
        const at = plot.chart.data[0][place];
        const value = plot.chart.data[1]?.[place] ?? null;
        readout.textContent =
          at === undefined ? '' : `${format.moment(at * 1_000)} · ${value === null ? '–' : valueText(value)}`;
      },
    });
    root.append(readout);
    function valueText(value: number): string {
      return states === null ? format.quantity(value, unit) : (states.get(value) ?? String(value));
    }
    return () => {
      plot.destroy();
      readout.remove();
    };
  }, [series, unit, band, states, range, format, levels, marks]);
  return <figure className="chart" ref={box} aria-label={label} data-testid="chart" />;
}
