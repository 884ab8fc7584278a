import { inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import { CsvError, parse } from 'csv-parse/sync';

/** A cell as the file has it. */
export type Cell = string | number | boolean | Date | null;

/** The file cannot be imported at all; the message says why, and what to do. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** What a person enters by hand or a system sends in a day; more is several files. */
export const mostRows = 2_000;
const mostColumns = 100;
const longestCell = 10_000;
/** Of a workbook after decompression: a file of this many rows has a tenth of it. */
const mostInflated = 16 * 1_048_576;
const mostParts = 200;

const inflate = promisify(inflateRaw);

/** All rows of a CSV file (UTF-8; comma, semicolon or tab) or of the first sheet of an XLSX workbook, with the header. Told by the bytes, not by the name. */
export async function readTable(bytes: Buffer): Promise<Cell[][]> {
  const rows = bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))
    ? await readXlsx(bytes)
    : readCsv(bytes);
  const filled = rows.filter((row) => row.some((cell) => cell !== null && cell !== ''));
  if (filled.length === 0) throw new UnreadableFile('the file is empty');
  if (rows.length > mostRows + 1)
    throw new UnreadableFile(
      `the file has ${rows.length - 1} rows; send ${mostRows} at most, in several files`,
    );
  return rows;
}

function readCsv(bytes: Buffer): Cell[][] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('the file is neither an XLSX workbook nor text in UTF-8; in Excel, save it as "CSV UTF-8"');
  }
  const head = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = /[;\t,]/.exec(withoutQuoted(head))?.[0] ?? ',';
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: longestCell * mostColumns,
      to: mostRows + 2,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableFile(`the text cannot be read as CSV: ${error.message}`);
  }
} // prettier-ignore

/** A comma inside of a quoted title parts no columns. */
function withoutQuoted(line: string): string {
  return line.replaceAll(/"[^"]*"/g, '');
}

async function readXlsx(bytes: Buffer): Promise<Cell[][]> {
  await checkWorkbook(bytes);
  try {
    // Of the bytes themselves: the buffer may be a part of a larger one.
    const { readSheet } = await import('read-excel-file/universal');
    const sheet = await readSheet(new Uint8Array(bytes).buffer);
    return sheet.map((row) => row.map(cellOf));
  } catch (error) {
    throw new UnreadableFile('the workbook cannot be read; save it again as XLSX, or as "CSV UTF-8"', { cause: error });
  }
} // prettier-ignore

function cellOf(value: unknown): Cell {
  if (value instanceof Date || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : null;
}

/**
 * Before a library is let loose on it: what its parts are inflated to is bounded, whatever their headers claim, and no cell stands so far
 * out that the table would fill the memory.
 */
async function checkWorkbook(bytes: Buffer): Promise<void> {
  let left = mostInflated;
  for (const { name, method, data } of partsOf(bytes)) {
    const part = method === 0 ? data : await inflated(data, left);
    left -= part.length;
    if (left < 0) throw tooLarge();
    if (/^xl\/worksheets\/[^/]+\.xml$/i.test(name)) checkCells(part.toString('utf8'));
  }
}

function tooLarge(): UnreadableFile {
  return new UnreadableFile(
    `the workbook is larger than ${mostInflated / 1_048_576} MB inside; remove other sheets and pictures`,
  );
}

async function inflated(data: Buffer, left: number): Promise<Buffer> {
  try {
    return await inflate(data, { maxOutputLength: Math.max(1, left) });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new UnreadableFile('the workbook is damaged; save it again as XLSX', { cause: error });
  }
}

/** Cells and rows are placed by `r="B7"`; whoever writes it otherwise did not come from a spreadsheet program. */
function checkCells(sheet: string): void {
  for (const [, value = ''] of sheet.matchAll(/\sr\s*=\s*["']([^"']*)["']/g)) {
    const place = /^([A-Z]{0,3})(\d{1,7})$/.exec(value);
    const column = Array.from(place?.[1] ?? '').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    if (place === null || column > mostColumns || Number(place[2]) > mostRows + 1)
      throw new UnreadableFile(
        `a cell stands at "${value.slice(0, 20)}"; ${mostRows} rows of ${mostColumns} columns are read at most`,
      );
  }
} // prettier-ignore

interface Part {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly data: Buffer;
}

/** The entries of a ZIP file by its central directory; 64-bit ones are for files that are refused anyway. */
function partsOf(bytes: Buffer): Part[] {
  const damaged = new UnreadableFile('the workbook is damaged; save it again as XLSX');
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0 || end + 22 > bytes.length) throw damaged;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count > mostParts) throw tooLarge();
  const parts: Part[] = [];
  for (let number = 0; number < count; number += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw damaged;
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    if (local + 30 > bytes.length || (method !== 0 && method !== 8)) throw damaged;
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    if (start + size > bytes.length) throw damaged;
    parts.push({ name, method, data: bytes.subarray(start, start + size) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return parts;
}
