import { formats } from '../../domain/format/format.ts';
import type { LoadTestView } from '../contracts/load-tests.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { curves } from '../reports/pdf/curves.ts';
import { createSheet, type Sheet } from '../reports/pdf/sheet.ts';
import { table, type Cell } from '../reports/pdf/table.ts';
import { loadTestTexts, unitWord, type LoadTestText } from '../../domain/wording/load-test.ts';

export interface ReportOptions {
  readonly language: 'id' | 'en';
  readonly siteName: string;
  readonly isSimulated: boolean;
}

interface Context {
  readonly sheet: Sheet;
  readonly view: LoadTestView;
  readonly text: LoadTestText;
  readonly language: 'id' | 'en';
}

/** The report of a run: result, criteria, timeline, sets, curves, table, what is missing. */
export async function loadTestPdf(view: LoadTestView, { language, siteName, isSimulated }: ReportOptions): Promise<Uint8Array> {
  const text = loadTestTexts[language];
  const { words } = text;
  const format = formats[language];
  const sheet = createSheet({
    title: text.title,
    subtitle: `${view.site} · ${format.date(Date.parse(view.from))}`,
    language,
    mark: isSimulated ? text.simulated : undefined,
    footer: `Pantau DC · ${view.id} · SHA-256 ${view.sha256.slice(0, 16)}…`,
    pageText: text.page,
    at: new Date(view.madeAt),
  });
  const context = { sheet, view, text, language };
  heading(sheet, 1, `${text.title}: ${text.verdicts[view.verdict]}`);
  const measured = (value: number | null, unit: string, decimals = 0): string =>
    value === null ? words.unknown : `${format.number(value, decimals)} ${unit}`;
  facts(sheet, [
    [words.site, siteName],
    [words.kind, text.labels[view.label]],
    [words.result, text.verdicts[view.verdict]],
    [words.from, moment(context, view.from)],
    [words.to, moment(context, view.to)],
    [words.peak, measured(view.kwMax, 'kW')],
    [words.mean, measured(view.kwMean, 'kW')],
    [words.fuel, measured(view.fuelUsed, 'L', 1)],
    [words.rate, measured(view.fuelRate, language === 'id' ? 'L/jam' : 'L/h', 1)],
    [words.endurance, measured(view.enduranceHours, language === 'id' ? 'jam' : 'h', 1)],
    [words.coverage, `${format.number(view.coverage, 1)} %`],
    [words.profile, view.profile],
    [words.madeAt, moment(context, view.madeAt)],
  ]);
  criteria(context);
  timeline(context);
  sets(context);
  charts(context);
  powerTable(context);
  evidence(context);
  signatures(context);
  return sheet.finish();
} // prettier-ignore

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
      const reason = why === null ? '' : `\n${text.whys[why] ?? why}${things.length === 0 ? '' : `: ${things.slice(0, 4).join(', ')}`}`;
      return [
        title[language] + (reference ? ` (${words.reference})` : ''),
        value === null ? '–' : `${number(value)} ${unitWord(unit, language)}${range}`,
        limit === null ? '–' : `${sign}${number(limit)} ${unitWord(unit, language)}`,
        source,
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
      const accuracy = doubt === 0 ? '–' : `−${formats[context.language].number(doubt / 1_000, 1)} s`;
      return [
        text.phases[phase] ?? phase,
        thing ?? view.site,
        time(from),
        time(to),
        accuracy,
        text.seen[seen],
      ];
    }),
  );
}

function sets({ sheet, view, text, language }: Context): void {
  const { words } = text;
  const format = formats[language];
  const of = (value: number | null, unit: string, decimals = 0): string => (value === null ? '–' : `${format.number(value, decimals)} ${unit}`);
  heading(sheet, 2, words.sets);
  table(
    sheet,
    [
      { title: words.set, share: 3 }, { title: words.rated, share: 2.4 }, { title: words.attempts, share: 1.8 }, { title: words.crank, share: 2 },
      { title: words.crankVolts, share: 2.4 }, { title: words.kw, share: 3.4 }, { title: words.oil, share: 2.4 },
      { title: words.coolant, share: 2.8 }, { title: words.coolDown, share: 3 }, { title: words.hours, share: 2.6 },
    ],
    view.sets.map((set): Cell[] => [
      set.genset, of(set.ratedKw, 'kW'), String(set.attempts), of(set.crankS, 's', 1), of(set.lowestCrankVolts, 'V', 1),
      `${of(set.kwMean, 'kW')} / ${of(set.kwMax, 'kW')}`, of(set.oilMin, 'kPa'), of(set.coolantMax, '°C'), of(set.coolDownS, 's'),
      set.hoursAfter === null ? '–' : format.number(set.hoursAfter, 1),
    ]),
  );
} // prettier-ignore

/** One chart for each unit, of gensets apart where they have phases. */
function charts(context: Context): void {
  const { sheet, view, text, language } = context;
  heading(sheet, 2, text.words.curves);
  const byKey = new Map<string, LoadTestView['curves']>();
  for (const curve of view.curves) {
    const [owner = '', last = ''] = [curve.name.split('/')[0], curve.name.split('/').at(-1)];
    const quantity = text.quantities[last] ?? last;
    const key = curve.unit === 'V' ? `${quantity} ${owner} (V)` : `${quantity} (${curve.unit})`;
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

function powerTable(context: Context): void {
  const { sheet, view, text, language } = context;
  const powers = view.curves.filter(({ unit }) => unit === 'kW');
  if (powers.length === 0) return;
  heading(sheet, 2, text.words.table);
  const rows: Cell[][] = [];
  for (let at = Date.parse(view.from); at <= Date.parse(view.to); at += tableEveryMs)
    rows.push([
      clock(context, at),
      ...powers.map(({ values }) => {
        const near = values.findLast(([time]) => time <= at);
        return near === undefined || at - near[0] > tableEveryMs ? '–' : formats[language].number(near[1], 0);
      }),
    ]);
  table(sheet, [{ title: text.words.time, share: 3 }, ...powers.map(({ name }) => ({ title: `${name.split('/')[0] ?? name} (kW)`, share: 3, align: 'right' as const }))], rows);
} // prettier-ignore

function evidence({ sheet, view, text, language }: Context): void {
  const { words } = text;
  heading(sheet, 2, words.evidence);
  const seconds = (ms: number): string => `${formats[language].number(ms / 1_000, 1)} s`;
  facts(sheet, [
    [words.hash, view.sha256],
    [words.clocks, view.clocks.length === 0 ? words.none : view.clocks.map(({ device, offsetMs, doubtMs }) => `${device} ${seconds(offsetMs)} (± ${seconds(doubtMs)})`).join('; ')],
    [words.frozen, view.frozen.length === 0 ? words.none : view.frozen.join(', ')],
  ]);
  if (view.missing.length === 0) return;
  heading(sheet, 3, words.gaps);
  paragraph(sheet, words.gapsNote);
  table(
    sheet,
    [{ title: words.thing, share: 8 }, { title: words.coverage, share: 2, align: 'right' }],
    view.missing.map(({ point, percent }): Cell[] => [point, `${formats[language].number(percent, 1)} %`]),
  );
} // prettier-ignore

function signatures({ sheet, text }: Context): void {
  heading(sheet, 2, text.words.signatures);
  const y = sheet.top() + 54;
  const width = (sheet.width - 40) / 2;
  for (const x of [sheet.left, sheet.left + width + 40]) sheet.line([x, y], [x + width, y], 'text');
  sheet.moveDown(60);
}

function moment({ language }: Context, at: string): string {
  return formats[language].moment(Date.parse(at));
}

function clock({ language }: Context, at: number): string {
  return formats[language].time(at);
}
