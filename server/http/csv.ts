import { stringify } from 'csv-stringify/sync';
import { slicesOf } from '../../core/slices.ts';

/** Excel reads a file without it in the machine's own code page: °C becomes Â°C. */
const byteOrderMark = '\uFEFF';

/**
 * A list's items as RFC 4180 text with a header line, in pieces between which the process goes on; nested objects become
 * `outer.inner` columns, lists `a; b`. Throws the signal's reason once it has aborted.
 */
export async function* csvOf(
  items: readonly Readonly<Record<string, unknown>>[],
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const columns = new Set<string>();
  for await (const slice of slicesOf(items, signal))
    for (const item of slice) for (const [column] of flatten(item)) columns.add(column);
  const names = [...columns];
  yield byteOrderMark + textOf([names]);
  for await (const slice of slicesOf(items, signal)) {
    const rows = slice.map((item) => {
      const cells = new Map(flatten(item));
      return names.map((name) => cells.get(name) ?? '');
    });
    yield textOf(rows);
  }
}

function textOf(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows' },
  );
}

function flatten(item: Readonly<Record<string, unknown>>, prefix = ''): [string, string][] {
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

/**
 * A spreadsheet takes text that begins like this for a formula and runs it. Done here and not by the library, which would
 * also quote negative numbers: those are no text and stay as they are.
 */
function disarm(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
