import { stringify } from 'csv-stringify/sync';
import type { Model } from '../../config/model.ts';
import { inWib } from '../../core/wib.ts';
import { ticketFields } from '../contracts/tickets.ts';
import { columns } from './import-columns.ts';
import { maskIdentity } from './identities.ts';
import type { TicketRecord } from './repository.ts';
import { personsOf } from './view.ts';

/** A file has no more tickets; narrow the filter for the rest. */
export const mostExported = 10_000;

interface ExportOptions {
  readonly model: Pick<Model, 'sites' | 'rooms'>;
  readonly as: 'csv' | 'xlsx';
  /** Whole identities; the caller has recorded the look-up. */
  readonly withIdentities: boolean;
}

/** The columns of an import and, behind them, what became of the ticket: a file that we write can be read back. Times are WIB. */
export async function exportTickets(
  tickets: readonly TicketRecord[],
  { model, as, withIdentities }: ExportOptions,
): Promise<Uint8Array> {
  const keys = [...new Set(model.sites.flatMap(({ accessFields = [] }) => accessFields.map(({ key }) => key)))];
  const head = [...Object.values(columns).map(([name]) => name), ...keys, 'tiket', 'layanan', 'status', 'petugas pendamping', 'diajukan', 'dijawab', 'selesai kegiatan', 'ditutup', 'seri'];
  const rows = tickets.map((ticket) => rowOf(ticket, { model, keys, withIdentities }));
  if (as === 'csv') {
    // Excel reads a file without the byte order mark in the machine's own code page.
    const text = stringify([head, ...rows.map((row) => row.map(disarmed))], { bom: true, record_delimiter: 'windows' });
    return Buffer.from(text, 'utf8');
  }
  const cells = [head.map((value) => ({ value, type: String, fontWeight: 'bold' as const })), ...rows.map((row) => row.map((value) => ({ value, type: String })))];
  const { default: writeWorkbook } = await import('write-excel-file/node');
  return writeWorkbook(cells, { sheet: 'Tiket', columns: head.map((name) => ({ width: Math.max(14, name.length + 2) })), stickyRowsCount: 1 }).toBuffer();
} // prettier-ignore

function rowOf(
  ticket: TicketRecord,
  { model, keys, withIdentities }: { readonly model: Pick<Model, 'sites' | 'rooms'>; readonly keys: readonly string[]; readonly withIdentities: boolean },
): string[] {
  const fields = ticketFields.parse(JSON.parse(ticket.fields));
  const persons = personsOf(ticket).map(({ name, identity, party }) =>
    [name, withIdentities ? identity : maskIdentity(identity), party === 'employee' ? 'pegawai' : 'pihak ketiga'].map(oneCell).join(' | '),
  );
  return [
    ticket.reference ?? '',
    model.sites.find(({ id }) => id === ticket.site)?.name ?? ticket.site,
    ticket.rooms.join('; '),
    ticket.unit,
    ticket.pic,
    ticket.pic_email ?? '',
    ticket.accompanied === 1 ? 'ya' : 'tidak',
    persons.join('; '),
    ticket.activity,
    timeOf(ticket.from_at),
    timeOf(ticket.to_at),
    ticket.superior_email,
    ...keys.map((key) => String(fields[key] ?? '')),
    ticket.id,
    ticket.service,
    ticket.state,
    ticket.escort ?? '',
    timeOf(ticket.created_at),
    timeOf(ticket.answered_at),
    timeOf(ticket.fulfilled_at),
    timeOf(ticket.closed_at),
    ticket.series ?? '',
  ];
} // prettier-ignore

/** A part of a cell that holds several: the signs that part them are left out of it. */
function oneCell(text: string): string {
  return text.replaceAll(/[|;\n]/g, ' ');
}

function timeOf(at: number | null): string {
  return at === null ? '' : inWib(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** A spreadsheet takes text that begins like this for a formula and runs it. In a workbook every cell is declared as text. */
function disarmed(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
