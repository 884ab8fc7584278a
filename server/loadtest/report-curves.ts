import { formats } from '../../domain/format/format.ts';
import { thingText, unitWord } from '../../domain/wording/load-test.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import { heading, paragraph } from '../reports/pdf/blocks.ts';
import { curves } from '../reports/pdf/curves.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import { clock, type Context } from './report-context.ts';

type Curve = LoadTestDocument['curves'][number];

/** In the order in which a reader asks for them. */
const units = ['kW', 'Hz', 'V', '°C', 'kPa', 'L', '%'];
/** Around what a running set delivers: a sag of one hertz would not be seen beside the start from zero. */
const runningFrom = 0.9;

function ownerOf({ name }: Pick<Curve, 'name'>): string {
  return name.split('/')[0] ?? name;
}

/** `Genset 1 L1` */
function legendOf({ view, language }: Context, { name }: Curve): string {
  const [, ...parts] = name.split('/').slice(0, -1);
  return [thingText(view, ownerOf({ name }), language), ...parts.map((part) => part.toUpperCase())].join(' ');
}

/** One chart for each unit, of gensets apart where they have phases. */
export function charts(context: Context): void {
  const { sheet, view, text, language } = context;
  const format = formats[language];
  const decimals = (value: number): number => (Math.abs(value) < 100 ? 1 : 0);
  heading(sheet, 2, text.words.curves);
  const byKey = new Map<string, Curve[]>();
  const still: Curve[] = [];
  // Amperes of each phase are in the tables.
  for (const curve of view.curves.filter(({ unit }) => units.includes(unit)).toSorted((a, b) => units.indexOf(a.unit) - units.indexOf(b.unit))) {
    if (isStill(curve)) {
      still.push(curve);
      continue;
    }
    const last = curve.name.split('/').at(-1) ?? '';
    const quantity = text.quantities[last] ?? last;
    // Phases of several sets on one chart are a tangle, and a day tank beside the store is a flat line.
    const isOwn = curve.unit === 'V' || curve.unit === 'L';
    const unit = curve.unit === 'V' || curve.unit === 'Hz' ? `${curve.unit}, ${text.words.whileRunning}` : curve.unit;
    const key = isOwn ? `${quantity} ${thingText(view, ownerOf(curve), language)} (${unit})` : `${quantity} (${unit})`;
    byKey.set(key, [...(byKey.get(key) ?? []), curve]);
  }
  for (const [title, items] of byKey)
    curves(sheet, items.map((curve) => ({ name: legendOf(context, curve), values: whileRunning(curve) })), {
      title,
      number: (value) => format.number(value, decimals(value)),
      right: percentOfRating(context, items),
      time: (at) => clock(context, at),
    });
  if (still.length === 0) return;
  const each = still.map((curve) => {
    const value = curve.values[0]?.[1] ?? 0;
    return `${legendOf(context, curve)} ${format.number(value, decimals(value))} ${curve.unit}`;
  });
  paragraph(sheet, `${text.words.unchanged}: ${each.join('; ')}.`, { color: 'dim' });
} // prettier-ignore

/** Of kW, where all the sets shown are rated alike. */
function percentOfRating({ view, language }: Context, items: readonly Curve[]): ((value: number) => string) | undefined {
  const ratings = new Set(items.map((curve) => (curve.unit === 'kW' ? view.sets.find(({ genset }) => genset === ownerOf(curve))?.ratedKw : null)));
  const [rated] = ratings;
  if (ratings.size !== 1 || rated === undefined || rated === null) return undefined;
  return (value) => `${formats[language].number((value / rated) * 100, 1)} %`;
} // prettier-ignore

/** A line that says nothing but its value. */
function isStill({ values }: Curve): boolean {
  return values.every(([, value]) => value === values[0]?.[1]);
}

function whileRunning({ unit, values }: Curve): Curve['values'] {
  if (unit !== 'V' && unit !== 'Hz') return values;
  const most = Math.max(...values.map(([, value]) => value));
  return values.filter(([, value]) => value >= most * runningFrom);
}

const minuteMs = 60_000;
const usualStepMs = 5 * minuteMs;
const fewestRows = 4;
/** A value that is older is none. */
const nearMs = minuteMs;

/** What each set delivered under load, every five minutes; more often in a short run. */
export function loadTables(context: Context): void {
  const { sheet, view, text, language } = context;
  const { words } = text;
  const run = view.phases.find(({ phase }) => phase === 'loaded-run');
  if (run === undefined || run.from === null) return;
  const [from, to] = [Date.parse(run.from), Date.parse(run.to ?? view.to)];
  const stepMs = Math.min(usualStepMs, Math.max(minuteMs / 2, Math.floor((to - from) / fewestRows / (minuteMs / 2)) * (minuteMs / 2)));
  const moments = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, step) => from + step * stepMs);
  const format = formats[language];
  heading(sheet, 2, words.table.replace('{minutes}', `${format.number(stepMs / minuteMs, stepMs % minuteMs === 0 ? 0 : 1)} ${unitWord('min', language)}`));
  for (const { genset, ratedKw } of view.sets) {
    const own = view.curves.filter((curve) => ownerOf(curve) === genset && curve.values.length > 0);
    if (own.length === 0) continue;
    const percentOf = (kw: number): string => (ratedKw === null ? '–' : format.number((kw / ratedKw) * 100, 0));
    heading(sheet, 3, ratedKw === null ? thingText(view, genset, language) : `${thingText(view, genset, language)} (${format.number(ratedKw, 0)} kW)`);
    table(
      sheet,
      [
        { title: words.time, share: 3.7 },
        ...own.flatMap(({ name, unit }) => [
          { title: columnTitle(name, unit, text.columns), share: 2.7, align: 'right' as const },
          ...(unit === 'kW' ? [{ title: '%', share: 2.2, align: 'right' as const }] : []),
        ]),
      ],
      moments.map((at): Cell[] => [
        clock(context, at),
        ...own.flatMap(({ values, unit }) => {
          const near = values.findLast(([time]) => time <= at);
          const value = near === undefined || at - near[0] > nearMs ? null : near[1];
          const shown = value === null ? '–' : format.number(value, unit === 'Hz' || unit === '°C' ? 1 : 0);
          return unit === 'kW' ? [shown, value === null ? '–' : percentOf(value)] : [shown];
        }),
      ]),
    );
  }
} // prettier-ignore

/** `genset-1/l1/voltage` → `L1 (V)`; what needs no word has its unit alone. */
function columnTitle(name: string, unit: string, columns: Readonly<Record<string, string>>): string {
  const [last = '', part] = name.split('/').slice(1).reverse();
  const word = part?.toUpperCase() ?? columns[last];
  return word === undefined ? unit : `${word} (${unit})`;
}
