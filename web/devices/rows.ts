import type { DeviceHealthView } from '../../server/contracts/system.ts';

export const columns = [
  'device',
  'site',
  'state',
  'lastAnswerAt',
  'latencyMs',
  'polls',
  'timeouts',
  'decodeErrors',
  'late',
  'skipped',
  'lastError',
] as const;
export type Column = (typeof columns)[number];

export interface View {
  readonly by: Column;
  readonly descending: boolean;
  readonly onlyLost: boolean;
  readonly search: string;
}

/** The rows to show, in order; what is empty comes last whichever way it is sorted. */
export function arrange(rows: readonly DeviceHealthView[], view: View): DeviceHealthView[] {
  const wanted = view.search.trim().toLowerCase();
  return rows
    .filter((row) => !view.onlyLost || row.state === 'lost')
    .filter((row) => wanted === '' || `${row.site}/${row.device}`.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        compare(a[view.by], b[view.by], view.descending) ||
        a.site.localeCompare(b.site) ||
        a.device.localeCompare(b.device),
    );
}

type Cell = string | number | null;

function compare(a: Cell, b: Cell, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return descending ? -order : order;
}
