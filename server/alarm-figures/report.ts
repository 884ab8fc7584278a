import { pointOfAlarm } from '../../core/alarm-key.ts';
import type { Label } from '../../config/schema/common.ts';
import { formats } from '../../domain/format/format.ts';
import type { Language } from '../../domain/format/words.ts';
import {
  adviceText, aimText, figureText, kindText, shortText, verdictText, workStateText,
} from '../../domain/wording/alarm-figures.ts'; // prettier-ignore
import type { AlarmFiguresView, BadActorView, SiteFiguresView } from '../contracts/alarm-figures.ts';
import { bars } from '../reports/pdf/bars.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { monthText } from '../reports/month-text.ts';
import { createSheet, type Sheet } from '../reports/pdf/sheet.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import { reportTexts, type ReportText } from './report-text.ts';

export interface ReportOptions {
  readonly month: string;
  readonly language: Language;
  /** False: the month was not over, or its report is not written down yet. */
  readonly isFinal: boolean;
  readonly isSimulated: boolean;
  /** What a point is measured at, as people call it; undefined: it is not configured any more. */
  readonly nameOf: (point: string) => Label | undefined;
}

interface Context {
  readonly sheet: Sheet;
  readonly view: AlarmFiguresView;
  readonly text: ReportText;
  readonly language: Language;
  readonly nameOf: ReportOptions['nameOf'];
}

/** The figures of a site are not torn apart: its table and the chart below need about so much. */
const siteHeight = 420;
/** Alarms of the work list that are printed; the page has all of them. */
const actorsPrinted = 10;

/** The monthly report on the alarm system, A4. The same figures always make the same pages. */
export function alarmReportPdf(view: AlarmFiguresView, options: ReportOptions): Promise<Uint8Array> {
  const { language, month, isFinal, isSimulated, nameOf } = options;
  const text = reportTexts[language];
  const format = formats[language];
  const made = Date.parse(view.at);
  const sheet = createSheet({
    title: text.title,
    subtitle: monthText(month, language),
    language,
    footer: `Pantau DC · ${text.made} ${format.date(made)} ${format.clock(made)} WIB`,
    pageText: text.page,
    at: new Date(made),
    ...(isSimulated ? { mark: text.simulated } : {}),
  });
  const context: Context = { sheet, view, text, language, nameOf };
  heading(sheet, 1, `${text.title}, ${monthText(month, language)}`);
  facts(sheet, [
    [text.period, `${dateTime(view.from, language)} – ${dateTime(view.to, language)} WIB`],
    [text.basis, text.basisText],
    [text.status, isFinal ? text.final : text.provisional],
  ]);
  summary(context);
  for (const site of view.sites) siteSection(context, site);
  heading(sheet, 2, text.method);
  for (const line of text.methodLines) paragraph(sheet, line);
  return sheet.finish();
}

function summary({ sheet, view, text, language }: Context): void {
  heading(sheet, 2, text.summary);
  table(
    sheet,
    [
      { title: text.site, share: 3 },
      { title: text.days, share: 2, align: 'right' },
      { title: text.annunciated, share: 2, align: 'right' },
      { title: text.falseAlarms, share: 2, align: 'right' },
      { title: text.verdict, share: 5 },
    ],
    view.sites.map(({ site, name, days, annunciated, falseAlarms }): Cell[] => {
      const items = view.items.filter((each) => each.site === site);
      const judged = items.filter(({ verdict }) => verdict === 'met' || verdict === 'missed');
      const met = judged.filter(({ verdict }) => verdict === 'met');
      return [
        { text: name, font: 'bold' },
        formats[language].number(days, 1),
        formats[language].number(annunciated, 0),
        `${falseAlarms.marked} / ${falseAlarms.incidents}`,
        days < view.daysNeeded
          ? shortText(days, view.daysNeeded, language)
          : text.metOf(met.length, judged.length),
      ];
    }),
  );
}

function siteSection(context: Context, site: SiteFiguresView): void {
  const { sheet, text } = context;
  sheet.room(siteHeight);
  heading(sheet, 2, site.name);
  figureTable(context, site);
  heading(sheet, 3, text.perDay);
  if (site.perDay.length === 0) paragraph(sheet, text.noAlarms);
  bars(
    sheet,
    site.perDay.map(({ day, count }) => ({ label: `${day.slice(8)}/${day.slice(5, 7)}`, value: count })),
    { format: (value) => formats[context.language].number(value, 0) },
  );
  evidence(context, site);
  actorTable(context, site);
}

function figureTable({ sheet, view, text, language }: Context, { site }: SiteFiguresView): void {
  table(
    sheet,
    [
      { title: text.figure, share: 7 },
      { title: text.value, share: 2, align: 'right' },
      { title: text.aim, share: 2, align: 'right' },
      { title: text.verdict, share: 3 },
      { title: text.source, share: 4 },
    ],
    view.items
      .filter((each) => each.site === site)
      .map((item): Cell[] => [
        item.name[language],
        { text: figureText(item, language), font: 'bold' },
        aimText(item, language),
        {
          text: verdictText(item.verdict, language),
          ...(item.verdict === 'missed' ? { font: 'bold', color: 'bad' } : {}),
        },
        { text: item.source, color: 'dim', size: 7.5 },
      ]),
  );
}

function evidence({ sheet, text, language }: Context, site: SiteFiguresView): void {
  const format = formats[language];
  const { peak, priorities, floods, operators, falseAlarms } = site;
  const split = Object.entries(priorities)
    .filter(([, count]) => count > 0)
    .map(([priority, count]) => `${priority === 'unknown' ? text.noRule : priority} ${format.number(count, 0)}`);
  facts(sheet, [
    [text.peak, peak === null ? '–' : text.peakText(peak.count, dateTime(peak.at, language))],
    [text.priorities, split.length === 0 ? '–' : split.join(' · ')],
    [text.standing, String(site.standing)],
    [text.floodCount, String(site.floodCount)],
    ...(falseAlarms.byRule.length === 0
      ? []
      : [[text.falseByRule, falseAlarms.byRule.map(({ name, marked }) => `${name[language]} (${marked})`).join(' · ')] as const]),
  ]);
  if (floods.length > 0)
    table(
      sheet,
      [
        { title: text.floodFrom, share: 4 },
        { title: text.floodLength, share: 3 },
        { title: text.annunciated, share: 2, align: 'right' },
      ],
      floods.map(({ from, to, alarms }) => [
        `${dateTime(from, language)} WIB`,
        format.duration(Date.parse(to) - Date.parse(from)),
        format.number(alarms, 0),
      ]),
    );
  if (operators.length > 0)
    table(
      sheet,
      [
        { title: text.operator, share: 4 },
        { title: text.acknowledged, share: 2, align: 'right' },
        { title: text.meanTime, share: 3, align: 'right' },
      ],
      operators.map(({ actor, acknowledged, meanMs }) => [
        actor,
        format.number(acknowledged, 0),
        format.duration(meanMs),
      ]),
    );
} // prettier-ignore

function actorTable({ sheet, view, text, language, nameOf }: Context, { site }: SiteFiguresView): void {
  const actors = view.actors.filter((each) => each.site === site).slice(0, actorsPrinted);
  heading(sheet, 3, text.work);
  if (actors.length === 0) {
    paragraph(sheet, text.noWork);
    return;
  }
  table(
    sheet,
    [
      { title: text.alarm, share: 7 },
      { title: text.times, share: 2, align: 'right' },
      { title: text.why, share: 3 },
      { title: text.advice, share: 7 },
      { title: text.state, share: 4 },
    ],
    actors.map((actor): Cell[] => [
      nameAndThing(actor, { language, nameOf }),
      `${formats[language].number(actor.annunciated, 0)}\n${formats[language].number(actor.share, 1)} %`,
      actor.kinds.map((kind) => kindText(kind, language)).join(', '),
      adviceText(actor, language),
      stateOf(actor, language),
    ]),
  );
}

function nameAndThing({ name, alarm }: { readonly name: Label; readonly alarm: string }, { language, nameOf }: Pick<Context, 'language' | 'nameOf'>): string {
  const point = pointOfAlarm(alarm);
  return `${name[language]}\n${nameOf(point)?.[language] ?? point}`;
} // prettier-ignore

function stateOf({ work, recurred }: BadActorView, language: Language): string {
  const parts = [
    [workStateText(work?.state ?? 'open', language), work?.assignee ?? ''].filter(Boolean).join(' · '),
    work?.note ?? '',
    recurred ? reportTexts[language].recurred : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function dateTime(at: string, language: Language): string {
  const format = formats[language];
  const ms = Date.parse(at);
  return format.moment(ms);
}
