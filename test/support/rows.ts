import type { ProbeRow } from '../../collectors/probe/row.ts';

/** `l1/voltage` → "230 V", "normal" or "bad (no-value)": what a golden file holds. */
export function goldenOf(rows: readonly ProbeRow[]): Record<string, string> {
  return Object.fromEntries(
    rows.map((row) => {
      const name = row.part === null ? row.quantity : `${row.part}/${row.quantity}`;
      if (row.value === null) return [name, `${row.quality} (${row.reason})`];
      return [name, row.state ?? `${row.value} ${row.unit}`];
    }),
  );
}
