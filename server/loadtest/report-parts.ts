import { formats } from '../../domain/format/format.ts';
import type { Label } from '../../config/schema/common.ts';
import type { DeficiencyView } from '../contracts/load-test-document.ts';
import { facts, heading, paragraph } from '../reports/pdf/blocks.ts';
import { qrCode } from '../reports/pdf/qr.ts';
import { table, tableOrNone, type Cell } from '../reports/pdf/table.ts';
import type { SignatureRow } from './dossier-repository.ts';
import { moment, type Context } from './report-context.ts';

export interface ReportParts {
  /** Of the page where anybody can check the report. */
  readonly verifyUrl: string;
  /** Null: it is not signed. */
  readonly documentSha256: string | null;
  readonly signatures: readonly SignatureRow[];
  /** Names are given as initials. */
  readonly isMasked: boolean;
  readonly rooms: readonly { readonly id: string; readonly name: Label }[];
}

const qrSize = 92;

/** What people add to a run and what was there beside it: plan, alarms, presence, deficiencies. */
export function addedParts(
  context: Context,
  { rooms, isMasked }: Pick<ReportParts, 'rooms' | 'isMasked'>,
): void {
  plan(context, isMasked);
  alarms(context);
  presence(context, rooms);
  const { view, text } = context;
  deficiencies(context, text.words.deficiencies, view.deficiencies);
  if (view.openBefore.length > 0) deficiencies(context, text.words.openBefore, view.openBefore);
}

function plan(context: Context, isMasked: boolean): void {
  const { sheet, view, text, language } = context;
  if (view.plan === null) return;
  const { words } = text;
  const { witnesses, ticket, note, checklist } = view.plan;
  heading(sheet, 2, words.plan);
  facts(sheet, [
    [words.witnesses, witnesses.length === 0 ? words.none : witnesses.join(', ')],
    ...(isMasked && witnesses.length > 0 ? [['', words.masked] as const] : []),
    [words.ticket, ticket ?? words.none],
    ...(note === null ? [] : [[words.note, note] as const]),
  ]);
  table(
    sheet,
    [{ title: words.checklist, share: 6 }, { title: '', share: 4 }],
    checklist.map((item): Cell[] => [
      item.text[language],
      item.tickedAt === null ? words.notTicked : `${item.tickedBy ?? ''}, ${moment(context, item.tickedAt)}`,
    ]),
  );
} // prettier-ignore

function alarms(context: Context): void {
  const { sheet, view, text, language } = context;
  const { words } = text;
  heading(sheet, 2, words.alarms);
  if (view.alarms.length === 0) {
    paragraph(sheet, words.none);
    return;
  }
  if (view.alarmsTotal > view.alarms.length)
    paragraph(sheet, words.alarmsNote.replace('{shown}', String(view.alarms.length)).replace('{total}', String(view.alarmsTotal)));
  table(
    sheet,
    [{ title: words.alarm, share: 5 }, { title: words.thing, share: 5 }, { title: words.begins, share: 3 }, { title: words.ends, share: 3 }],
    view.alarms.map(({ name, thing, point, since, until }): Cell[] => [
      name[language],
      thing?.[language] ?? point.slice(view.site.length + 1),
      moment(context, since),
      until === null ? words.stands : moment(context, until),
    ]),
  );
} // prettier-ignore

function presence(context: Context, rooms: ReportParts['rooms']): void {
  const { sheet, view, text, language } = context;
  const { words } = text;
  heading(sheet, 2, words.presence);
  if (view.presence === null || view.presence.length === 0) {
    paragraph(sheet, view.presence === null ? words.presenceUnknown : words.none);
    return;
  }
  paragraph(sheet, words.presenceNote, { color: 'dim' });
  table(
    sheet,
    [{ title: words.room, share: 5 }, { title: words.persons, share: 2, align: 'right' }, { title: words.tickets, share: 5 }],
    view.presence.map(({ room, name, persons, tickets }): Cell[] => [
      room === null ? words.anywhere : (name ?? rooms.find(({ id }) => id === room)?.name)?.[language] ?? room,
      String(persons),
      tickets.length === 0 ? '–' : tickets.join(', '),
    ]),
  );
} // prettier-ignore

function deficiencies(context: Context, title: string, rows: readonly DeficiencyView[]): void {
  const { sheet, text, language } = context;
  const { words } = text;
  heading(sheet, 2, title);
  tableOrNone(sheet, {
    none: words.none,
    columns: [{ title: words.deficiency, share: 7 }, { title: words.owner, share: 3 }, { title: words.dueBy, share: 3 }, { title: words.closed, share: 4 }],
    rows: rows.map((row): Cell[] => [
      row.text,
      row.owner,
      formats[language].date(Date.parse(row.dueAt) - 1),
      row.closedAt === null ? '–' : `${moment(context, row.closedAt)}: ${row.closing ?? ''}`,
    ]),
  });
} // prettier-ignore

/** Who signed, or lines to sign on; and where anybody can check it. */
export function signatures(
  context: Context,
  { signatures: signed, isMasked, documentSha256, verifyUrl }: ReportParts,
): void {
  const { sheet, text } = context;
  const { words, forms } = text;
  heading(sheet, 2, words.signatures);
  if (isMasked && signed.length > 0) paragraph(sheet, words.masked, { color: 'dim' });
  for (const { signed_by: name, signed_at: at, form } of signed)
    paragraph(
      sheet,
      words.signedBy
        .replace('{name}', name)
        .replace('{at}', moment(context, new Date(at).toISOString()))
        .replace('{form}', forms[form]),
    );
  if (signed.length === 0) {
    paragraph(sheet, words.unsigned, { color: 'dim' });
    const y = sheet.top() + 46;
    const width = (sheet.width - 40) / 2;
    for (const x of [sheet.left, sheet.left + width + 40]) sheet.line([x, y], [x + width, y], 'text');
    sheet.moveDown(60);
  }
  // The code is not left alone on a page.
  sheet.room(qrSize + 110);
  heading(sheet, 3, words.verify);
  if (documentSha256 !== null) facts(sheet, [[words.documentHash, documentSha256]]);
  paragraph(sheet, verifyUrl);
  qrCode(sheet, verifyUrl, qrSize);
}
