import { formats } from '../../domain/format/format.ts';
import { thingText, unitWord } from '../../domain/wording/load-test.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import { heading, paragraph } from '../reports/pdf/blocks.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import type { Context } from './report-context.ts';

/** The sets by their plates. What the configuration does not say is named as missing: a signed report must not look complete. */
export function gensetPlates({ sheet, view, text, language }: Context): void {
  const { identity } = view;
  if (identity === null || identity.gensets.length === 0) return;
  const { words } = text;
  const format = formats[language];
  const of = (value: number | null, unit: string, decimals = 0): string =>
    value === null ? words.notConfigured : `${format.number(value, decimals)} ${unit}`.trim();
  heading(sheet, 2, words.identity);
  paragraph(sheet, `${words.redundancy}: ${identity.redundancy}; ${words.duty.toLowerCase()}: ${identity.duty} (${identity.clause})`, { color: 'dim' });
  table(
    sheet,
    [
      { title: words.set, share: 3 }, { title: words.makerModel, share: 6 }, { title: words.serial, share: 4 }, { title: words.rated, share: 5 },
      { title: words.powerFactor, share: 2.6 }, { title: words.duty, share: 3 },
    ],
    identity.gensets.map((set): Cell[] => [
      thingText(view, set.genset, language),
      [set.maker, set.model].filter((each) => each !== null).join(' ') || words.notConfigured,
      set.serial ?? words.notConfigured,
      set.kva === null ? of(set.kw, 'kW') : `${of(set.kw, 'kW')} / ${of(set.kva, 'kVA')}`,
      of(set.powerFactor, '', 2),
      set.duty === null ? words.notConfigured : { text: text.duties[set.duty], ...(set.duty === identity.duty ? {} : { color: 'bad' as const }) },
    ]),
  );
} // prettier-ignore

/** How the sets, the fuel and the UPSs were before the first engine turned, and after the last one stopped. */
export function conditions({ sheet, view, text, language }: Context): void {
  if (view.conditions.length === 0) return;
  const { words } = text;
  const format = formats[language];
  const valueOf = (
    value: LoadTestDocument['conditions'][number]['before'],
    unit: string,
  ): string => {
    if (value === null) return words.unknown;
    if (typeof value === 'string') return text.modes[value] ?? value;
    return `${format.number(value, unit === 'V' || unit === 'h' || unit === '°C' ? 1 : 0)} ${unitWord(unit, language)}`.trim();
  };
  heading(sheet, 2, words.conditions);
  table(
    sheet,
    [
      { title: words.thing, share: 5 }, { title: words.quantity, share: 5 }, { title: words.before, share: 3, align: 'right' },
      { title: words.after, share: 3, align: 'right' },
    ],
    view.conditions.map(({ thing, quantity, unit, before, after }): Cell[] => [
      thingText(view, thing, language), text.quantities[quantity] ?? quantity, valueOf(before, unit), valueOf(after, unit),
    ]),
  );
} // prettier-ignore
