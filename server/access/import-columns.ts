import type { AccessField } from '../../config/schema/site.ts';
import type { Model } from '../../config/model.ts';
import { iso } from '../../core/time.ts';
import type { TicketFields } from '../contracts/tickets.ts';
import { momentForms, momentOfCell, parseMoment } from './import-dates.ts';
import type { Cell } from './import-read.ts';

/** Columns of a file of tickets: what they are called in a file that we write, and what else they may be called. */
export const columns = {
  reference: ['referensi', 'nomor', 'nomor tiket', 'reference'],
  site: ['situs', 'lokasi', 'site'],
  rooms: ['ruang', 'rooms', 'room'],
  unit: ['unit pengguna', 'unit'],
  pic: ['pic', 'penanggung jawab'],
  picEmail: ['e-mail pic', 'email pic', 'pic e-mail', 'pic email'],
  accompanied: ['didampingi pic', 'didampingi', 'accompanied'],
  persons: ['orang', 'nama dan identitas', 'persons'],
  activity: ['kegiatan', 'rencana kegiatan', 'activity'],
  from: ['mulai', 'from'],
  to: ['selesai', 'to'],
  superiorEmail: ['e-mail atasan', 'email atasan', 'superior e-mail', 'superior email'],
} as const satisfies Record<string, readonly string[]>;
type Column = keyof typeof columns;

const required: readonly Column[] = [
  'reference', 'site', 'unit', 'pic', 'accompanied', 'persons', 'activity', 'from', 'to', 'superiorEmail',
]; // prettier-ignore

/** Further columns hold the fields of a site, by key. */
interface Header {
  readonly known: ReadonlyMap<Column, number>;
  readonly fields: ReadonlyMap<string, number>;
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
}

const plain = (cell: Cell | undefined): string => String(cell ?? '').trim();

export function readHeader(row: readonly Cell[], fields: readonly AccessField[]): Header {
  const known = new Map<Column, number>();
  const ofSites = new Map<string, number>();
  const unknown: string[] = [];
  const names = new Map<string, Column>();
  for (const column of columnsOf()) for (const name of columns[column]) names.set(name, column);
  for (const [index, cell] of row.entries()) {
    const name = plain(cell).toLowerCase();
    if (name === '') continue;
    const column = names.get(name);
    const field = fields.find(({ key, label }) => [key, label.id.toLowerCase(), label.en.toLowerCase()].includes(name));
    if (column !== undefined) known.set(column, known.get(column) ?? index);
    else if (field !== undefined) ofSites.set(field.key, index);
    else unknown.push(plain(cell));
  }
  const missing = required.filter((column) => !known.has(column)).map((column) => columns[column][0]);
  return { known, fields: ofSites, missing, unknown };
} // prettier-ignore

export function columnsOf(): Column[] {
  return Object.keys(columns).filter(isColumn);
}
function isColumn(name: string): name is Column {
  return Object.hasOwn(columns, name);
}

/** One mistake of a row, at the column as the file names it. */
export interface CellMistake {
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

const yes = new Set(['ya', 'y', 'yes', 'true', '1', '✓', 'benar']);
const no = new Set(['tidak', 't', 'n', 'no', 'false', '0', '-', 'salah', '']);
const thirdParty = new Set(['pihak ketiga', 'third party', 'third-party', 'vendor', 'eksternal']);
const employee = new Set(['pegawai', 'employee', 'internal']);

/** The request that a row holds, as it would be sent to `POST tickets`, with what cannot be read. */
export function readRow(
  row: readonly Cell[],
  header: Header,
  model: Pick<Model, 'sites' | 'rooms'>,
): { readonly request: Readonly<Record<string, unknown>>; readonly mistakes: CellMistake[] } {
  const mistakes: CellMistake[] = [];
  const cell = (column: Column): Cell | undefined => row[header.known.get(column) ?? -1];
  const text = (column: Column): string => plain(cell(column));
  const wrong = (column: Column, code: string, message: string): undefined => {
    mistakes.push({ column: columns[column][0], code, message });
    return undefined;
  };

  function moment(column: 'from' | 'to'): string | undefined {
    const value = cell(column);
    const at = value instanceof Date ? momentOfCell(value, column) : parseMoment(plain(value), column);
    if (at !== undefined) return iso(at);
    return wrong(column, 'date', `${JSON.stringify(plain(value))} is no date; expected ${momentForms}`);
  }

  function persons(): unknown {
    return parts(text('persons')).map((entry) => {
      const [name = '', identity = '', party = ''] = entry.split('|').map((part) => part.trim());
      const word = party.toLowerCase();
      if (thirdParty.has(word)) return { name, identity, party: 'third-party' };
      if (employee.has(word)) return { name, identity, party: 'employee' };
      wrong('persons', 'party', `${JSON.stringify(entry)}: expected "Nama | NIP/NIK/paspor | pegawai" or "… | pihak ketiga", persons separated by ";"`);
      return { name, identity, party: 'employee' };
    });
  }

  function accompanied(): boolean | undefined {
    const word = text('accompanied').toLowerCase();
    if (yes.has(word)) return true;
    if (no.has(word)) return false;
    return wrong('accompanied', 'yes-no', `${JSON.stringify(text('accompanied'))}: expected "ya" or "tidak"`);
  }

  if (text('reference') === '')
    wrong('reference', 'required', 'is missing; give every row a number of its own, so that a file sent twice is imported once');
  const site = siteOf(text('site'), model);
  const rooms = parts(text('rooms')).map((name) => roomOf(name, site, model));
  const request = {
    site,
    rooms,
    unit: text('unit'),
    pic: text('pic'),
    ...(text('picEmail') === '' ? {} : { picEmail: text('picEmail') }),
    accompanied: accompanied() ?? true,
    persons: persons(),
    activity: text('activity'),
    from: moment('from'),
    to: moment('to'),
    superiorEmail: text('superiorEmail'),
    fields: fieldsOf(row, header, model.sites.find(({ id }) => id === site)?.accessFields ?? []),
    ...(text('reference') === '' ? {} : { reference: text('reference') }),
  };
  return { request, mistakes };
} // prettier-ignore

function parts(text: string): string[] {
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** By id or name, in any case: "Smart DC" is `smart-dc`. */
function siteOf(written: string, { sites }: Pick<Model, 'sites'>): string {
  const word = written.toLowerCase();
  return sites.find(({ id, name }) => id === word || name.toLowerCase() === word)?.id ?? written;
}

function roomOf(written: string, site: string, { rooms }: Pick<Model, 'rooms'>): string {
  const word = written.toLowerCase();
  const room = rooms.find(
    ({ site: of, id, name }) =>
      of === site && (id === word || name.id.toLowerCase() === word || name.en.toLowerCase() === word),
  );
  return room?.id ?? written;
}

function fieldsOf(row: readonly Cell[], header: Header, fields: readonly AccessField[]): TicketFields {
  const given: TicketFields = {};
  for (const [key, index] of header.fields) {
    const value = plain(row[index]);
    const field = fields.find((each) => each.key === key);
    // A column of another site's field is empty in this site's rows.
    if (value === '') continue;
    const choice = field?.choices?.find(({ name }) => [name.id, name.en].some((each) => each.toLowerCase() === value.toLowerCase()));
    const number = field?.kind === 'number' ? Number(value.replace(',', '.')) : Number.NaN;
    given[key] = choice?.choice ?? (Number.isNaN(number) ? value : number);
  }
  return given;
} // prettier-ignore
