import { useEffect, useEffectEvent, useMemo, useRef, type ReactNode } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';
import type { Mark, Range } from '../history/drawing.ts';
import { createPlot, type Axis, type Line, type Plot } from '../history/plot.ts';
import { attachGestures } from './gestures.ts';
import { usePointName, useStateWords } from './names.ts';
import { limitsOf, type Panel } from './panels.ts';
import type { TrendData } from './queries.ts';

interface TrendPanelProps {
  readonly panel: Panel;
  readonly data: TrendData;
  readonly range: Range;
  readonly marks: readonly Mark[];
  readonly limits: boolean;
  /** Where the keyboard put the cursor, epoch ms. */
  readonly pinned: number | null;
  /** Room that the axes of all charts need, in heights of a letter. */
  readonly sides: { readonly left: number; readonly right: number };
  readonly now: () => number;
  /** While a gesture lasts, and when a part was selected. */
  readonly onRange: (range: Range) => void;
  readonly onCursor: (at: number | null) => void;
}

const noBand = {};

/** One chart of the page; all of them share their time and cursor. */
export function TrendPanel(props: TrendPanelProps): ReactNode {
  const { panel, data, range, marks, limits, pinned } = props;
  const { left, right } = props.sides;
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = usePointName();
  const wordsOf = useStateWords();
  const box = useRef<HTMLElement>(null);
  const plot = useRef<Plot | null>(null);
  const shown = useRef(range);
  const now = useEffectEvent(props.now);
  const onRange = useEffectEvent(props.onRange);
  const onCursor = useEffectEvent(props.onCursor);

  const isState = panel.units.includes('state');
  // As text: while no other state comes up, the axis stays the same.
  const codes = isState
    ? [...new Set(panel.trends.flatMap(({ point }) => data.series.get(point.id)?.value ?? []))]
        .map(String)
        .sort()
        .join(' ')
    : '';
  const axes = useMemo(
    () =>
      panel.units.map((unit): Axis => {
        const [first] = panel.trends;
        const states =
          unit === 'state' && first !== undefined ? occurring(wordsOf(first.point), codes) : null;
        const levels = limits && states === null ? limitsOf(panel.trends, unit) : [];
        return {
          unit,
          states,
          band: noBand,
          levels: levels.map(({ side, value, clause, letters }) => ({
            value,
            text: `${letters} ${side === 'above' ? '≤' : '≥'} ${format.quantity(value, unit)} · ${clause}`,
          })),
          levelsInSight: 'near',
          named: true,
        };
      }),
    [panel, codes, limits, wordsOf, format],
  );
  const lines = useMemo(
    () =>
      panel.trends.flatMap(({ point, colour, letter }): Line[] => {
        const axis = Math.max(0, panel.units.indexOf(point.unit));
        const [series, before] = [data.series.get(point.id), data.compared.get(point.id)];
        return [
          ...(before === undefined ? [] : [{ series: { ...before, envelope: false }, axis, colour, dashed: true }]),
          ...(series === undefined ? [] : [{ series, axis, colour, letter }]),
        ];
      }),
    [panel, data],
  ); // prettier-ignore

  /** What a chart is made for; while it stays the same, newer readings are only filled in. */
  const structure = lines
    .map(({ axis, colour, dashed, series }) => [axis, colour, dashed, series.envelope].join(' '))
    .join(';');
  const content = useMemo(
    // Steps have no room for words; the chart above has them.
    () => ({ lines, marks: isState ? marks.map((mark) => ({ ...mark, text: '' })) : marks }),
    [lines, marks, isState],
  );
  const newest = useEffectEvent(() => content);

  useEffect(() => {
    shown.current = range;
    plot.current?.show(range);
  }, [range]);
  useEffect(() => {
    const root = box.current;
    if (root === null || structure === '') return undefined;
    const made = createPlot(root, {
      ...newest(),
      axes,
      range: shown.current,
      format,
      onCursor: (at) => {
        onCursor(at);
      },
      shared: {
        key: 'trends',
        left,
        right,
        onSelect: (selected) => {
          onRange(selected);
        },
      },
    });
    plot.current = made;
    const detach = attachGestures(made.chart.over, {
      range: () => shown.current,
      now: () => now(),
      onRange: (wanted) => {
        onRange(wanted);
      },
    });
    return () => {
      detach();
      made.destroy();
      plot.current = null;
    };
  }, [structure, axes, left, right, format]);
  useEffect(() => {
    plot.current?.renew(content);
  }, [content]);
  useEffect(() => {
    const chart = plot.current?.chart;
    if (chart === undefined || pinned === null) return;
    chart.setCursor({ left: chart.valToPos(pinned / 1_000, 'x'), top: chart.over.clientHeight / 2 });
  }, [pinned]);

  const name = panel.trends.map(({ point }) => nameOf(point)).join('; ');
  const kind = isState ? 'trend-panel trend-panel--states' : 'trend-panel';
  return (
    <figure className={`chart ${kind}`} ref={box} aria-label={t('history.chart', { name })} data-testid="trend-panel" />
  ); // prettier-ignore
}

/** The words of states that are drawn; of all of them there would be no room for any. */
function occurring(words: ReadonlyMap<number, string> | null, codes: string): ReadonlyMap<number, string> | null {
  if (words === null) return words;
  const present = new Set(codes.split(' '));
  const found = new Map([...words].filter(([code]) => present.has(String(code))));
  return found.size === 0 ? words : found;
} // prettier-ignore
