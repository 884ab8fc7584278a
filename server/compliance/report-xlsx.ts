import writeXlsxFile, { type Row, type Sheet } from 'write-excel-file/node';
import type { Buffer } from 'node:buffer';
import { complianceVerdictText } from '../../domain/wording/compliance.ts';
import { zonedTime, defaultZone } from '../../core/zoned.ts';
import type { Language } from '../../domain/format/words.ts';
import { complianceTexts } from './report-text.ts';
import type { ComplianceReportData } from './report-pdf.ts';

const percentFormat = '0.00';

/** The same figures for a spreadsheet: rows, proofs, halls, things and documents, a sheet each. Percents are numbers of 0 to 100. */
export async function complianceReportXlsx(
  { view, documents }: ComplianceReportData,
  language: Language,
): Promise<Uint8Array> {
  const text = complianceTexts[language];
  const zone = zonedTime(defaultZone);
  const time = (at: string): string => zone?.plain(Date.parse(at)) ?? at;
  const percent = (value: number | null) => (value === null ? null : { value, type: Number, format: percentFormat });
  const head = (titles: readonly string[]): Row => titles.map((value) => ({ value, fontWeight: 'bold', wrap: true }));
  const wrapped = (value: string) => ({ value, wrap: true });
  const columns = (...widths: number[]) => widths.map((width) => ({ width }));
  const name = (row: string): string => view.items.find((each) => each.row === row)?.name[language] ?? row;

  const sheets: Sheet<Buffer>[] = [
    {
      sheet: text.rows,
      columns: columns(12, 26, 44, 18, 12, 12, 60, 30, 24),
      stickyRowsCount: 1,
      data: [
        head([text.clause, text.proof, text.rule, text.verdict, `${text.share} %`, `${text.coverage} %`, text.reason, text.worst, `${text.worst} (WIB)`]),
        ...view.items.map((row): Row => [
          row.clause, wrapped(row.name[language]), wrapped(row.rule[language]), complianceVerdictText(row.verdict, language),
          percent(row.share.held), percent(row.share.coverage), wrapped(row.reason[language]),
          row.worst?.point ?? null, row.worst === null ? null : time(row.worst.at),
        ]),
      ],
    },
    {
      sheet: text.proof,
      columns: columns(26, 34, 12, 30, 18, 12, 12, 10, 60),
      stickyRowsCount: 1,
      data: [
        head([text.rows, text.proof, 'by', text.basis, text.verdict, `${text.share} %`, `${text.coverage} %`, text.count, text.reason]),
        ...view.proofs.map((proof): Row => [
          wrapped(name(proof.row)), wrapped(proof.name[language]), proof.by, proof.source, complianceVerdictText(proof.verdict, language),
          percent(proof.share.held), percent(proof.share.coverage), proof.things, wrapped(proof.reason[language]),
        ]),
      ],
    },
    {
      sheet: text.hall,
      columns: columns(26, 26, 10, 12, 12, 34, 12, 24),
      stickyRowsCount: 1,
      data: [
        head([text.rows, text.hall, text.sensors, `${text.share} %`, `${text.coverage} %`, text.worst, text.quantity, 'WIB']),
        ...view.proofs.flatMap(({ row, rooms }) =>
          rooms.map((room): Row => [
            name(row), room.name[language], room.things, percent(room.share.held), percent(room.share.coverage),
            room.worst?.point ?? null, room.worst?.value ?? null, room.worst === null ? null : time(room.worst.at),
          ]),
        ),
      ],
    },
    {
      sheet: text.thing,
      columns: columns(26, 40, 16, 12, 12, 12, 12, 12, 24),
      stickyRowsCount: 1,
      data: [
        head([text.rows, 'id', text.thing, `${text.share} %`, `< %`, `> %`, `${text.coverage} %`, text.worst, 'WIB']),
        ...view.proofs.flatMap(({ row, notable }) =>
          notable.map((each): Row => [
            name(row), each.point, each.thing[language], percent(each.share.held), percent(each.below), percent(each.above), percent(each.share.coverage),
            each.worst?.value ?? null, each.worst === null ? null : time(each.worst.at),
          ]),
        ),
      ],
    },
    {
      sheet: text.documents,
      columns: columns(12, 34, 34, 24, 24, 16, 70),
      stickyRowsCount: 1,
      data: [
        head([text.clause, text.proof, text.document, text.valid, '–', text.status, 'SHA-256']),
        ...documents.map((each): Row => [
          each.clause, each.kindName[language], each.name, time(each.validFrom), time(each.expiresAt), text.state[each.state], each.sha256,
        ]),
      ],
    },
  ];
  return writeXlsxFile(sheets.map((sheet) => ({ ...sheet, sheet: (sheet.sheet ?? '').slice(0, 31) }))).toBuffer();
} // prettier-ignore
