import { formats } from '../../domain/format/format.ts';
import { dayMs } from '../../core/wib.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';
import { clock, moment, type Context } from './report-context.ts';
import { attention } from './report-attention.ts';
import { charts, loadTables } from './report-curves.ts';
import { conditions, gensetPlates } from './report-identity.ts';
import { addedParts, signatures, type ReportParts } from './report-parts.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { createSheet } from '../reports/pdf/sheet.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import {
  loadTestTexts,
  siteText,
  sourceText,
  thingText,
  thingsText,
  unitWord,
} from '../../domain/wording/load-test.ts';

export interface ReportOptions extends ReportParts {
  readonly language: 'id' | 'en';
  readonly siteName: string;
  readonly isSimulated: boolean;
  /** Every reading of the run, as CSV: what the SHA-256 of the readings is of. */
  readonly samples: Buffer;
}

/** The report of a run, PDF/A-3b with its readings inside: result, criteria, timeline, sets, curves, what was found, signatures. */
export async function loadTestPdf(view: LoadTestDocument, options: ReportOptions): Promise<Uint8Array> {
  const { language, siteName, isSimulated, samples } = options;
  const text = loadTestTexts[language];
  const { words } = text;
  const format = formats[language];
  const sheet = createSheet({
    title: text.title,
    subtitle: `${siteText(view)} · ${format.date(Date.parse(view.from))}`,
    language,
    mark: isSimulated ? text.simulated : undefined,
    footer: `Pantau DC · ${view.id} · ${words.revision} ${view.revision} · SHA-256 ${view.sha256.slice(0, 16)}…`,
    isArchive: true,
    pageText: text.page,
    at: new Date(view.madeAt),
  });
  const samplesName = `${view.id}-r${view.revision}.csv`;
  const context = { sheet, view, text, language };
  heading(sheet, 1, `${text.title}: ${text.verdicts[view.verdict]}`);
  const measured = (value: number | null, unit: string, decimals = 0): string =>
    value === null ? words.unknown : `${format.number(value, decimals)} ${unit}`;
  facts(sheet, [
    [words.site, siteName],
    [words.revision, view.reason === null ? String(view.revision) : `${view.revision} (${words.corrected}: ${view.reason === 'continued' ? words.continued : view.reason})`],
    [words.kind, text.labels[view.label]],
    [words.result, text.verdicts[view.verdict]],
    [words.from, moment(context, view.from)],
    [words.to, moment(context, view.to)],
    [words.peak, measured(view.kwMax, 'kW')],
    [words.mean, measured(view.kwMean, 'kW')],
    [words.fuel, measured(view.fuelUsed, 'L', 1)],
    [words.rate, measured(view.fuelRate, language === 'id' ? 'L/jam' : 'L/h', 1)],
    [words.endurance, measured(view.enduranceHours, language === 'id' ? 'jam' : 'h', 1)],
    [words.previous, previousText(context)],
    [words.coverage, `${format.number(view.coverage, 1)} %`],
    [words.profile, view.profile],
    [words.madeAt, moment(context, view.madeAt)],
  ]);
  attention(context);
  criteria(context);
  gensetPlates(context);
  conditions(context);
  timeline(context);
  transfers(context);
  sets(context);
  charts(context);
  loadTables(context);
  addedParts(context, options);
  evidence(context, samplesName);
  signatures(context, options);
  sheet.attach({ name: samplesName, type: 'text/csv', bytes: samples, description: words.readings });
  return sheet.finish();
} // prettier-ignore

/** With the days between: the catalogue asks for a test in each period. */
function previousText({ view, text, language }: Context): string {
  if (view.previous === null) return text.words.none;
  const at = Date.parse(view.previous.at);
  const days = Math.floor((Date.parse(view.from) - at) / dayMs);
  return text.words.daysBefore.replace('{date}', formats[language].date(at)).replace('{days}', String(days));
}

function criteria({ sheet, view, text, language }: Context): void {
  const { words } = text;
  const format = formats[language];
  heading(sheet, 2, words.criteria);
  table(
    sheet,
    [
      { title: words.criterion, share: 6 },
      { title: words.value, share: 4 },
      { title: words.limit, share: 3 },
      { title: words.source, share: 4 },
      { title: words.result, share: 4 },
    ],
    view.criteria.map(({ title, value, least, most, unit, limit, sense, source, verdict, reference, why, things }): Cell[] => {
      const number = (each: number): string => format.number(each, unit === 'count' || unit === 'kW' ? 0 : 1);
      const range = least !== null && most !== null && number(least) !== number(most) ? `\n(${number(least)} – ${number(most)})` : '';
      const sign = sense === null ? '' : { least: '≥ ', most: '≤ ', within: '± ' }[sense];
      const reason = why === null ? '' : `\n${text.whys[why] ?? why}${things.length === 0 ? '' : `: ${thingsText(view, things.slice(0, 4), language)}`}`;
      return [
        title[language] + (reference ? ` (${words.reference})` : ''),
        value === null ? '–' : `${number(value)} ${unitWord(unit, language)}${range}`,
        limit === null ? '–' : `${sign}${number(limit)} ${unitWord(unit, language)}`,
        sourceText(source, language),
        { text: text.verdicts[verdict] + reason, ...(verdict === 'fail' ? { color: 'bad' as const } : {}) },
      ];
    }),
  );
} // prettier-ignore

function timeline(context: Context): void {
  const { sheet, view, text } = context;
  const { words } = text;
  heading(sheet, 2, words.timeline);
  const time = (at: string | null): string => (at === null ? '–' : clock(context, Date.parse(at)));
  table(
    sheet,
    [
      { title: words.phase, share: 5 },
      { title: words.thing, share: 3 },
      { title: words.begins, share: 3 },
      { title: words.ends, share: 3 },
      { title: words.doubt, share: 2 },
      { title: '', share: 3 },
    ],
    view.phases.map(({ phase, thing, from, to, fromDoubtMs, toDoubtMs, seen }): Cell[] => {
      const doubt = Math.max(fromDoubtMs ?? 0, toDoubtMs ?? 0);
      const accuracy =
        doubt === 0
          ? '–'
          : `−${formats[context.language].number(doubt / 1_000, 1)} ${unitWord('s', context.language)}`;
      return [
        text.phases[phase] ?? phase,
        thing === null ? siteText(view) : thingText(view, thing, context.language),
        time(from),
        time(to),
        accuracy,
        text.seen[seen],
      ];
    }),
  );
}

function transfers({ sheet, view, text, language }: Context): void {
  const { words } = text;
  const format = formats[language];
  const unit = unitWord('s', language);
  const time = (bounded: LoadTestDocument['transfers'][number]['transfer']): string => {
    if (bounded === null) return words.unknown;
    const { value, least, most } = bounded;
    const range = least === null || most === null || least === most ? '' : `\n(${format.number(least, 1)} – ${format.number(most, 1)})`;
    return `${format.number(value, 1)} ${unit}${range}`;
  };
  if (view.transfers.length > 0) {
    heading(sheet, 2, words.transfers);
    table(
      sheet,
      [{ title: words.ats, share: 4 }, { title: words.transferTime, share: 4 }, { title: words.retransferTime, share: 4 }, { title: words.result, share: 5 }],
      view.transfers.map(({ ats, transfer, retransfer, verdict, why }): Cell[] => [
        thingText(view, ats, language), time(transfer), time(retransfer),
        { text: text.verdicts[verdict] + (why === null ? '' : `\n${text.whys[why] ?? why}`), ...(verdict === 'fail' ? { color: 'bad' as const } : {}) },
      ]),
    );
  }
  if (view.upss.length === 0) return;
  const of = (value: number | null, by: string, decimals = 0): string => (value === null ? words.unknown : `${format.number(value, decimals)} ${by}`);
  heading(sheet, 2, words.upss);
  table(
    sheet,
    [
      { title: 'UPS', share: 3 }, { title: words.onBattery, share: 3 }, { title: words.lowestVolts, share: 3 }, { title: words.lowestCharge, share: 3 },
      { title: words.autonomy, share: 3 }, { title: words.output, share: 3 },
    ],
    view.upss.map(({ ups, onBatteryS, lowestVolts, lowestCharge, autonomyS, dropped }): Cell[] => [
      thingText(view, ups, language), of(onBatteryS, unit), of(lowestVolts, 'V'), of(lowestCharge, '%'),
      of(autonomyS === null ? null : autonomyS / 60, unitWord('min', language)),
      dropped === null ? words.unknown : { text: dropped ? words.outputLost : words.outputKept, ...(dropped ? { color: 'bad' as const } : {}) },
    ]),
  );
} // prettier-ignore

function sets({ sheet, view, text, language }: Context): void {
  const { words } = text;
  const format = formats[language];
  const of = (value: number | null, unit: string, decimals = 0): string => (value === null ? '–' : `${format.number(value, decimals)} ${unit}`);
  heading(sheet, 2, words.sets);
  table(
    sheet,
    [
      { title: words.set, share: 3 }, { title: words.rated, share: 2.4 }, { title: words.attempts, share: 2.2 }, { title: words.crank, share: 2 },
      { title: words.crankVolts, share: 2.4 }, { title: words.kw, share: 3.4 }, { title: words.oil, share: 2.4 },
      { title: words.coolant, share: 2.8 }, { title: words.coolDown, share: 3 }, { title: words.hours, share: 2.6 },
    ],
    view.sets.map((set): Cell[] => [
      thingText(view, set.genset, language), of(set.ratedKw, 'kW'), String(set.attempts), of(set.crankS, unitWord('s', language), 1), of(set.lowestCrankVolts, 'V', 1),
      `${of(set.kwMean, 'kW')} / ${of(set.kwMax, 'kW')}`, of(set.oilMin, 'kPa'), of(set.coolantMax, '°C'), of(set.coolDownS, unitWord('s', language)),
      set.hoursAfter === null ? '–' : format.number(set.hoursAfter, 1),
    ]),
  );
} // prettier-ignore

function evidence({ sheet, view, text, language }: Context, file: string): void {
  const { words } = text;
  heading(sheet, 2, words.evidence);
  const seconds = (ms: number): string => `${formats[language].number(ms / 1_000, 1)} ${unitWord('s', language)}`;
  facts(sheet, [
    [words.hash, view.sha256],
    [words.clocks, view.clocks.length === 0 ? words.none : view.clocks.map(({ device, offsetMs, doubtMs }) => `${thingText(view, device, language)} ${seconds(offsetMs)} (± ${seconds(doubtMs)})`).join('; ')],
    [words.frozen, view.frozen.length === 0 ? words.none : thingsText(view, view.frozen, language)],
  ]);
  paragraph(sheet, words.attached.replace('{file}', file));
  if (view.missing.length === 0) return;
  heading(sheet, 3, words.gaps);
  paragraph(sheet, words.gapsNote);
  table(
    sheet,
    [{ title: words.thing, share: 5 }, { title: words.points, share: 2, align: 'right' }, { title: words.coverage, share: 3, align: 'right' }],
    missingByThing(view.missing).map(({ thing, points, least }): Cell[] => [thingText(view, thing, language), String(points), `${formats[language].number(least, 1)} %`]),
  );
} // prettier-ignore

/** A device that answered late is short at each of its points: its worst one speaks for it. */
function missingByThing(missing: LoadTestDocument['missing']): { thing: string; points: number; least: number }[] {
  const thingOf = (point: string): string => point.split('/')[1] ?? point;
  const things = [...new Set(missing.map(({ point }) => thingOf(point)))];
  return things.map((thing) => {
    const own = missing.filter(({ point }) => thingOf(point) === thing).map(({ percent }) => percent);
    return { thing, points: own.length, least: Math.min(...own) };
  });
} // prettier-ignore
