import { complianceVerdictText, percentText } from '../../domain/wording/compliance.ts';
import { formats } from '../../domain/format/format.ts';
import type { Language } from '../../domain/format/words.ts';
import type {
  ComplianceDocumentView, ComplianceProofView, ComplianceVerdict, ComplianceView, WorstCase,
} from '../contracts/compliance.ts'; // prettier-ignore
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { createSheet, type Sheet } from '../reports/pdf/sheet.ts';
import { table, tableOrNone, type Cell } from '../reports/pdf/table.ts';
import { monthText } from '../reports/month-text.ts';
import { complianceTexts, type ComplianceText } from './report-text.ts';

/** What the report is made of; kept as it was. */
export interface ComplianceReportData {
  readonly view: ComplianceView;
  readonly documents: readonly ComplianceDocumentView[];
  readonly isSimulated: boolean;
}

interface Context {
  readonly sheet: Sheet;
  readonly view: ComplianceView;
  readonly text: ComplianceText;
  readonly language: Language;
}

const verdictOrder: readonly ComplianceVerdict[] = ['fails', 'not-proven', 'holds'];
/** Of a proof, on paper. */
const thingsPrinted = 10;

/** The monthly report of one site, A4. The same data always makes the same pages. */
export function complianceReportPdf(
  { view, documents, isSimulated }: ComplianceReportData,
  { language, revision }: { readonly language: Language; readonly revision: number },
): Promise<Uint8Array> {
  const text = complianceTexts[language];
  const format = formats[language];
  const made = Date.parse(view.at);
  const month = monthText(view.month, language);
  const sheet = createSheet({
    title: `${text.title} ${view.siteName}`,
    subtitle: month,
    language,
    footer: `Pantau DC · ${text.made} ${format.date(made)} ${format.clock(made)} WIB · ${text.revision} ${revision}`,
    pageText: text.page,
    at: new Date(made),
    ...(isSimulated ? { mark: text.simulated } : {}),
  });
  const context: Context = { sheet, view, text, language };
  const needed = text.neededText(percentText(view.needed.coverage, language), percentText(view.needed.share, language));
  heading(sheet, 1, `${text.title}, ${view.siteName}`);
  facts(sheet, [
    [text.site, `${view.siteName}, ${view.building}`],
    [text.basis, `${view.standard}, ${view.clause}`],
    [text.period, `${month}: ${moment(view.from, language)} – ${moment(view.to, language)} WIB`],
    [text.status, view.isOver ? text.final : text.provisional],
    [text.needed, `${needed} (${view.needed.source[language]})`],
    [text.judgedSince, view.judgedSince === null ? text.neverJudged : `${moment(view.judgedSince, language)} WIB`],
  ]);
  summary(context);
  rowTable(context);
  climate(context);
  notable(context);
  documentTable(context, documents);
  heading(sheet, 2, text.method);
  for (const line of text.methodLines) paragraph(sheet, line);
  return sheet.finish();
} // prettier-ignore

function moment(at: string, language: Language): string {
  return formats[language].moment(Date.parse(at));
}

function verdictCell(verdict: ComplianceVerdict, language: Language): Cell {
  const text = complianceVerdictText(verdict, language);
  if (verdict === 'fails') return { text, font: 'bold', color: 'bad' };
  return verdict === 'holds' ? text : { text, font: 'bold' };
}

function summary({ sheet, view, text, language }: Context): void {
  heading(sheet, 2, text.summary);
  table(
    sheet,
    [
      { title: text.verdict, share: 3 },
      { title: text.count, share: 1, align: 'right' },
      { title: text.rows, share: 8 },
    ],
    verdictOrder.map((verdict): Cell[] => {
      const rows = view.items.filter((each) => each.verdict === verdict);
      return [
        verdictCell(verdict, language),
        String(rows.length),
        rows.map(({ name }) => name[language]).join(', '),
      ];
    }),
  );
}

function heldText(held: number | null, language: Language): string {
  return held === null ? '–' : percentText(held, language);
}

function rowTable({ sheet, view, text, language }: Context): void {
  heading(sheet, 2, text.rows);
  table(
    sheet,
    [
      { title: text.clause, share: 3 },
      { title: text.rule, share: 8 },
      { title: text.verdict, share: 4 },
      { title: text.share, share: 4, align: 'right' },
      { title: text.coverage, share: 3.5, align: 'right' },
      { title: text.reason, share: 9 },
    ],
    view.items.map((row): Cell[] => [
      { text: row.clause, size: 7.5 },
      `${row.name[language]}\n${row.rule[language]}`,
      verdictCell(row.verdict, language),
      heldText(row.share.held, language),
      percentText(row.share.coverage, language),
      { text: [row.reason[language], ...(row.worst?.isBroken === true ? [`${text.worst}: ${worstText(row.worst, language)}`] : [])].join('\n'), size: 7.5 },
    ]),
  );
} // prettier-ignore

/** `Rak A-01 28,4 °C (27 °C), 12 Nov 14.05`; states have no value to read. */
function worstText({ thing, value, unit, low, high, at }: WorstCase, language: Language): string {
  const format = formats[language];
  const limit = [low, high].filter((each) => each !== null).map((each) => format.quantity(each, unit)).join(' – ');
  const what = unit === 'state' ? '' : ` ${format.quantity(value, unit)}${limit === '' ? '' : ` (${limit})`}`;
  return `${thing[language]}${what}, ${format.moment(Date.parse(at))}`;
} // prettier-ignore

function climate({ sheet, view, text, language }: Context): void {
  heading(sheet, 2, text.climate);
  const named = [
    ['temperature', text.temperature],
    ['humidity', text.humidity],
  ] as const;
  table(
    sheet,
    [
      { title: text.quantity, share: 3 },
      { title: text.hall, share: 4 },
      { title: text.sensors, share: 2, align: 'right' },
      { title: text.share, share: 4, align: 'right' },
      { title: text.coverage, share: 3, align: 'right' },
      { title: text.worst, share: 8 },
    ],
    named.flatMap(([row, name]) =>
      view.proofs
        .filter((proof) => proof.row === row)
        .flatMap(({ rooms }) =>
          rooms.map((room): Cell[] => [
            name,
            room.name[language],
            String(room.things),
            heldText(room.share.held, language),
            percentText(room.share.coverage, language),
            room.worst === null ? text.notMeasured : worstText(room.worst, language),
          ]),
        ),
    ),
  );
  heading(sheet, 3, text.indices);
  paragraph(sheet, text.indicesText(view.indices.source), { color: 'dim' });
  const percent = (value: number | null): string => (value === null ? '–' : `${formats[language].number(value, 1)} %`);
  table(
    sheet,
    [
      { title: text.hall, share: 4 },
      { title: text.sensors, share: 2, align: 'right' },
      { title: 'RCI HI', share: 2, align: 'right' },
      { title: 'RCI LO', share: 2, align: 'right' },
      { title: 'RTI', share: 7 },
    ],
    view.indices.halls.map((hall): Cell[] => [
      hall.name[language],
      String(hall.sensors),
      percent(hall.rciHigh),
      percent(hall.rciLow),
      hall.rti === null ? { text: hall.notMeasured?.[language] ?? '–', size: 7.5, color: 'dim' } : percent(hall.rti),
    ]),
  );
} // prettier-ignore

function notable(context: Context): void {
  const { sheet, view, text, language } = context;
  // Where nothing at all was measured, the table of rows has said so.
  const proofs = view.proofs.filter((proof) => proof.notable.length > 0 && proof.share.held !== null);
  if (proofs.length === 0) return;
  heading(sheet, 2, text.notable);
  for (const proof of proofs) {
    heading(sheet, 3, `${rowName(view, proof, language)}: ${proof.name[language]}`);
    table(
      sheet,
      [
        { title: text.thing, share: 6 },
        { title: text.share, share: 4, align: 'right' },
        { title: text.outside, share: 3, align: 'right' },
        { title: text.coverage, share: 3, align: 'right' },
        { title: text.worst, share: 7 },
      ],
      proof.notable.slice(0, thingsPrinted).map((each): Cell[] => [
        each.isFrozen ? `${each.thing[language]}\n${text.frozen}` : each.thing[language],
        heldText(each.share.held, language),
        // Of what was not measured nobody knows that it kept its limits.
        each.share.held === null ? '–' : `${formats[language].number(each.below + each.above, 2)} %`,
        percentText(each.share.coverage, language),
        each.worst === null ? '–' : worstText(each.worst, language),
      ]),
    );
    const rest = proof.notable.length - thingsPrinted;
    if (rest > 0) paragraph(sheet, text.more(rest), { color: 'dim' });
  }
}

function rowName(view: ComplianceView, { row }: ComplianceProofView, language: Language): string {
  return view.items.find((each) => each.row === row)?.name[language] ?? row;
}

function documentTable({ sheet, text, language }: Context, documents: readonly ComplianceDocumentView[]): void {
  heading(sheet, 2, text.documents);
  tableOrNone(sheet, {
    none: text.noDocuments,
    columns: [
      { title: text.clause, share: 3 },
      { title: text.proof, share: 5 },
      { title: text.document, share: 6 },
      { title: text.valid, share: 5 },
      { title: text.status, share: 3 },
    ],
    rows: documents.map((each): Cell[] => [
      { text: each.clause, size: 7.5 },
      each.kindName[language],
      { text: `${each.name}\nSHA-256 ${each.sha256.slice(0, 16)}…`, size: 7.5 },
      `${formats[language].date(Date.parse(each.validFrom))} – ${formats[language].date(Date.parse(each.expiresAt) - 1)}`,
      { text: text.state[each.state], ...(each.state === 'expired' ? { color: 'bad', font: 'bold' } : {}) },
    ]),
  });
} // prettier-ignore
