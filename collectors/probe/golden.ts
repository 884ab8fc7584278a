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
