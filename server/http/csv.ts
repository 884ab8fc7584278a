import { z } from 'zod';

const list = z.object({ items: z.array(z.record(z.string(), z.unknown())), next: z.string().nullable() });

/** A list's page as RFC 4180 text with a header line; nested objects become `outer.inner` columns, lists `a; b`. */
export function toCsv(value: unknown): { text: string; next: string | null } {
  const { items, next } = list.parse(value);
  const rows = items.map((item) => new Map(flatten(item)));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))];
  return { text: lines.map((cells) => `${cells.map(quote).join(',')}\r\n`).join(''), next };
}

function flatten(item: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(item).flatMap(([key, value]): [string, string][] => {
    if (isRecord(value)) return flatten(value, `${prefix}${key}.`);
    return [[prefix + key, cell(value)]];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return disarm(value);
  if (Array.isArray(value))
    return disarm(value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('; '));
  return JSON.stringify(value);
}

/** A spreadsheet takes text that begins like this for a formula and runs it. Numbers are not text and stay as they are. */
function disarm(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
