import uPlot from 'uplot';
import type { Band } from '../../domain/band.ts';
import { unitText, type Format } from '../../domain/format/format.ts';
import type { Colour, Level, Mark, Range } from './drawing.ts';
import { joined } from './joined.ts';
import { drawBand, drawLetters, drawNotes, type Colours } from './notes.ts';
import type { Series } from './series.ts';
import { aroundPrint, paperWidthPx } from '../parts/paper.ts';

/** The one way a past is drawn: lines or steps over time on one or two axes, gaps as gaps, limits and moments with their words. */

export interface Line {
  readonly series: Series;
  /** Which of the axes it belongs to. */
  readonly axis: number;
  readonly colour: Colour;
  /** A past that is laid over another one. */
  readonly dashed?: boolean;
  /** At its right end, so that lines are told apart without colours. */
  readonly letter?: string;
}

export interface Axis {
  readonly unit: string;
  /** Code → word; the line then has steps. */
  readonly states: ReadonlyMap<number, string> | null;
  /** Drawn as an area; only of a chart with one axis. */
  readonly band: Band;
  readonly levels: readonly Level[];
  /** Near: a limit far from every value would press the curve flat, so it is drawn only where it comes into sight. */
  readonly levelsInSight: 'always' | 'near';
  /** The unit is written at the axis. */
  readonly named: boolean;
}

interface PlotOptions {
  readonly lines: readonly Line[];
  /** One or two. */
  readonly axes: readonly Axis[];
  readonly marks: readonly Mark[];
  readonly range: Range;
  readonly format: Format;
  /** Where the cursor is, epoch ms; null: it is nowhere. */
  readonly onCursor: (at: number | null) => void;
  /** Charts with the same key share their cursor, and a part of the time can be selected with the mouse. */
  readonly shared?: Shared;
}

interface Shared {
  readonly key: string;
  /** Room at the sides, in heights of a letter, the same in all of them: one time stands above the other. */
  readonly left: number;
  readonly right: number;
  readonly onSelect: (range: Range) => void;
}

export interface Plot {
  readonly chart: uPlot;
  show(range: Range): void;
  /** Newer readings of the same lines; the cursor and what a hand is doing stay. */
  renew(content: { readonly lines: readonly Line[]; readonly marks: readonly Mark[] }): void;
  destroy(): void;
}

const scaleNames = ['y', 'y2'] as const;
const zone = 'Asia/Jakarta';

/** Of a unit that is written at its axis, in heights of a letter. */
const nameHeight = 1.6;

/** Only whole numbers on the axis of a count. */
const wholeSteps = Array.from({ length: 15 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();

export function createPlot(root: HTMLElement, options: PlotOptions): Plot {
  const { axes, format, onCursor, shared } = options;
  let { lines, marks } = options;
  let shown = options.range;
  const fontPx = Math.max(14, Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize)));
  const font = `${fontPx}px 'Inter Variable', sans-serif`;
  const colours: Colours = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--chart-${name}`).trim();
  const common = { stroke: () => colours('text'), font, ticks: { show: false } };
  const grid = { stroke: () => colours('grid'), width: 1 };
  const isShort = (): boolean => shown.to - shown.from <= 24 * 3_600_000;
  const chart = new uPlot(
    {
      width: root.clientWidth,
      height: root.clientHeight,
      legend: { show: false },
      ...(shared === undefined || axes.length > 1 ? {} : { padding: [null, fontPx * shared.right, null, null] }),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone),
      cursor: {
        y: false,
        ...(shared === undefined
          ? {}
          : {
              sync: { key: shared.key, setSeries: false },
              drag: { x: true, y: false, setScale: false },
              // With Shift the mouse moves the time instead (gestures.ts).
              bind: { mousedown: (_chart, _target, handle) => (event) => (event.shiftKey ? null : handle(event)) },
            }),
      },
      scales: {
        x: { time: true, range: () => [shown.from / 1_000, shown.to / 1_000] },
        ...Object.fromEntries(axes.map((axis, place) => [nameOf(place), { range: (_chart: uPlot, low: number | null, high: number | null) => yRange(axis, low, high) }])),
      },
      axes: [
        { ...common, grid, size: fontPx * 2.2, values: (_chart, at) => at.map((s) => (isShort() ? format.clock(s * 1_000) : format.moment(s * 1_000))), space: () => (isShort() ? 70 : 130) },
        ...axes.map(({ unit, states, named }, place): uPlot.Axis => ({
          ...common,
          scale: nameOf(place),
          side: place === 0 ? 3 : 1,
          grid: place === 0 ? grid : { show: false },
          size: fontPx * ((shared === undefined ? (states === null ? 4 : 8) : place === 0 ? shared.left : shared.right) - (named && unitText(unit) !== '' ? nameHeight : 0)),
          values: (_chart, ticks, _axis, _space, step) => ticks.map((tick) => tickText(tick, { unit, states, step, format })),
          ...(named && unitText(unit) !== '' ? { label: unitText(unit), labelFont: font, labelSize: fontPx * nameHeight } : {}),
          ...(states === null ? {} : { splits: () => [...states.keys()] }),
          ...(unit === 'count' ? { incrs: wholeSteps } : {}),
        })),
      ],
      series: [{}, ...lines.flatMap((line) => seriesOf(line, axes[line.axis]))],
      bands: lines.flatMap(({ series, colour }, place) =>
        series.envelope ? [{ series: [3 * place + 3, 3 * place + 2] as [number, number], fill: () => (colour === 'line' ? colours('span') : `${colours(colour)}38`) }] : []),
      hooks: {
        drawClear: [(drawn) => { if (axes.length === 1 && axes[0] !== undefined) drawBand(drawn, axes[0].band, colours); }],
        draw: [
          (drawn) => {
            const levels = axes.flatMap((axis, place) => axis.levels.map((level) => ({ ...level, scale: nameOf(place) })));
            drawNotes(drawn, { levels, marks, font, colours });
            drawLetters(drawn, { lines: lines.map((line) => ({ ...line, scale: nameOf(line.axis) })), font, colours });
          },
        ],
        setCursor: [(drawn) => { onCursor(cursorAt(drawn)); }],
        ...(shared === undefined ? {} : { setSelect: [(drawn: uPlot) => { select(drawn, shared.onSelect); }] }),
      },
    },
    joined(lines.map(({ series }) => series)),
    root,
  ); // prettier-ignore

  function seriesOf({ series, colour, dashed, axis }: Line, owner: Axis | undefined): uPlot.Series[] {
    const scale = nameOf(axis);
    const stepped =
      owner?.states === null || owner === undefined || uPlot.paths.stepped === undefined
        ? {}
        : { paths: uPlot.paths.stepped({ align: 1 }) };
    const edge = { stroke: 'transparent', points: { show: false }, scale };
    const few = series.x.length < 60 && dashed !== true;
    return [
      { stroke: () => colours(colour), width: dashed === true ? 1.5 : 2, scale, ...(dashed === true ? { dash: [6, 5], alpha: 0.75 } : {}), points: { show: few, size: 5, fill: () => colours(colour) }, ...stepped },
      { ...edge },
      { ...edge },
    ]; // prettier-ignore
  }

  const sizes = new ResizeObserver(() => {
    chart.setSize({ width: root.clientWidth, height: root.clientHeight });
  });
  sizes.observe(root);
  const stopPrinting = aroundPrint(
    () => {
      if (root.clientWidth > paperWidthPx) chart.setSize({ width: paperWidthPx, height: root.clientHeight });
    },
    () => {
      chart.setSize({ width: root.clientWidth, height: root.clientHeight });
    },
  );
  const themes = new MutationObserver(() => {
    chart.redraw(false);
  });
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    chart,
    show(range) {
      shown = range;
      chart.setScale('x', { min: range.from / 1_000, max: range.to / 1_000 });
    },
    renew(content) {
      ({ lines, marks } = content);
      chart.setData(joined(lines.map(({ series }) => series)));
    },
    destroy() {
      sizes.disconnect();
      stopPrinting();
      themes.disconnect();
      chart.destroy();
    },
  };
}

function nameOf(axis: number): string {
  return scaleNames[axis] ?? scaleNames[0];
}

function cursorAt(chart: uPlot): number | null {
  const { left } = chart.cursor;
  return left === undefined || left < 0 ? null : chart.posToVal(left, 'x') * 1_000;
}

/** A click is no selection. */
const leastSelectedPx = 8;

function select(chart: uPlot, onSelect: (range: Range) => void): void {
  const { left, width } = chart.select;
  if (width < leastSelectedPx) return;
  const range = { from: chart.posToVal(left, 'x') * 1_000, to: chart.posToVal(left + width, 'x') * 1_000 };
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onSelect(range);
}

interface Tick {
  readonly unit: string;
  readonly states: ReadonlyMap<number, string> | null;
  readonly step: number;
  readonly format: Format;
}

function tickText(tick: number, { unit, states, step, format }: Tick): string {
  if (states !== null) return states.get(tick) ?? '';
  if (unit === 's') return format.quantity(tick, unit);
  const decimals = step >= 1 || step <= 0 ? 0 : Math.min(3, Math.ceil(-Math.log10(step) - 1e-9));
  return format.number(tick, Number.isInteger(tick) ? 0 : decimals);
}

/** With limits always in sight a value's distance from them is, too. */
function yRange({ band, levels, states, levelsInSight }: Axis, low: number | null, high: number | null): [number, number] {
  const limits = [band.min, band.max, ...levels.map(({ value }) => value)].filter((one) => one !== undefined);
  const values = [low, high, ...(states?.keys() ?? [])].filter((one) => typeof one === 'number');
  const known = [...values, ...(levelsInSight === 'always' || values.length === 0 ? limits : near(limits, values))];
  if (known.length === 0) return [0, 1];
  const bottom = Math.min(...known);
  const top = Math.max(...known);
  const margin = (top - bottom || Math.abs(top) || 1) * 0.08;
  return [bottom >= 0 && bottom - margin < 0 && states === null ? 0 : bottom - margin, top + margin];
} // prettier-ignore

/** Limits that leave the values at least a third of the height. */
function near(limits: readonly number[], values: readonly number[]): number[] {
  const [bottom, top] = [Math.min(...values), Math.max(...values)];
  const reach = Math.max(top - bottom, Math.max(Math.abs(top), Math.abs(bottom)) * 0.1);
  return limits.filter((limit) => limit >= bottom - reach && limit <= top + reach);
}
