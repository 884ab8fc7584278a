import type { Model } from '../../config/model.ts';
import type { ImportMistake, ImportReport } from '../contracts/ticket-import.ts';
import { ticketInput, type TicketInput } from '../contracts/tickets.ts';
import { columns, columnsOf, readHeader, readRow } from './import-columns.ts';
import { readTable, UnreadableFile } from './import-read.ts';
import { judgeRequest } from './rules.ts';
import type { AccessService } from './service.ts';

interface GoodRow {
  readonly input: TicketInput;
  readonly service: string;
}

/**
 * Reads a file of tickets, row by row to its end: every bad row is named with its column and reason. Nothing is written unless all rows are
 * good or `onlyGood` was asked for, and then all of them in one transaction. A row whose reference has a ticket is left alone, so that the
 * same file can be sent again. Throws UnreadableFile when there are no rows to speak of.
 */
export async function importTickets(
  file: { readonly bytes: Buffer; readonly dryRun: boolean; readonly onlyGood: boolean; readonly user: string },
  { model, access }: { readonly model: Model; readonly access: Pick<AccessService, 'byReference' | 'createAll'> },
): Promise<ImportReport> {
  const [head = [], ...rows] = await readTable(file.bytes);
  const header = readHeader(head, model.sites.flatMap(({ accessFields = [] }) => accessFields));
  if (header.missing.length > 0)
    throw new UnreadableFile(`columns are missing: ${header.missing.join(', ')}; take the template and fill it in`);
  const mistakes: ImportMistake[] = [];
  const good: GoodRow[] = [];
  const seen = new Map<string, number>();
  let count = 0;
  let bad = 0;
  for (const [index, cells] of rows.entries()) {
    if (cells.every((cell) => cell === null || cell === '')) continue;
    count += 1;
    const row = index + 2;
    const { request, mistakes: unread } = readRow(cells, header, model);
    const found = unread.map((mistake) => ({ row, ...mistake }));
    const named = new Set(unread.map(({ column }) => column));
    const parsed = ticketInput.safeParse(request);
    if (parsed.success) {
      const verdict = judgeRequest(model, parsed.data);
      if ('findings' in verdict)
        for (const { path, code, message } of verdict.findings) found.push({ row, column: columnOf(path.split(/[.[]/)[1]), code, message: place(path) + message });
      const { reference } = parsed.data;
      const before = reference === undefined ? undefined : seen.get(reference);
      if (before !== undefined)
        found.push({ row, column: columns.reference[0], code: 'twice', message: `is the reference of row ${before} already` });
      if (reference !== undefined && before === undefined) seen.set(reference, row);
      if (found.length === 0 && 'service' in verdict) good.push({ input: parsed.data, service: verdict.service });
    } else
      for (const { path, code, message } of parsed.error.issues) {
        const column = columnOf(String(path[0]));
        // A date that could not be read was named before.
        if (!named.has(column)) found.push({ row, column, code, message });
      }
    if (found.length > 0) bad += 1;
    mistakes.push(...found);
  }
  const known = await access.byReference(good.flatMap(({ input }) => input.reference ?? []));
  const fresh = good.filter(({ input }) => input.reference === undefined || !known.has(input.reference));
  const isWritten = !file.dryRun && (bad === 0 || file.onlyGood);
  if (isWritten && fresh.length > 0) await access.createAll(fresh, file.user);
  return {
    rows: count,
    good: fresh.length,
    repeated: good.length - fresh.length,
    bad,
    mistakes,
    ignoredColumns: [...header.unknown],
    imported: isWritten ? fresh.length : 0,
  };
} // prettier-ignore

/** As the file that we write names it; fields of a site have their key. */
function columnOf(key: string | undefined): string {
  const column = columnsOf().find((each) => each === key);
  return column === undefined ? (key ?? '') : columns[column][0];
}

/** Which of several persons, rooms or fields in one cell. */
function place(path: string): string {
  const index = /\[(\d+)\]/.exec(path)?.[1];
  if (index !== undefined) return `no. ${Number(index) + 1} `;
  const field = /^body\.fields\.(.+)$/.exec(path)?.[1];
  return field === undefined ? '' : `${field} `;
}
