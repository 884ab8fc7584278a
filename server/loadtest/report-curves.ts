import { formats } from '../../domain/format/format.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import { heading } from '../reports/pdf/blocks.ts';
import { curves } from '../reports/pdf/curves.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import { clock, type Context } from './report-context.ts';

/** One chart for each unit, of gensets apart where they have phases. */
export function charts(context: Context): void {
  const { sheet, view, text, language } = context;
  heading(sheet, 2, text.words.curves);
  const byKey = new Map<string, LoadTestDocument['curves']>();
  for (const curve of view.curves) {
    const [owner = '', last = ''] = [curve.name.split('/')[0], curve.name.split('/').at(-1)];
    const quantity = text.quantities[last] ?? last;
    // Phases of several sets on one chart are a tangle, and a day tank beside the store is a flat line.
    const isOwn = curve.unit === 'V' || curve.unit === 'L';
    const key = isOwn ? `${quantity} ${owner} (${curve.unit})` : `${quantity} (${curve.unit})`;
    byKey.set(key, [...(byKey.get(key) ?? []), curve]);
  }
  for (const [title, items] of byKey)
    curves(sheet, items.map(({ name, values }) => ({ name: name.split('/').slice(0, -1).join(' '), values })), {
      title,
      number: (value) => formats[language].number(value, Math.abs(value) < 100 ? 1 : 0),
      time: (at) => clock(context, at),
    });
} // prettier-ignore

const tableEveryMs = 5 * 60_000;

export function powerTable(context: Context): void {
  const { sheet, view, text, language } = context;
  const powers = view.curves.filter(({ unit }) => unit === 'kW');
  if (powers.length === 0) return;
  heading(sheet, 2, text.words.table);
  const rows: Cell[][] = [];
  const [from, to] = [Date.parse(view.from), Date.parse(view.to)];
  const moments = Array.from({ length: Math.ceil((to - from) / tableEveryMs) }, (_, step) => from + step * tableEveryMs);
  for (const at of [...moments, to])
    rows.push([
      clock(context, at),
      ...powers.map(({ values }) => {
        const near = values.findLast(([time]) => time <= at);
        return near === undefined || at - near[0] > tableEveryMs ? '–' : formats[language].number(near[1], 0);
      }),
    ]);
  table(sheet, [{ title: text.words.time, share: 3 }, ...powers.map(({ name }) => ({ title: `${name.split('/')[0] ?? name} (kW)`, share: 3, align: 'right' as const }))], rows);
} // prettier-ignore
