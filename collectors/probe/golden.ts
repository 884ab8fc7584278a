import type { ProbeRow } from './row.ts';

/** `[instance/][part/]quantity` → "230 V", "normal" or "bad (no-value)": what a golden file holds. */
export function goldenOf(rows: readonly ProbeRow[]): Record<string, string> {
  return Object.fromEntries(
    rows.map((row) => {
      const name = [row.instance, row.part, row.quantity].filter((each) => each !== null).join('/');
      if (row.value === null) return [name, `${row.quality} (${row.reason})`];
      return [name, row.state ?? `${row.value} ${row.unit}`];
    }),
  );
}

/**
 * `[part/]quantity` → "230", "normal" or "!no-value": what a recording of registers or messages holds beside them. What only other values
 * of the device make doubtful is a value there.
 */
export function pictureOf(rows: readonly ProbeRow[]): Record<string, string> {
  const read = rows.filter(({ reason }) => reason !== 'never-read');
  return Object.fromEntries(
    read.map(({ part, quantity, value, state, reason }) => {
      const name = part === null ? quantity : `${part}/${quantity}`;
      if (value === null || (reason !== null && reason !== 'implausible')) return [name, `!${reason}`];
      return [name, state ?? String(Number(value.toPrecision(7)))];
    }),
  );
}
