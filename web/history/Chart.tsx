import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useFormat } from '../format/FormatContext.tsx';
import type { Band } from '../../domain/band.ts';
import { drawNotes, type Colours } from './notes.ts';
import type { Series } from './series.ts';

interface ChartProps {
  readonly series: Series;
  readonly unit: string;
  readonly band: Band;
  /** Code → word; the chart then has steps instead of a line. */
  readonly states: ReadonlyMap<number, string> | null;
  readonly range: { readonly from: number; readonly to: number };
  readonly label: string;
  /** Limits with their words, drawn across; moments with theirs, drawn from top to bottom. */
  readonly levels?: readonly { readonly value: number; readonly text: string }[];
  readonly marks?: readonly { readonly at: number; readonly text: string }[];
}

const none: readonly [] = [];

/** Only whole numbers on the axis of a count. */
const wholeSteps = Array.from({ length: 15 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

/** One point's past: gaps where nothing was known, the limits behind the line, the span of each bucket around it. */
export function Chart(props: ChartProps): ReactNode {
  const { series, unit, band, states, range, label, levels = none, marks = none } = props;
  const box = useRef<HTMLElement>(null);
  const format = useFormat();
  useEffect(() => {
    const root = box.current;
    if (root === null) return undefined;
    const fontPx = Math.max(14, Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize)));
    const font = `${fontPx}px 'Inter Variable', sans-serif`;
    const colours: Colours = (name) =>
      getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();
    const axis = {
      stroke: () => colours('text'),
      font,
      grid: { stroke: () => colours('grid'), width: 1 },
      ticks: { show: false },
    };
    const short = range.to - range.from <= 24 * 3_600_000;
    const stepped =
      states === null || uPlot.paths.stepped === undefined
        ? {}
        : { paths: uPlot.paths.stepped({ align: 1 }) };
    const plot = new uPlot(
      {
        width: root.clientWidth,
        height: root.clientHeight,
        legend: { show: false },
        cursor: { y: false },
        scales: {
          x: { time: true, range: [range.from / 1_000, range.to / 1_000] },
          y: { range: (_plot, low, high) => yRange([low, high, band.min, band.max, ...levels.map(({ value }) => value)], states) },
        },
        axes: [
          { ...axis, values: (_plot, at) => at.map((s) => (short ? format.clock(s * 1_000) : format.moment(s * 1_000))), space: short ? 70 : 130 },
          {
            ...axis,
            size: states === null ? fontPx * 4 : fontPx * 8,
            values: (_plot, ticks) => ticks.map((tick) => tickText(tick)),
            ...(states === null ? {} : { splits: () => [...states.keys()] }),
            ...(unit === 'count' ? { incrs: wholeSteps } : {}),
          },
        ],
        series: [
          {},
          { stroke: 'transparent', points: { show: false } },
          { stroke: 'transparent', points: { show: false } },
          { stroke: () => colours('line'), width: 2, points: { show: series.x.length < 60, size: 5, fill: () => colours('line') }, ...stepped },
        ],
        bands: series.envelope ? [{ series: [2, 1], fill: () => colours('span') }] : [],
        hooks: {
          drawClear: [(drawn) => { drawBand(drawn, band, colours); }],
          draw: [(drawn) => { drawNotes(drawn, { levels, marks, font, colours }); }],
          setCursor: [showCursor],
        },
      },
      [[...series.x], [...series.min], [...series.max], [...series.value]],
      root,
    ); // prettier-ignore
    const readout = document.createElement('output');
    readout.className = 'chart-readout';
    root.append(readout);
    function showCursor(drawn: uPlot): void {
      const at = series.x[drawn.cursor.idx ?? -1];
      const value = series.value[drawn.cursor.idx ?? -1] ?? null;
      readout.textContent =
        at === undefined ? '' : `${format.moment(at * 1_000)} · ${value === null ? '–' : valueText(value)}`;
    }
    function valueText(value: number): string {
      return states === null ? format.quantity(value, unit) : (states.get(value) ?? String(value));
    }
    function tickText(tick: number): string {
      if (states !== null) return states.get(tick) ?? '';
      return unit === 's' ? format.quantity(tick, unit) : format.number(tick, Number.isInteger(tick) ? 0 : 1);
    }
    const sizes = new ResizeObserver(() => {
      plot.setSize({ width: root.clientWidth, height: root.clientHeight });
    });
    sizes.observe(root);
    const themes = new MutationObserver(() => {
      plot.redraw(false);
    });
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      plot.destroy();
      readout.remove();
    };
  }, [series, unit, band, states, range, format, levels, marks]);
  return <figure className="chart" ref={box} aria-label={label} data-testid="chart" />;
}

/** The limits are always in sight, so that a value's distance from them is. */
function yRange(
  shown: readonly (number | null | undefined)[],
  states: ReadonlyMap<number, string> | null,
): [number, number] {
  const known = [...shown, ...(states?.keys() ?? [])].filter((one) => typeof one === 'number');
  if (known.length === 0) return [0, 1];
  const bottom = Math.min(...known);
  const top = Math.max(...known);
  const margin = (top - bottom || Math.abs(top) || 1) * 0.08;
  return [bottom >= 0 && bottom - margin < 0 && states === null ? 0 : bottom - margin, top + margin];
}

function drawBand(plot: uPlot, band: Band, colours: Colours): void {
  const { ctx, bbox } = plot;
  const top = band.max === undefined ? bbox.top : plot.valToPos(band.max, 'y', true);
  const bottom = band.min === undefined ? bbox.top + bbox.height : plot.valToPos(band.min, 'y', true);
  if (band.min === undefined && band.max === undefined) return;
  ctx.save();
  ctx.fillStyle = colours('band');
  ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
  ctx.strokeStyle = colours('edge');
  ctx.setLineDash([6, 6]);
  ctx.beginPath();
  for (const edge of [band.max === undefined ? null : top, band.min === undefined ? null : bottom]) {
    if (edge === null) continue;
    ctx.moveTo(bbox.left, edge);
    ctx.lineTo(bbox.left + bbox.width, edge);
  }
  ctx.stroke();
  ctx.restore();
}
