import { aimText, figureText, verdictText } from '../../domain/wording/alarm-figures.ts';
import { percentText } from '../../domain/wording/compliance.ts';
import { formats } from '../../domain/format/format.ts';
import type { Language } from '../../domain/format/words.ts';
import { complianceTexts } from '../compliance/report-text.ts';
import type { OperationsView, PriorityFigures, SiteOperations } from '../contracts/operations.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { qrCode } from '../reports/pdf/qr.ts';
import { createSheet, type Sheet } from '../reports/pdf/sheet.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import { monthText } from '../reports/month-text.ts';
import { operationsTexts, type OperationsText } from './report-text.ts';

interface Context {
  readonly sheet: Sheet;
  readonly view: OperationsView;
  readonly text: OperationsText;
  readonly language: Language;
}

/** A signed checkpoint of the log (docs/audit-log.md). */
export interface LogMark {
  readonly number: number;
  readonly size: number;
  readonly root: string;
  readonly at: number;
  /** The signed text. */
  readonly note: string;
}

/** The monthly operations report of all sites, A4. The same data always makes the same pages. */
export function operationsReportPdf(
  view: OperationsView,
  {
    language,
    revision,
    isSimulated,
    checkpoint,
  }: {
    readonly language: Language;
    readonly revision: number;
    readonly isSimulated: boolean;
    /** Of the log that proves itself, when the report is made; absent: none is signed yet. */
    readonly checkpoint?: LogMark | undefined;
  },
): Promise<Uint8Array> {
  const text = operationsTexts[language];
  const format = formats[language];
  const made = Date.parse(view.at);
  const month = monthText(view.month, language);
  const sheet = createSheet({
    title: text.title,
    subtitle: month,
    language,
    footer: `Pantau DC · ${text.made} ${format.date(made)} ${format.clock(made)} WIB · ${text.revision} ${revision}`,
    pageText: complianceTexts[language].page,
    at: new Date(made),
    ...(isSimulated ? { mark: text.simulated } : {}),
  });
  const context: Context = { sheet, view, text, language };
  heading(sheet, 1, `${text.title}, ${month}`);
  facts(sheet, [
    [text.period, `${format.moment(Date.parse(view.from))} – ${format.moment(Date.parse(view.to))} WIB`],
    [text.status, view.isOver ? text.final : text.provisional],
  ]);
  summary(context);
  for (const site of view.sites) siteSection(context, site);
  alarmSection(context);
  if (checkpoint !== undefined) logSection(context, checkpoint);
  heading(sheet, 2, text.method);
  for (const line of text.methodLines) paragraph(sheet, line);
  return sheet.finish();
}

/** On paper, out of reach of whoever could rewrite the log: its size and root as signed, and as a code to compare by. */
function logSection({ sheet, text, language }: Context, { number, size, root, at, note }: LogMark): void {
  const format = formats[language];
  heading(sheet, 2, text.log);
  paragraph(sheet, text.logLine);
  facts(sheet, [
    [text.logCheckpoint, `${format.number(number, 0)}, ${format.moment(at)} WIB`],
    [text.logEntries, format.number(size, 0)],
    [text.logRoot, root],
  ]);
  qrCode(sheet, note, 130);
}

function total(site: SiteOperations, key: 'count' | 'kept' | 'broken' | 'open'): number {
  return site.priorities.reduce((sum, each) => sum + each[key], 0);
}

function availabilityText({ availability }: SiteOperations, { text, language }: Context): string {
  const { supplied, coverage } = availability;
  if (supplied === null) return text.unknown;
  return `${percentText(supplied, language)} (${text.measured} ${percentText(coverage, language)})`;
}

function pueText({ energy }: SiteOperations, language: Language): string {
  return energy.pue === null ? '–' : formats[language].number(energy.pue, 2);
}

function litres(value: number | null, language: Language): string {
  return value === null ? '–' : `${formats[language].number(value, 0)} L`;
}

function summary(context: Context): void {
  const { sheet, view, text, language } = context;
  heading(sheet, 2, text.summary);
  table(
    sheet,
    [
      { title: text.site, share: 3 },
      { title: text.incidents, share: 3, align: 'right' },
      { title: text.kept, share: 3.2, align: 'right' },
      { title: text.broken, share: 3.7, align: 'right' },
      { title: text.open, share: 2.9, align: 'right' },
      { title: text.availability, share: 6 },
      { title: text.pue, share: 2, align: 'right' },
      { title: text.fuelUsed, share: 3, align: 'right' },
    ],
    view.sites.map((site): Cell[] => [
      { text: site.siteName, font: 'bold' },
      String(total(site, 'count')),
      String(total(site, 'kept')),
      total(site, 'broken') === 0 ? '0' : { text: String(total(site, 'broken')), font: 'bold', color: 'bad' },
      String(total(site, 'open')),
      { text: availabilityText(site, context), size: 7.5 },
      pueText(site, language),
      litres(site.fuel.usedLitres, language),
    ]),
  );
}

function siteSection(context: Context, site: SiteOperations): void {
  const { sheet, text, language } = context;
  const format = formats[language];
  heading(sheet, 2, site.siteName);
  heading(sheet, 3, text.incidents);
  if (total(site, 'count') === 0) paragraph(sheet, text.noIncidents);
  else
    table(
      sheet,
      [
        { title: text.priority, share: 2 },
        { title: text.incidents, share: 2.6, align: 'right' },
        { title: text.kept, share: 2.6, align: 'right' },
        { title: text.broken, share: 3, align: 'right' },
        { title: text.open, share: 2.4, align: 'right' },
        { title: text.acknowledge, share: 4 },
        { title: text.resolve, share: 4 },
      ],
      site.priorities.map((each): Cell[] => [
        { text: each.priority, font: 'bold' },
        String(each.count),
        String(each.kept),
        each.broken === 0 ? '0' : { text: String(each.broken), font: 'bold', color: 'bad' },
        String(each.open),
        spreadText(each.acknowledge, language),
        spreadText(each.resolve, language),
      ]),
    );
  if (site.broken.length > 0) {
    heading(sheet, 3, text.brokenList);
    const at = (time: string | null): string => (time === null ? '–' : format.moment(Date.parse(time)));
    table(
      sheet,
      [
        { title: text.priority, share: 2 },
        { title: text.incidents, share: 9 },
        { title: text.begun, share: 3 },
        { title: text.due, share: 3 },
        { title: text.ended, share: 3 },
      ],
      site.broken.map((each): Cell[] => [each.priority, each.title[language], at(each.openedAt), at(each.dueAt), at(each.endedAt)]),
    );
  }
  facility(context, site);
} // prettier-ignore

function spreadText({ median, p90 }: PriorityFigures['resolve'], language: Language): string {
  if (median === null || p90 === null) return '–';
  return `${formats[language].duration(median)} / ${formats[language].duration(p90)}`;
}

function facility(context: Context, site: SiteOperations): void {
  const { sheet, text, language } = context;
  const { availability, energy, fuel } = site;
  const format = formats[language];
  const kwh = (value: number | null): string => (value === null ? '–' : `${format.number(value, 0)} kWh`);
  const dark = availability.dark.map(({ rack, ms }) => `${rack} (${format.duration(ms)})`).join(', ');
  heading(sheet, 3, text.facility);
  facts(sheet, [
    [text.racks, availability.unused === 0 ? String(availability.racks) : `${availability.racks}, ${availability.unused} ${text.unused}`],
    [text.supplied, availabilityText(site, context)],
    [text.dark, dark === '' ? text.noDark : dark],
    [text.pue, energy.pue === null ? text.unknown : `${pueText(site, language)} (${text.measured} ${percentText(energy.coverage, language)})`],
    ...(energy.category === null ? [] : [[text.category, text.categoryText[energy.category]] as const]),
    [text.energyText, `${kwh(energy.facilityKwh)} / ${kwh(energy.itKwh)}`],
    [
      text.fuel,
      fuel.usedLitres === null
        ? text.unknown
        : `${litres(fuel.usedLitres, language)} ${text.used}, ${litres(fuel.refilledLitres, language)} ${text.refilled} (${text.measured} ${percentText(fuel.coverage, language)})`,
    ],
    [
      text.stock,
      `${litres(fuel.startLitres, language)} / ${litres(fuel.endLitres, language)}${fuel.capacityLitres === null ? '' : ` (${text.capacity} ${litres(fuel.capacityLitres, language)})`}`,
    ],
  ]);
} // prettier-ignore

function alarmSection({ sheet, view, text, language }: Context): void {
  const { items, sites } = view.alarms;
  heading(sheet, 2, text.alarms);
  const rows = items.filter(({ site }) => site === sites[0]?.site);
  table(
    sheet,
    [
      { title: text.figure, share: 6 },
      { title: text.aim, share: 3, align: 'right' },
      ...sites.map(({ name }) => ({ title: name, share: 4 })),
    ],
    rows.map((row): Cell[] => [
      row.name[language],
      aimText(row, language),
      ...sites.map(({ site }): Cell => {
        const item = items.find((each) => each.site === site && each.figure === row.figure);
        if (item === undefined) return '–';
        const cell = `${figureText(item, language)}\n${verdictText(item.verdict, language)}`;
        return item.verdict === 'missed' ? { text: cell, font: 'bold', color: 'bad' } : cell;
      }),
    ]),
  );
}
